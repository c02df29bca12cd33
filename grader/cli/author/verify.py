"""`kata verify`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click

from grader.authoring import verification
from grader.authoring.cheats.trial import Conditions
from grader.authoring.consistency import Fault
from grader.authoring.damage import trial
from grader.authoring.damage.selection import MOST
from grader.authoring.golden_messages import GoldenMessages
from grader.authoring.lottery import DRAWS
from grader.authoring.mutants import MOST as MUTANTS
from grader.catalog import Exercise
from grader.cli.author import cheats as cheats_run
from grader.cli.options import (
    BELOW,
    EXERCISE,
    GRADED,
    exercises_argument,
    jobs_option,
    loaded_catalog,
    progress,
    python_option,
    sandbox_option,
    warn_of_weaker,
)
from grader.environment import interpreters
from grader.environment.interpreters import Interpreter
from grader.errors import UsageError


@click.command(epilog=EXERCISE)
@exercises_argument
@python_option
@sandbox_option
@jobs_option
@click.option(
    "--quick",
    is_flag=True,
    help="Mistakes under one interpreter only and with one draw of the data, alternatives under that one and in turns "
    "the oldest or the newest, all else under all interpreters: most of an answer in a quarter of the time.",
)
@click.option(
    "--draws",
    type=click.IntRange(1, 99),
    metavar="N",
    help=f"Grade each mistake with N draws of the data, under one interpreter.  [default: {DRAWS}; 1 with --quick]",
)
@click.option(
    "--messages", type=click.Path(path_type=Path), metavar="DIR", help="Compare the messages for mistakes with DIR."
)
@click.option("--update-messages", is_flag=True, help="Update the files in that DIR.")
@click.option("--record", is_flag=True, help="Record what each mistake looks like, so that it is recognised.")
@click.option(
    "--damage",
    is_flag=True,
    help="Grade damaged projects instead, under the newest interpreter unless some are named: each must get a grade "
    "with a sentence.",
)
@click.option(
    "--most",
    type=click.IntRange(1),
    metavar="N",
    help=f"With --damage: damaged projects of each exercise.  [default: {MOST}]",
)
@click.option("--seed", type=int, metavar="N", help="With --damage: another choice of damage for each N.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With --damage: write the projects that show a fault into DIR.",
)
@click.option(
    "--mutants",
    is_flag=True,
    help="Edit right answers in one place instead, and see whether that is noticed: see above.",
)
@click.option(
    "--cheats",
    is_flag=True,
    help="Grade programs that cheat instead, under the newest interpreter unless some are named: none may get a point "
    "that the stub doesn't get.",
)
@click.option(
    "--sample",
    type=click.IntRange(1),
    metavar="N",
    help=f"N mutants or cheats of each exercise at most, the same ones each time.  [default: {MUTANTS} mutants, all "
    "cheats]",
)
@click.option(
    "--resume",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With --mutants or --cheats: keep the results in FILE, and grade only what isn't in it.  [default: "
    "a file in the cache]",
)
@click.option(
    "--table",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With --mutants: write the table there as Markdown.",
)
@click.pass_context
def verify_(
    context: click.Context,
    exercises: tuple[str, ...],
    pythons: tuple[str, ...],
    tier: str,
    jobs: int | None,
    quick: bool,
    draws: int | None,
    messages: Path | None,
    update_messages: bool,
    record: bool,
    damage: bool,
    most: int | None,
    seed: int | None,
    keep: Path | None,
    mutants: bool,
    cheats: bool,
    sample: int | None,
    resume: Path | None,
    table: Path | None,
) -> int:
    """Prove that exercises are fair.

    Stubs fail, solutions pass, each mistake loses exactly the checks that it lists. All interpreters of this machine
    are used unless some are named. Exit status: 0 proved, 1 not.

    With --mutants: right answers with one small fault each, made by machine. Those that lose no point are shown, unless
    they are listed in mistakes/mutants.toml. The newest interpreter is used unless some are named; a mutant is noticed
    if it loses a point under one of them. Exit status: 0 if 98 % are noticed, 95 % in each exercise, and 15 % at most
    are listed, and no mutant gets the diagnosis of a mistake that it doesn't make; else 1.

    With --cheats: programs that do nothing of what is asked. Exit status: 0 if none gets a point that the stub doesn't
    get, or is taken for a mistake that isn't in it; else 1.
    """
    instead = _instead({"--damage": damage, "--mutants": mutants, "--cheats": cheats})
    if instead and (quick or draws or update_messages or record):
        raise UsageError(f"{instead} grades nothing else: leave out --quick, --draws, --update-messages and --record.")
    _needs(damage, "--damage", {"--most": most, "--seed": seed, "--keep": keep})
    _needs(mutants, "--mutants", {"--table": table})
    _needs(mutants or cheats, "--mutants or --cheats", {"--sample": sample, "--resume": resume})
    loaded = loaded_catalog(context)
    chosen = tuple(interpreters.find(each) for each in pythons) or interpreters.find_all()
    found = loaded.find(exercises)
    warn_of_weaker(tier)
    jobs = jobs or os.cpu_count() or 1
    if instead and not pythons:
        chosen = chosen[-1:]
    if mutants:
        from grader.authoring.mutants.grading import GradingOptions  # reads the table of look-alikes
        from grader.cli.author import mutants as mutants_run

        options = GradingOptions(chosen, tier, loaded.hidden, jobs, sample or MUTANTS)
        return mutants_run.run(found, options, resume=resume, document=table)
    if cheats:
        several = [Conditions(python, tier, loaded.hidden, jobs, sample) for python in chosen]
        return cheats_run.run(found, several, resume=resume)
    if damage:
        damaging = trial.Conditions(tier, loaded.hidden, jobs, most or MOST, seed or 0, keep)
        damaged = _with_bar("damaging", partial(trial.prove, found, chosen, damaging))
        return _said(damaged, (), f"{_exercises(found)}, damaged,", chosen)
    golden = None if messages is None else GoldenMessages(messages, update_messages)
    notes = () if record else tuple(verification.not_compared(found, chosen, None if update_messages else golden))
    verify = partial(verification.verify, found, chosen, tier=tier, hidden=loaded.hidden, jobs=jobs, golden=golden)
    verify = partial(verify, quick=quick, draws=draws or (1 if quick else DRAWS), record=record)
    return _said(_with_bar("verifying", verify), notes, _exercises(found), chosen)


def _with_bar(doing: str, prove: Callable[..., tuple[Fault, ...]]) -> tuple[Fault, ...]:
    """Prove something that is told how to begin a progress bar."""
    with contextlib.ExitStack() as stack:
        return prove(begin=lambda count: stack.enter_context(progress(count, doing)))


def _said(faults: Sequence[Fault], notes: Sequence[str], what: str, pythons: Sequence[Interpreter]) -> int:
    """Print what came of a proof; gives the exit status."""
    notes = (*dict.fromkeys(str(each) for each in faults if each.is_note), *notes)
    faults = [each for each in faults if not each.is_note]
    for line in (*map(str, faults), *(f"note: {note}" for note in notes)):
        click.echo(line)
    versions = ", ".join(python.version for python in pythons)
    click.echo(f"{what} under Python {versions}: {_counted(len(faults), 'fault')}.")
    return BELOW if faults else GRADED


def _exercises(found: Sequence[Exercise]) -> str:
    return _counted(len(found), "exercise")


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'s' * (number != 1)}"


def _instead(runs: dict[str, bool]) -> str:
    """The run that is asked for instead of the usual one, if one is.

    Raises:
        UsageError: several are.
    """
    names = [name for name, chosen in runs.items() if chosen]
    if len(names) > 1:
        raise UsageError(f"{' and '.join(names)} are runs of their own: leave out all but one.")
    return "".join(names)


def _needs(chosen: bool, what: str, options: dict[str, object]) -> None:
    """Refuse options that mean nothing without another one.

    Raises:
        UsageError: one is given.
    """
    given = [name for name, value in options.items() if value is not None]
    if given and not chosen:
        raise UsageError(f"{' and '.join(given)} works only with {what}; add it.")

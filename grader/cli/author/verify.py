"""`kata verify`."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import click

from grader.authoring import verification
from grader.authoring.damage import trial
from grader.authoring.damage.selection import MOST
from grader.authoring.golden_messages import GoldenMessages
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
from grader.errors import UsageError


@click.command(epilog=EXERCISE)
@exercises_argument
@python_option
@sandbox_option
@jobs_option
@click.option(
    "--quick",
    is_flag=True,
    help="Mistakes under one interpreter only, all else under all: most of an answer in half the time.",
)
@click.option(
    "--messages", type=click.Path(path_type=Path), metavar="DIR", help="Compare what mistakes are told with DIR."
)
@click.option("--update-messages", is_flag=True, help="Let the files in that DIR follow.")
@click.option("--record", is_flag=True, help="Write down what is seen of each mistake, so that it is recognised.")
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
    help="With --damage: lay the projects that show a fault into DIR.",
)
@click.option("--mutants", is_flag=True, help="Instead, edit each right answer in one place, and see what is noticed.")
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="N mutants of each exercise, the same ones each time."
)
@click.option(
    "--resume",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep what became of mutants in FILE, and grade only what isn't in there (default: a file in the cache).",
)
@click.option(
    "--table",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the table of mutants there as Markdown.",
)
@click.pass_context
def verify_(
    context: click.Context,
    exercises: tuple[str, ...],
    pythons: tuple[str, ...],
    tier: str,
    jobs: int | None,
    quick: bool,
    messages: Path | None,
    update_messages: bool,
    record: bool,
    damage: bool,
    most: int | None,
    seed: int | None,
    keep: Path | None,
    mutants: bool,
    sample: int | None,
    resume: Path | None,
    table: Path | None,
) -> int:
    """Prove that exercises are fair.

    Stubs fail, solutions pass, each mistake loses just what it must. All interpreters of this machine are used unless
    some are named. Exit status: 0 proved, 1 not.

    With --mutants: right answers with one small fault each, made by machine. Those that lose no point are shown, unless
    they are listed in mistakes/mutants.toml. The newest interpreter is used unless some are named; a mutant is noticed
    if it loses a point under one of them. Exit status: 0 if 98 % are noticed, 95 % in each exercise, and 15 % at most
    are listed; else 1.
    """
    instead = "--damage" if damage else "--mutants"
    if damage and mutants:
        raise UsageError("--damage and --mutants are two runs: leave out one of them.")
    if (damage or mutants) and (quick or update_messages or record):
        raise UsageError(f"{instead} grades nothing else: leave out --quick, --update-messages and --record.")
    if not damage and any(option is not None for option in (most, seed, keep)):
        raise UsageError("--most, --seed and --keep go with --damage: add it.")
    if not mutants and any(option is not None for option in (sample, resume, table)):
        raise UsageError("--sample, --resume and --table go with --mutants: add it.")
    loaded = loaded_catalog(context)
    chosen = tuple(interpreters.find(each) for each in pythons) or interpreters.find_all()
    found = loaded.find(exercises)
    warn_of_weaker(tier)
    jobs = jobs or os.cpu_count() or 1
    notes: list[str] = []
    if mutants:
        from grader.authoring.mutants.grading import GradingOptions
        from grader.cli.author import mutants as opponent  # reads its table of look-alikes

        newest = chosen if pythons else chosen[-1:]
        return opponent.run(
            found,
            GradingOptions(newest, tier, loaded.hidden, jobs, sample or opponent.grading.MOST),
            resume=resume,
            document=table,
        )
    if damage:
        chosen = chosen if pythons else chosen[-1:]
        conditions = trial.Conditions(tier, loaded.hidden, jobs, most or MOST, seed or 0, keep)
        with contextlib.ExitStack() as stack:
            faults = trial.prove(
                found,
                chosen,
                conditions,
                begin=lambda count: stack.enter_context(progress(count, "damaging")),
            )
    else:
        golden = None if messages is None else GoldenMessages(messages, update_messages)
        if not record:
            notes += verification.not_compared(found, chosen, None if update_messages else golden)
        with contextlib.ExitStack() as stack:
            faults = verification.verify(
                found,
                chosen,
                tier=tier,
                hidden=loaded.hidden,
                jobs=jobs,
                golden=golden,
                quick=quick,
                record=record,
                begin=lambda count: stack.enter_context(progress(count, "verifying")),
            )
    for fault in faults:
        click.echo(str(fault))
    for note in notes:
        click.echo(f"note: {note}")
    versions = ", ".join(python.version for python in chosen)
    what = f"{_counted(len(found), 'exercise')}{', damaged,' if damage else ''}"
    click.echo(f"{what} under Python {versions}: {_counted(len(faults), 'fault')}.")
    return BELOW if faults else GRADED


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'s' * (number != 1)}"

"""`kata verify`."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import click

from grader.authoring import verification
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
) -> int:
    """Prove that exercises are fair.

    Stubs fail, solutions pass, each mistake loses just what it must. All interpreters of this machine are used unless
    some are named. Exit status: 0 proved, 1 not.
    """
    loaded = loaded_catalog(context)
    chosen = tuple(interpreters.find(each) for each in pythons) or interpreters.find_all()
    found = loaded.find(exercises)
    warn_of_weaker(tier)
    with contextlib.ExitStack() as stack:
        faults = verification.verify(
            found,
            chosen,
            tier=tier,
            hidden=loaded.hidden,
            jobs=jobs or os.cpu_count() or 1,
            golden=None if messages is None else GoldenMessages(messages, update_messages),
            quick=quick,
            record=record,
            begin=lambda count: stack.enter_context(progress(count, "verifying")),
        )
    for fault in faults:
        click.echo(str(fault))
    versions = ", ".join(python.version for python in chosen)
    click.echo(f"{_counted(len(found), 'exercise')} under Python {versions}: {_counted(len(faults), 'fault')}.")
    return BELOW if faults else GRADED


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'s' * (number != 1)}"

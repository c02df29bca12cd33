"""`kata verify --cheats`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

import click

from grader.authoring import tables
from grader.authoring.cheats import trial
from grader.catalog import Exercise
from grader.cli.options import BELOW, GRADED, progress


def run(exercises: Sequence[Exercise], conditions: Sequence[trial.Conditions]) -> int:
    """Grade cheats, and print which of them gain something; gives the exit status.

    Args:
        exercises: whose.
        conditions: for each interpreter.
    """
    faulty = False
    for each in conditions:
        with ExitStack() as stack:
            rows, faults = trial.prove(
                exercises,
                each,
                begin=lambda count, stack=stack: stack.enter_context(progress(count, "cheating")),
            )
        for fault in faults:
            click.echo(str(fault))
        click.echo(f"Under Python {each.interpreter.version}:")
        click.echo(tables.text(trial.cells(rows)))
        faulty = faulty or bool(faults)
    return BELOW if faulty else GRADED

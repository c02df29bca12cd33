"""`kata verify --cheats`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

import click

from grader.authoring.cheats import trial
from grader.authoring.trials import tables
from grader.catalog import Exercise
from grader.cli.options import BELOW, GRADED, progress


def run(exercises: Sequence[Exercise], several: Sequence[trial.Conditions]) -> int:
    """Grade cheats, and print which of them gain something; gives the exit status.

    Args:
        exercises: whose.
        several: under which conditions, one after the other.
    """
    faulty = [_run(exercises, conditions) for conditions in several]
    return BELOW if any(faulty) else GRADED


def _run(exercises: Sequence[Exercise], conditions: trial.Conditions) -> bool:
    with ExitStack() as stack:
        rows, faults = trial.prove(
            exercises, conditions, begin=lambda count: stack.enter_context(progress(count, "cheating"))
        )
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"Under Python {conditions.interpreter.version}:\n{tables.text(trial.cells(rows))}")
    return bool(faults)

"""`kata verify --cheats`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from grader import __version__
from grader.authoring.cheats import trial
from grader.authoring.trials import tables
from grader.authoring.trials.results import Results
from grader.catalog import Exercise
from grader.cli.options import BELOW, GRADED, interrupted, progress, say_where_no_bar_is
from grader.environment import cache

_RESULTS = f"cheats-{__version__}.jsonl"


def run(exercises: Sequence[Exercise], several: Sequence[trial.Conditions], *, resume: Path | None) -> int:
    """Grade cheats, and print which of them gain something; gives the exit status.

    Args:
        exercises: whose.
        several: under which conditions, one after the other.
        resume: the file of results, which the run goes on with; None: the one in the cache.
    """
    path = resume or cache.folder() / _RESULTS
    results = Results(path, trial.Result)
    try:
        faulty = [_run(exercises, conditions, results) for conditions in several]
    except KeyboardInterrupt:
        return interrupted(f"what was graded is kept in {path}, and the same command does the rest.")
    return BELOW if any(faulty) else GRADED


def _run(exercises: Sequence[Exercise], conditions: trial.Conditions, results: Results[trial.Result]) -> bool:
    with ExitStack() as stack:
        rows, faults = trial.prove(
            exercises,
            conditions,
            results,
            begin=lambda count: stack.enter_context(progress(count, "cheating")),
            ended=say_where_no_bar_is,
        )
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"Under Python {conditions.interpreter.version}:\n{tables.text(trial.cells(rows))}")
    return bool(faults)

"""`kata verify --mutants`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from grader import __version__
from grader.authoring.mutants import diagnoses, grading, table
from grader.authoring.mutants.results import Result
from grader.authoring.trials import tables
from grader.authoring.trials.results import Results
from grader.catalog import Exercise
from grader.cli.options import BELOW, GRADED, interrupted, progress, say_where_no_bar_is
from grader.environment import cache

_RESULTS = f"mutants-{__version__}.jsonl"


def run(
    exercises: Sequence[Exercise], options: grading.GradingOptions, *, resume: Path | None, document: Path | None
) -> int:
    """Grade mutants, and print which ones nobody notices; gives the exit status.

    Args:
        exercises: whose.
        options: how.
        resume: the file of results, which the run goes on with; None: the one in the cache.
        document: where to write the table as Markdown, if anywhere.
    """
    path = resume or cache.folder() / _RESULTS
    try:
        with ExitStack() as stack:
            mutants = grading.grade_mutants(
                exercises,
                options,
                Results(path, Result),
                lambda count: stack.enter_context(progress(count, "grading mutants")),
                say_where_no_bar_is,
            )
    except KeyboardInterrupt:
        return interrupted(f"what was graded is kept in {path}, and the same command does the rest.")
    made = table.rows(mutants)
    if document is not None:
        document.write_text(tables.markdown(table.cells(made)), encoding="utf-8")
    for survivor in table.survivors(mutants.graded):
        click.echo(f"{survivor}\n")
    faults = (*mutants.faults, *diagnoses.misnamed(mutants))
    for line in (*map(str, faults), *table.frequent(mutants.graded)):
        click.echo(line)
    click.echo(tables.text(table.cells(made)))
    click.echo(f"{diagnoses.diagnosed(mutants.graded)} mutants get the diagnosis of a catalogued mistake.")
    missed = tuple(table.missed_goals(made))
    for line in missed:
        click.echo(line)
    return BELOW if faults or missed else GRADED

"""`kata grade`."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

import click

from grader.catalog import Catalog
from grader.cli.options import (
    BELOW,
    EXERCISE,
    GRADED,
    UNGRADED,
    complain,
    console,
    exercise_here,
    exercises_argument,
    jobs_option,
    loaded_catalog,
    progress,
    python_option,
    sandbox_option,
    warn_of_weaker,
    workspace_option,
)
from grader.environment import interpreters
from grader.errors import UsageError
from grader.learning.workspace import grading, workspaces
from grader.model import Run, Verdict
from grader.progress import is_workspace
from grader.reports import FORMATS


@click.command(epilog=EXERCISE)
@exercises_argument
@workspace_option
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Grade this folder, or .zip or .tar archive of one, as the one EXERCISE named.",
)
@click.option("--solutions", is_flag=True, help="Grade the reference solutions.")
@python_option
@sandbox_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", *FORMATS]),
    default="terminal",
    show_default=True,
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the report there instead of to stdout."
)
@click.option("--full", is_flag=True, help="Show all that was lost, with every line that ran.")
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="End with status 1 below that score."
)
@jobs_option
@click.pass_context
def grade_(
    context: click.Context,
    exercises: tuple[str, ...],
    workspace: Path | None,
    project: Path | None,
    solutions: bool,
    pythons: tuple[str, ...],
    tier: str,
    format_: str,
    output: Path | None,
    full: bool,
    fail_under: float | None,
    jobs: int | None,
) -> int:
    """Grade exercises.

    Exit status: 0 graded, 1 below --fail-under, 2 wrong usage or unreadable input, 3 something ungraded.
    """
    if (workspace is not None) + (project is not None) + solutions > 1:
        raise UsageError("Give only one of --workspace, --project and --solutions.")
    if fail_under is not None and fail_under != fail_under:  # noqa: PLR0124 - so is not-a-number only
        raise UsageError("--fail-under nan is no percentage.")
    chosen = [interpreters.find(each) for each in pythons] or [interpreters.current()]
    loaded = loaded_catalog(context)
    place: Path | None = None
    made: tuple[Path, ...] = ()
    if not exercises and workspace is None and project is None and not solutions and (here := exercise_here(context)):
        exercises = (here,)
    if project is not None:
        tasks = grading.from_project(loaded, exercises, project)
    elif solutions:
        tasks = grading.from_solutions(loaded, exercises)
    else:
        place = _place(workspace)
        tasks, made = grading.from_workspace(loaded, exercises, workspace)
    if made:
        count = f"{len(made)} project{'s' * (len(made) > 1)}"
        click.echo(f"Made {count} in {made[0].parent}/ from the stubs: they are yours to edit.", err=True)
    warn_of_weaker(tier)
    with progress(len(tasks) * len(chosen), "grading") as done:
        runs = grading.grade(tasks, chosen, tier=tier, hidden=loaded.hidden, jobs=jobs, done=done)
    recording = grading.record(place, tasks, runs) if place is not None else None
    if recording is not None and recording.trouble is not None:
        complain(recording.trouble)
    _write_report(runs, format_, output, lambda stream: _show(runs, tasks, stream, tier, loaded, recording, full=full))
    return _status(runs, fail_under)


def _place(workspace: Path | None) -> Path | None:
    """Where attempts are recorded: not in a workspace that somebody named and that keeps no record."""
    if workspace is not None:
        return workspace if is_workspace(workspace) else None
    place = workspaces.find()
    if trouble := workspaces.finish_changes(place):
        complain(trouble)
    return place


def _status(runs: Sequence[Run], fail_under: float | None) -> int:
    if any(run.verdict is Verdict.UNGRADED for run in runs):
        return UNGRADED
    if fail_under is not None and any(run.score is None or run.score < fail_under for run in runs):
        return BELOW
    return GRADED


def _write_report(runs: Sequence[Run], format_: str, output: Path | None, show: Callable[[TextIO], None]) -> None:
    try:
        with contextlib.nullcontext(sys.stdout) if output is None else output.open("w", encoding="utf-8") as stream:
            if format_ == "terminal":
                show(stream)
            else:
                from grader import reports  # of use at the end only

                if isinstance(stream, io.TextIOWrapper):
                    stream.reconfigure(encoding="utf-8")  # whatever this machine's code page: another one reads it
                stream.write(reports.render(format_, runs))
            stream.flush()
    except OSError as error:
        if output is None:
            raise
        raise UsageError(f"The report can't be written to {output}: {error.strerror}.") from error


def _show(
    runs: Sequence[Run],
    tasks: Sequence[grading.Task],
    stream: TextIO,
    tier: str,
    loaded: Catalog,
    recording: grading.Recording | None,
    *,
    full: bool,
) -> None:
    from grader.learning.guidance import next_steps
    from grader.reports.people import terminal

    files_to_open = {each.exercise.slug: next_steps.files_to_open(each.exercise, each.folder) for each in tasks}
    course = None if recording is None else next_steps.next_steps(loaded, tasks, runs, recording)
    weaker = grading.why_weaker(tier)
    terminal.show(runs, console(stream), files_to_open, weaker_reason=weaker, next_steps=course, full=full)

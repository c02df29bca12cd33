"""`kata xray`."""

from __future__ import annotations

import io
import sys
from contextlib import closing
from pathlib import Path

import click

from grader import sandbox
from grader.cli.learner.exercises import place_option
from grader.cli.options import (
    GRADED,
    console,
    exercise_here,
    exercise_names,
    loaded_catalog,
    sandbox_option,
    warn_of_weaker,
)
from grader.environment import interpreters
from grader.errors import UsageError
from grader.learning.workspace import grading
from grader.learning.workspace.grading import Task
from grader.model import Cause
from grader.xray import own_program
from grader.xray.running import xray
from grader.xray.tree.imports import Xray

_COMMAND = "grader.cli.learner.xray.command"
"""Where a context keeps what followed `--`."""


class _WithCommand(click.Command):
    """Takes what follows `--` for a command, so that nothing of it can pass for the exercise."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments before `--`."""
        if "--" in args:
            place = args.index("--")
            ctx.meta[_COMMAND] = args[place + 1 :]
            args = args[:place]
        return super().parse_args(ctx, args)


@click.command(
    cls=_WithCommand, epilog="EXERCISE is a name or number; without it, that of the project in whose folder you are."
)
@click.argument("words", nargs=-1, metavar="[EXERCISE] [-- COMMAND...]", shell_complete=exercise_names)
@place_option
@click.option("--project", type=click.Path(path_type=Path), metavar="PATH", help="Look at this folder or archive.")
@click.option("--solutions", is_flag=True, help="Look at the reference solution.")
@click.option("--python", metavar="PYTHON", help="Version or path of the interpreter.")
@sandbox_option
@click.option("--all", "everything", is_flag=True, help="Show the standard library's own imports in full, too.")
@click.option("--format", "format_", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the x-ray as one page for a browser.",
)
@click.pass_context
def xray_(
    context: click.Context,
    words: tuple[str, ...],
    workspace: Path | None,
    project: Path | None,
    solutions: bool,
    python: str | None,
    tier: str,
    everything: bool,
    format_: str,
    html: Path | None,
) -> int:
    """Show where Python looked for each import, and what it found.

    Of an exercise, COMMAND runs in your project's folder, like `python -m package`, or the name of a command that your
    project installs. Without one, it is what the first failing check runs.

    Anywhere else COMMAND is a program of your own, like `python main.py`, `main.py` or `pytest`. It runs where you are
    and without a sandbox.
    """
    of_an_exercise = workspace is not None or project is not None or solutions
    exercise, command = _exercise_and_command(context, words, of_an_exercise=of_an_exercise)
    if exercise is None:
        folder = Path.cwd()
        seen = own_program.xray(command, folder, python=python, everything=everything)
    else:
        task = chosen_task(context, exercise, workspace, project, solutions=solutions)
        folder = task.folder
        warn_of_weaker(tier)
        interpreter = interpreters.find(python) if python else interpreters.current()
        hidden = loaded_catalog(context).hidden
        with closing(sandbox.choose(tier, hidden=hidden)) as confined:
            seen = xray(
                folder,
                task.exercise,
                words=command,
                interpreter=interpreter,
                sandbox=confined,
                everything=everything,
            )
    if html is None:
        _show(seen, folder, command, format_, everything=everything)
    else:
        from grader.reports.xray import page

        html.write_text(page.render(seen, _causes(seen, folder, command)), encoding="utf-8")
        click.echo(f"Wrote {html}.")
    return GRADED


def _exercise_and_command(
    context: click.Context, words: tuple[str, ...], *, of_an_exercise: bool
) -> tuple[str | None, tuple[str, ...]]:
    """The exercise that is meant, None for a program of the user's own, and the command."""
    behind = tuple(context.meta.get(_COMMAND, ()))
    if words and not of_an_exercise and words[0].endswith(".py"):
        return None, (*words, *behind)
    if words:
        return words[0], (*words[1:], *behind)
    here = exercise_here(context)
    if here is None and (of_an_exercise or not behind):
        raise click.UsageError("Name an exercise, like 01 or path_appending, or a command, like: -- python main.py")
    return here, behind


def chosen_task(
    context: click.Context, exercise: str, workspace: Path | None, project: Path | None, *, solutions: bool
) -> Task:
    """The one project that is meant: a folder or archive that was named, the reference, or that of a workspace.

    Raises:
        UsageError: more than one of these was named, or there is no such project.
    """
    if (workspace is not None) + (project is not None) + solutions > 1:
        raise UsageError("Give only one of --workspace, --project and --solutions.")
    loaded = loaded_catalog(context)
    if project is not None:
        return grading.from_project(loaded, [exercise], project)[0]
    if solutions:
        return grading.from_solutions(loaded, [exercise])[0]
    return grading.from_existing_workspace(loaded, exercise, workspace)


def _show(seen: Xray, folder: Path, command: tuple[str, ...], format_: str, *, everything: bool) -> None:
    if format_ == "json":
        from grader.reports.xray import json_report as report

        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # whatever this machine's code page: another one reads it
        click.echo(report.render(seen), nl=False)
        return
    from grader.reports.xray import terminal

    terminal.show(seen, console(sys.stdout), everything=everything, causes=_causes(seen, folder, command))


def _causes(seen: Xray, folder: Path, command: tuple[str, ...]) -> tuple[Cause, ...]:
    """Why it failed, by what it said and the files of the folder."""
    from grader.explaining.causes.detectors import causes_in
    from grader.explaining.causes.scenes import ProjectFiles, start_of

    if not folder.is_dir():
        return ()
    start = start_of(command or ("python",))
    return tuple(causes_in(seen.stderr, ProjectFiles(folder), stdout=seen.stdout, start=start, cwd=seen.cwd))

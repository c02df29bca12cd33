"""`kata xray`."""

from __future__ import annotations

import io
import sys
from contextlib import closing
from pathlib import Path

import click

from grader import sandbox
from grader.cli.options import (
    GRADED,
    console,
    exercise_argument,
    loaded_catalog,
    sandbox_option,
    warn_of_weaker,
    workspace_option,
)
from grader.environment import interpreters
from grader.errors import UsageError
from grader.learning.workspace import grading
from grader.xray.running import xray

_COMMAND = "grader.cli.learner.xray.command"
"""Where a context keeps what followed `--`."""


class _WithCommand(click.Command):
    """Takes what follows `--` for a command, so that nothing of it can pass for the exercise."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments before `--`; an exercise that isn't named there is the one of this folder."""
        if "--" in args:
            place = args.index("--")
            ctx.meta[_COMMAND] = args[place + 1 :]
            args = args[:place]
        return super().parse_args(ctx, args)


@click.command(
    cls=_WithCommand, epilog="EXERCISE is a name or number; without it, that of the project in whose folder you are."
)
@exercise_argument
@click.argument("command", nargs=-1, metavar="[-- COMMAND]...")
@workspace_option
@click.option("--project", type=click.Path(path_type=Path), metavar="PATH", help="Look at this folder or archive.")
@click.option("--solutions", is_flag=True, help="Look at the reference solution.")
@click.option("--python", metavar="PYTHON", help="Version or path of the interpreter.")
@sandbox_option
@click.option("--all", "everything", is_flag=True, help="Unfold the standard library's own imports, too.")
@click.option("--format", "format_", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@click.pass_context
def xray_(
    context: click.Context,
    exercise: str,
    command: tuple[str, ...],
    workspace: Path | None,
    project: Path | None,
    solutions: bool,
    python: str | None,
    tier: str,
    everything: bool,
    format_: str,
) -> int:
    """Show where each import of a command goes, and who said so.

    COMMAND runs in your project's folder, like `python -m package`, or the name of a command that your project
    installs. Without one, it is what the first failing check runs.
    """
    if (workspace is not None) + (project is not None) + solutions > 1:
        raise UsageError("Give only one of --workspace, --project and --solutions.")
    command = (*command, *context.meta.get(_COMMAND, ()))
    loaded = loaded_catalog(context)
    if project is not None:
        tasks = grading.from_project(loaded, [exercise], project)
    elif solutions:
        tasks = grading.from_solutions(loaded, [exercise])
    else:
        tasks, _ = grading.from_workspace(loaded, [exercise], workspace)
    warn_of_weaker(tier)
    interpreter = interpreters.find(python) if python else interpreters.current()
    with closing(sandbox.choose(tier, hidden=loaded.hidden)) as confinement:
        seen = xray(
            tasks[0].folder,
            tasks[0].exercise,
            words=command,
            interpreter=interpreter,
            sandbox=confinement,
            everything=everything,
        )
    if format_ == "json":
        from grader.reports.xray import json_report as report

        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # whatever this machine's code page: another one reads it
        click.echo(report.render(seen), nl=False)
    else:
        from grader.reports.xray import terminal

        terminal.show(seen, console(sys.stdout), everything=everything)
    return GRADED

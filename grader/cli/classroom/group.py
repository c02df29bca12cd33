"""`kata class …`: the instructor's commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from grader.cli.lazy import LazyGroup
from grader.cli.options import interrupted

_COMMANDS = {
    "init": "classroom.grading",
    "release": "classroom.release",
    "autograder": "classroom.autograder",
    "roster": "classroom.receiving",
    "receive": "classroom.receiving",
    "void": "classroom.receiving",
    "grade": "classroom.grading",
    "regrade": "classroom.grading",
    "status": "classroom.grading",
    "export": "classroom.export",
    "feedback": "classroom.feedback",
    "dashboard": "classroom.dashboard",
}
"""See `LazyGroup`."""


class _ClassGroup(LazyGroup):
    def invoke(self, context: click.Context) -> Any:
        """Run one of the commands, each of which writes all or nothing, or passes by what is written already."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            return interrupted("what was done stays, and the same command does the rest.")


@click.group("class", cls=_ClassGroup, modules=_COMMANDS)
@click.option(
    "--course",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The course's folder (default: the current one).",
)
@click.pass_context
def class_(context: click.Context, folder: Path) -> None:
    """Grade a class, from the first release to the exported grades."""
    context.obj = folder

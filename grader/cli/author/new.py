"""`kata new`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.authoring import scaffold
from grader.cli.options import GRADED
from grader.errors import UsageError


@click.command()
@click.argument("name")
@click.option(
    "--catalog",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="In that catalogue, which is made if it doesn't exist.",
)
@click.option("--number", type=click.IntRange(1, 99), metavar="N", help="Its place (default: after the last).")
@click.option("--title", metavar="TEXT", help="What learners read (default: NAME in words).")
@click.pass_context
def new_(context: click.Context, name: str, catalog: Path | None, number: int | None, title: str | None) -> int:
    """Begin an exercise: all its parts, small and gradable.

    NAME is like path_appending. The catalogue is a folder that holds exercises/ and solutions/: DIR, or the current
    folder if it is one.
    """
    place: Path | None = catalog or context.find_root().params.get("folder")
    if place is None:
        place = Path()
        if not Path("exercises").is_dir():
            raise UsageError("This folder holds no exercises/; name a place for the exercise with --catalog DIR.")
    made = scaffold.create(place, name, number=number, title=title)
    shown = shlex.quote(str(place))
    click.echo(f"Made {made.exercise} and {made.solution}, yours to replace. What is missing yet:")
    click.echo(f"    kata --catalog {shown} verify {made.number:02}")
    return GRADED

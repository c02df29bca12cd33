"""`kata class autograder`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.classroom.handout import autograder
from grader.cli.classroom.grading import interpreter_of, open_course
from grader.cli.options import GRADED, loaded_catalog
from grader.errors import UsageError


@click.command()
@click.argument("name", metavar="EXERCISE")
@click.argument("target", metavar="FILE.zip", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--wheels",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Take all that is needed from these wheels (default: from the package index, while the image is built).",
)
@click.pass_context
def autograder_(context: click.Context, name: str, target: Path, wheels: Path | None) -> int:
    """Write an autograder of EXERCISE for Gradescope: FILE.zip.

    It holds this installation of import-kata, and of the catalogue this exercise alone, without solutions. Give the
    assignment 100 autograder points.
    """
    opened = open_course(context)
    (exercise,) = loaded_catalog(context).find([name])
    if exercise.slug not in opened.by_slug:
        raise UsageError(f"{exercise.slug} isn't one of the course's exercises; see course.toml.")
    version = opened.about.python or interpreter_of(opened, None).version
    python = ".".join(version.split(".")[:2])
    autograder.write(exercise, target, python=python, wheels=wheels)
    click.echo(f"Wrote {target}: {exercise.name}, graded under Python {python}.")
    return GRADED

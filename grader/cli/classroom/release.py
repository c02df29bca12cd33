"""`kata class release`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from grader.classroom.handout import release
from grader.cli.classroom.grading import interpreter_of, open_course
from grader.cli.options import GRADED, loaded_catalog
from grader.errors import UsageError


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--exercise", "names", multiple=True, metavar="EXERCISE", help="Only this exercise; repeatable (default: all)."
)
@click.option("--hints", type=click.IntRange(0, 3), default=0, help="Include hints up to this level (default: none).")
@click.option("--self-check", is_flag=True, help="Add a script that sees whether modules compile; it runs nothing.")
@click.pass_context
def release_(context: click.Context, folder: Path, names: tuple[str, ...], hints: int, self_check: bool) -> int:
    """Write what students get into the new folder DIR.

    These are stubs, instructions, a README and a workflow for GitHub; no check, solution, mistake or setting of an
    exercise is among it. A folder that isn't empty is refused.
    """
    opened = open_course(context)
    chosen = tuple(each for each in loaded_catalog(context).find(names) if each.slug in opened.by_slug)
    if not chosen:
        raise UsageError("None of these exercises is the course's; see course.toml.")
    version = opened.about.python or interpreter_of(opened, None).version
    wanted = release.ReleaseOptions(".".join(version.split(".")[:2]), hints, self_check)
    written = release.write(replace(opened, exercises=chosen), folder, wanted)
    click.echo(f"Wrote {folder}: {len(chosen)} exercises, {len(written)} files.")
    return GRADED

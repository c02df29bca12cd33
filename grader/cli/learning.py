"""The learner's commands beside `kata grade`."""

from __future__ import annotations

import sys

import click

from grader.cli.options import GRADED, console, loaded_catalog


@click.command("list")
@click.pass_context
def list_(context: click.Context) -> int:
    """List the exercises."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("#", "exercise", "", "title", "about"):
        table.add_column(heading, header_style="dim")
    for exercise in loaded_catalog(context).exercises:
        about = exercise.about
        stars = "*" * about.difficulty
        title = about.title if about.weight else f"{about.title} (optional)"
        table.add_row(f"{exercise.number:02}", exercise.slug, stars, title, ", ".join(about.concepts))
    console(sys.stdout).print(table)
    return GRADED

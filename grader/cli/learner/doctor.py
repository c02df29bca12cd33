"""`kata doctor`."""

from __future__ import annotations

import sys

import click

from grader.cli.options import GRADED, console, loaded_catalog
from grader.environment import doctor


@click.command()
@click.option(
    "--prepare", is_flag=True, help="Fetch the build tools for all interpreters now, while you have a network."
)
@click.pass_context
def doctor_(context: click.Context, prepare: bool) -> int:
    """Show what this machine can do.

    Interpreters, sandbox, build tools, the catalogue, and other catalogues that are installed.
    """
    if prepare:
        doctor.prepare(lambda python: click.echo(f"build tools for Python {python.version} are ready", err=True))
    shown = console(sys.stdout)
    from rich.text import Text

    for topic, finding, well in doctor.diagnose(loaded_catalog(context)):
        shown.print(Text(f"{topic:<15}", style="dim") + Text(finding, style="" if well else "yellow"), soft_wrap=True)
    return GRADED

"""What several commands share: exit statuses, options, the console and the progress bar."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from grader import catalog, sandbox
from grader.display import as_typed
from grader.model import Attempt
from grader.progress import workspace_around
from grader.sandbox import TIERS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem
    from rich.console import Console

    from grader.catalog import Exercise

GRADED, BELOW, WRONG_USAGE, UNGRADED, INTERRUPTED = 0, 1, 2, 3, 130

EXERCISE = "EXERCISE is a name or number, like path_appending, 01_path_appending or 01; without one, all are meant."


def _named_catalogue(context: click.Context) -> Path | None:
    """The folder of the catalogue that the command line names, if it names one."""
    named: Path | None = context.find_root().params.get("folder")
    if named is None:
        return None
    from grader.catalog import packs  # of use for other catalogues only

    return packs.catalogue(named)


def catalogue_names(_context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """How the folder of a catalogue, or the name of an installed pack, may go on."""
    from click.shell_completion import CompletionItem

    from grader.catalog import packs

    names = [pack.name for pack in packs.installed() if pack.name.startswith(begun)]
    return [CompletionItem(begun, type="dir"), *map(CompletionItem, names)]


def exercise_names(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """How the name or number of an exercise may go on."""
    names = catalog.names(_named_catalogue(context))
    whole = names if begun[:1].isdecimal() else [name.partition("_")[2] for name in names]
    return [name for name in whole if name.startswith(begun)]


def path_names(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """How the name of a path through the exercises may go on."""
    from grader.learning.guidance import paths

    return [path.name for path in paths.load(loaded_catalog(context)) if path.name.startswith(begun)]


def exercise_here(context: click.Context) -> str | None:
    """The name of the exercise in whose project the user stands; None if it is none."""
    here = Path.cwd()
    workspace = workspace_around(here)
    if workspace is None or workspace == here:
        return None
    folder = here.relative_to(workspace).parts[0]
    names = catalog.names(_named_catalogue(context))
    slug = folder.partition("_")[2]  # exercises may have got another number since
    return next((name for name in names if slug and name.partition("_")[2] == slug), None)


def _named_or_here(context: click.Context, _: click.Parameter, value: str | None) -> str:
    if value is None and not context.resilient_parsing:
        value = exercise_here(context)
        if value is None:
            raise click.UsageError("Name an exercise, like 01 or path_appending; you are not in the folder of one.")
    return value or ""


exercise_argument = click.argument(
    "exercise", metavar="[EXERCISE]", required=False, callback=_named_or_here, shell_complete=exercise_names
)
exercises_argument = click.argument("exercises", nargs=-1, metavar="[EXERCISE]...", shell_complete=exercise_names)
python_option = click.option(
    "--python",
    "pythons",
    multiple=True,
    metavar="PYTHON",
    help="Version or path of the interpreter to grade under; repeatable.",
)
sandbox_option = click.option(
    "--sandbox",
    "tier",
    type=click.Choice(["auto", *TIERS]),
    default="auto",
    show_default=True,
    help="How learner code is confined.",
)
jobs_option = click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Grade N projects at once.")
workspace_option = click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder for each exercise (default: workspace/, made from the stubs if absent).",
)


def complain(message: str) -> None:
    """Say on stderr what went wrong."""
    click.echo(f"kata: {as_typed(message).encode('utf-8', 'backslashreplace').decode()}", err=True)


def say(message: str) -> None:
    """Say something to the user, with commands as this user types them."""
    click.echo(as_typed(message))


def interrupted(what: str) -> int:
    """Say that somebody stopped a command, and what that means for what it did; gives the exit status."""
    complain(f"Interrupted; {what}")
    return INTERRUPTED


def loaded_catalog(context: click.Context) -> catalog.Catalog:
    """The catalogue that the command line names: the folder of one, an installed pack, or our own."""
    return catalog.load(_named_catalogue(context))


def warn_of_weaker(tier: str) -> None:
    """Say that there is no sandbox, where `auto` found none."""
    if tier == "auto" and sandbox.resolve_tier(tier) == "process":
        complain("learner code runs without a sandbox here; `kata doctor` says why.")


def console(stream: TextIO) -> Console:
    """A console that writes there just what it is given."""
    from rich.console import Console  # slow to import, and JSON needs none

    # A pipe has no width; tables need not fold there.
    width = None if stream.isatty() else 160
    return Console(file=stream, highlight=False, emoji=False, markup=False, width=width)


@contextlib.contextmanager
def progress(count: int, doing: str) -> Iterator[Callable[[Attempt], None]]:
    """A bar on stderr, where there is a terminal and more to do than one thing."""
    if count < 2 or not sys.stderr.isatty():  # noqa: PLR2004 - more than one
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(doing, total=count)
        bar.refresh()
        yield lambda attempt: bar.update(task, advance=1, description=f"{doing} {attempt.number:02}", refresh=True)


def say_where_no_bar_is(exercise: Exercise, count: int) -> None:
    """A line on stderr for an exercise of which so many answers were graded, where there is no terminal for a bar."""
    if not sys.stderr.isatty():
        click.echo(f"{exercise.name}: {count} graded", err=True)

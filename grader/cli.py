"""The `kata` command: parse, call, choose the exit status."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from grader import __version__, catalog, sandbox, study, workers
from grader.environment import interpreters
from grader.errors import InfrastructureError, KataError, UsageError
from grader.model import Attempt, Run, Verdict
from grader.sandbox import TIERS

if TYPE_CHECKING:
    from rich.console import Console

GRADED, BELOW, WRONG_USAGE, UNGRADED, INTERRUPTED = 0, 1, 2, 3, 130

_EXERCISE = "EXERCISE is a name or number, like path_appending, 01_path_appending or 01; without one, all are meant."


def main() -> int:
    """Run the command; gives its exit status. Every way out of it is here."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a character gets its escape, not a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    workers.on_first_signal(_interrupt, signal.SIGINT, signal.SIGTERM)
    try:
        status: int = kata(prog_name="kata", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = WRONG_USAGE
    except (click.Abort, KeyboardInterrupt):
        _complain("Interrupted; nothing was changed.")
        status = INTERRUPTED
    except UsageError as error:
        _complain(str(error))
        status = WRONG_USAGE
    except (InfrastructureError, KataError) as error:
        _complain(str(error))
        status = UNGRADED
    except OSError as error:
        if error.errno == errno.EPIPE:
            # Whoever read our output has gone; say no more, not even when the interpreter closes the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = GRADED
        else:
            where = f" ({error.filename})" if error.filename else ""
            _complain(f"{error.strerror or error}{where}; mend that and try again.")
            status = UNGRADED
    return status


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


def _complain(message: str) -> None:
    click.echo(f"kata: {message.encode('utf-8', 'backslashreplace').decode()}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kata")
@click.option(
    "--catalog", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Use the exercises below DIR."
)
@click.pass_context
def kata(context: click.Context, folder: Path | None) -> None:
    """Exercises on Python's import system and packaging, graded by what really happens."""
    context.obj = folder


def _catalog(context: click.Context) -> catalog.Catalog:
    folder: Path | None = context.obj
    return catalog.load(folder)


def _hidden(loaded: catalog.Catalog) -> tuple[Path, ...]:
    """What no execution may see: the checks and solutions, and the judge itself."""
    own = Path(__file__).resolve().parent
    return loaded.folder / "exercises", loaded.folder / "solutions", own


_python_option = click.option(
    "--python",
    "pythons",
    multiple=True,
    metavar="PYTHON",
    help="Version or path of the interpreter to grade under; repeatable.",
)
_sandbox_option = click.option(
    "--sandbox",
    "tier",
    type=click.Choice(["auto", *TIERS]),
    default="auto",
    show_default=True,
    help="How learner code is confined.",
)
_jobs_option = click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Grade N projects at once.")


@kata.command(epilog=_EXERCISE)
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder for each exercise (default: workspace/, made from the stubs if absent).",
)
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Grade this folder, or .zip or .tar archive of one, as the one EXERCISE named.",
)
@click.option("--solutions", is_flag=True, help="Grade the reference solutions.")
@_python_option
@_sandbox_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", "json", "junit", "markdown"]),
    default="terminal",
    show_default=True,
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the report there instead of to stdout."
)
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="End with status 1 below that score."
)
@_jobs_option
@click.pass_context
def grade(
    context: click.Context,
    exercises: tuple[str, ...],
    workspace: Path | None,
    project: Path | None,
    solutions: bool,
    pythons: tuple[str, ...],
    tier: str,
    format_: str,
    output: Path | None,
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
    loaded = _catalog(context)
    made: tuple[Path, ...] = ()
    if project is not None:
        works = study.from_project(loaded, exercises, project)
    elif solutions:
        works = study.from_solutions(loaded, exercises)
    else:
        works, made = study.from_workspace(loaded, exercises, workspace)
    if made:
        count = f"{len(made)} project{'s' * (len(made) > 1)}"
        click.echo(f"Made {count} in {made[0].parent}/ from the stubs: they are yours to edit.", err=True)
    _warn_of_weaker(tier)
    chosen = [interpreters.find(each) for each in pythons] or [interpreters.current()]
    with _progress(len(works) * len(chosen), "grading") as done:
        runs = study.grade(works, chosen, tier=tier, hidden=_hidden(loaded), jobs=jobs, done=done)
    _write_report(runs, works, format_, output, tier)
    return _status(runs, fail_under)


def _warn_of_weaker(tier: str) -> None:
    if tier == "auto" and sandbox.taken(tier) == "process":
        click.echo("kata: learner code runs without a sandbox here; `kata doctor` says why.", err=True)


def _status(runs: Sequence[Run], fail_under: float | None) -> int:
    if any(run.verdict is Verdict.UNGRADED for run in runs):
        return UNGRADED
    if fail_under is not None and any(run.score is None or run.score < fail_under for run in runs):
        return BELOW
    return GRADED


def _write_report(
    runs: Sequence[Run], works: Sequence[study.Work], format_: str, output: Path | None, tier: str
) -> None:
    try:
        with contextlib.nullcontext(sys.stdout) if output is None else output.open("w", encoding="utf-8") as stream:
            if format_ == "terminal":
                _show(runs, works, stream, study.weaker_because(tier))
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


def _show(runs: Sequence[Run], works: Sequence[study.Work], stream: TextIO, weaker: str | None) -> None:
    from grader.reports import terminal

    openings = {
        work.exercise.slug: terminal.Opening(
            work.exercise.folder / "README.md", work.folder, work.exercise.about.learner
        )
        for work in works
    }
    terminal.show(runs, _console(stream), openings, weaker=weaker)


def _console(stream: TextIO) -> Console:
    from rich.console import Console  # slow to import, and JSON needs none

    # A pipe has no width; tables need not fold there.
    width = None if stream.isatty() else 160
    return Console(file=stream, highlight=False, emoji=False, markup=False, width=width)


@contextlib.contextmanager
def _progress(count: int, doing: str) -> Iterator[Callable[[Attempt], None]]:
    """A bar on stderr, where there is a terminal and more to do than one thing."""
    if count < 2 or not sys.stderr.isatty():  # noqa: PLR2004 - more than one
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True, auto_refresh=False) as progress:
        task = progress.add_task(doing, total=count)
        progress.refresh()
        yield lambda attempt: progress.update(task, advance=1, description=f"{doing} {attempt.number:02}", refresh=True)


@kata.command("list")
@click.pass_context
def list_(context: click.Context) -> int:
    """List the exercises."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("#", "exercise", "", "title", "about"):
        table.add_column(heading, header_style="dim")
    for exercise in _catalog(context).exercises:
        about = exercise.about
        stars = "*" * about.difficulty
        title = about.title if about.weight else f"{about.title} (optional)"
        table.add_row(f"{exercise.number:02}", exercise.slug, stars, title, ", ".join(about.concepts))
    _console(sys.stdout).print(table)
    return GRADED


@kata.command()
@click.option(
    "--prepare", is_flag=True, help="Make the build tools for all interpreters now, while there is a network."
)
@click.pass_context
def doctor(context: click.Context, prepare: bool) -> int:
    """Say what this machine can do: interpreters, sandbox, build tools, catalogue."""
    if prepare:
        study.prepare(lambda python: click.echo(f"build tools for Python {python.version} are ready", err=True))
    console = _console(sys.stdout)
    from rich.text import Text

    for topic, finding, well in study.doctor(_catalog(context)):
        console.print(Text(f"{topic:<15}", style="dim") + Text(finding, style="" if well else "yellow"), soft_wrap=True)
    return GRADED


@kata.command(epilog=_EXERCISE)
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@_python_option
@_sandbox_option
@_jobs_option
@click.option(
    "--messages", type=click.Path(path_type=Path), metavar="DIR", help="Compare what mistakes are told with DIR."
)
@click.option("--update-messages", is_flag=True, help="Let the files in that DIR follow.")
@click.pass_context
def verify(
    context: click.Context,
    exercises: tuple[str, ...],
    pythons: tuple[str, ...],
    tier: str,
    jobs: int | None,
    messages: Path | None,
    update_messages: bool,
) -> int:
    """Prove that exercises are fair: stubs fail, solutions pass, each mistake loses just what it must.

    All interpreters of this machine are used unless some are named. Exit status: 0 proved, 1 not.
    """
    from grader.authoring import verifying
    from grader.authoring.messages import Golden

    loaded = _catalog(context)
    chosen = tuple(interpreters.find(each) for each in pythons) or interpreters.find_all()
    found = loaded.find(exercises)
    _warn_of_weaker(tier)
    with contextlib.ExitStack() as stack:
        faults = verifying.verify(
            found,
            chosen,
            tier=tier,
            hidden=_hidden(loaded),
            jobs=jobs or os.cpu_count() or 1,
            golden=None if messages is None else Golden(messages, update_messages),
            begin=lambda count: stack.enter_context(_progress(count, "verifying")),
        )
    for fault in faults:
        click.echo(str(fault))
    versions = ", ".join(python.version for python in chosen)
    click.echo(
        f"{len(found)} exercises under Python {versions}: {len(faults) or 'no'} fault{'s' * (len(faults) != 1)}."
    )
    return BELOW if faults else GRADED

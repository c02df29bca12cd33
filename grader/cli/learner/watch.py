"""`kata watch`."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import closing
from pathlib import Path

import click

from grader import progress, sandbox
from grader.cli.learner.exercises import find_exercise, place_option
from grader.cli.options import (
    GRADED,
    complain,
    exercise_names,
    loaded_catalog,
    path_names,
    sandbox_option,
    warn_of_weaker,
)
from grader.environment import interpreters
from grader.errors import UsageError
from grader.learning.guidance import paths
from grader.learning.workspace import workspaces

_NO_SANDBOX = "What you write runs without a sandbox here; `kata doctor` says why."


@click.command(epilog="EXERCISE is a name or number, like path_appending, 01_path_appending or 01.")
@click.argument("exercise", required=False, shell_complete=exercise_names)
@click.option(
    "--path", metavar="NAME", help="Only the exercises of that path, in its order.", shell_complete=path_names
)
@place_option
@click.option("--python", metavar="PYTHON", help="Version or path of the interpreter to grade under.")
@sandbox_option
@click.option("--plain", is_flag=True, help="Print line by line, without colour: for screen readers and pipes.")
@click.option("--poll", is_flag=True, help="Look at the files regularly instead of waiting for file events.")
@click.pass_context
def watch_(
    context: click.Context,
    exercise: str | None,
    path: str | None,
    workspace: Path | None,
    python: str | None,
    tier: str,
    plain: bool,
    poll: bool,
) -> int:
    """Grade an exercise each time you save.

    Without EXERCISE it begins with the first one that isn't passed.
    """
    from grader.grading import Conditions
    from grader.learning.watch.session import Session, first_unpassed

    gc.enable()  # what is switched off for a short run
    loaded = loaded_catalog(context)
    exercises = paths.exercises_on(loaded, path)
    named = None if exercise is None else find_exercise(context, exercise)
    interpreter = interpreters.current() if python is None else interpreters.find(python)
    conditions = Conditions(interpreter, sandbox.resolve_tier(tier), loaded.hidden)
    place = _open_workspace(workspace)
    wanted = named or first_unpassed(exercises, place)
    with closing(Session(loaded, place, wanted, exercises)) as session:
        if plain or not _can_show_screens():
            from grader.learning.watch.plain_view import PlainView

            warn_of_weaker(tier)
            keyboard = _keyboard()
            lines = PlainView(
                session, sys.stdout, keyboard=keyboard, ends_with_input=keyboard is not None and os.isatty(keyboard)
            )
            session.begin(conditions, lines.tell, poll=poll)
            lines.run()
        else:
            from grader.learning.watch import screen

            weaker = tier == "auto" and conditions.tier == "process"
            app = screen.WatchApp(session, _NO_SANDBOX if weaker else None)
            session.begin(conditions, app.tell, poll=poll)
            screen.run(app)
    return GRADED


def _open_workspace(workspace: Path | None) -> Path:
    """The workspace, ready to be worked in."""
    place = workspaces.find_existing(workspace)
    if trouble := workspaces.finish_changes(place):
        raise UsageError(trouble)
    if trouble := progress.load(place).trouble:
        complain(trouble)
    return place


def _can_show_screens() -> bool:
    known = os.name == "nt" or os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")
    return known and all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _keyboard() -> int | None:
    """The descriptor of stdin, if there is one."""
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None

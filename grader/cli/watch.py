"""`kata watch`."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import closing
from pathlib import Path

import click

from grader import progress, sandbox
from grader.cli.options import (
    EXERCISE,
    GRADED,
    complain,
    hidden,
    loaded_catalog,
    sandbox_option,
    warn_of_weaker,
    workspace_option,
)
from grader.environment import interpreters
from grader.study import workspaces

_NO_SANDBOX = "What you write runs without a sandbox here; `kata doctor` says why."


@click.command(epilog=EXERCISE)
@click.argument("exercise", required=False)
@workspace_option
@click.option("--python", metavar="PYTHON", help="Version or path of the interpreter to grade under.")
@sandbox_option
@click.option("--plain", is_flag=True, help="One line after the other, without colour: for screen readers and pipes.")
@click.option("--poll", is_flag=True, help="Look for changes instead of waiting for the system to tell of them.")
@click.pass_context
def watch_(
    context: click.Context,
    exercise: str | None,
    workspace: Path | None,
    python: str | None,
    tier: str,
    plain: bool,
    poll: bool,
) -> int:
    """Grade an exercise each time that you save.

    Without EXERCISE it begins with the first one that isn't passed.
    """
    from grader.study.judges import Terms
    from grader.study.sitting import Sitting, first

    gc.enable()  # what is switched off for a short run
    loaded = loaded_catalog(context)
    place = workspaces.find() if workspace is None else workspaces.existing(workspace)
    workspaces.begin(place)
    wanted = first(loaded, place) if exercise is None else loaded.find([exercise])[0]
    interpreter = interpreters.current() if python is None else interpreters.find(python)
    if (trouble := progress.load(place).trouble) is not None:
        complain(trouble)
    terms = Terms(interpreter, sandbox.taken(tier), hidden(loaded))
    with closing(Sitting(loaded, place, wanted)) as sitting:
        if plain or not _can_show_screens():
            from grader.study.plain import Plain

            warn_of_weaker(tier)
            lines = Plain(sitting, sys.stdout, typed=_keyboard(), ends=sys.stdin.isatty())
            sitting.begin(terms, lines.tell, poll=poll)
            lines.run()
        else:
            from grader.study import screen

            weaker = tier == "auto" and terms.tier == "process"
            app = screen.WatchApp(sitting, _NO_SANDBOX if weaker else None)
            sitting.begin(terms, app.tell, poll=poll)
            screen.run(app)
    return GRADED


def _can_show_screens() -> bool:
    known = os.name == "nt" or os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")
    return known and all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _keyboard() -> int | None:
    """The descriptor of stdin, if there is one."""
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None

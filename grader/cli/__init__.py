"""The `kata` command: parse, call, choose the exit status. The commands are in modules of their own."""

from __future__ import annotations

import errno
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from grader import __version__
from grader.cli.lazy import LazyGroup
from grader.cli.options import GRADED, UNGRADED, WRONG_USAGE, catalogue_names, complain, interrupted
from grader.errors import InfrastructureError, KataError, UsageError
from grader.workers import signals

_COMMANDS = {
    "start": "learner.workspace",
    "next": "learner.exercises",
    "show": "learner.exercises",
    "grade": "learner.grade",
    "hint": "learner.exercises",
    "solution": "learner.exercises",
    "list": "learner.exercises",
    "update": "learner.workspace",
    "reset": "learner.workspace",
    "restore": "learner.workspace",
    "watch": "learner.watch",
    "repeat": "learner.repeat",
    "xray": "learner.xray",
    "doctor": "learner.doctor",
    "new": "author.new",
    "verify": "author.verify",
    "completion": "completion",
    "class": "classroom.group",
}
"""The commands, in the order in which they are shown, and the module below here of each."""


def main() -> int:
    """Run the command; gives its exit status. Every way out of it is here."""
    if "_KATA_COMPLETE" in os.environ:
        from grader.cli import completion

        return completion.answer(kata)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a character gets its escape, not a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    signals.on_first_signal(_interrupt, signal.SIGINT, signal.SIGTERM)
    try:
        status: int = kata(prog_name="kata", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = WRONG_USAGE
    except (click.Abort, KeyboardInterrupt):
        status = interrupted("nothing was changed.")
    except UsageError as error:
        complain(str(error))
        status = WRONG_USAGE
    except (InfrastructureError, KataError) as error:
        complain(str(error))
        status = UNGRADED
    except OSError as error:
        if error.errno == errno.EPIPE:
            # The reader of our output has gone; say no more, not even when the interpreter closes the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = GRADED
        else:
            where = f" ({error.filename})" if error.filename else ""
            complain(f"{error.strerror or error}{where}; fix that and try again.")
            status = UNGRADED
    return status


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


@click.group(
    cls=LazyGroup,
    modules=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="kata")
@click.option(
    "--catalog",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR|PACK",
    envvar="KATA_CATALOG",
    show_envvar=True,
    help="Use the exercises of DIR or PACK.",
    shell_complete=catalogue_names,
)
@click.pass_context
def kata(context: click.Context, folder: Path | None) -> None:
    """Exercises on Python's import system and packaging, graded by what really happens."""
    context.obj = folder

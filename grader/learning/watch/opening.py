"""Open the learner's editor at the place that is to be looked at first, or a page in their browser."""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
import webbrowser
from pathlib import Path

from grader.learning.watch.state import WatchState

_PLACE = re.compile(r"^([^\s,]+), line (\d+)")
"""How the sentence of a cause names a file and a line."""
_NOT_FOUND = 127
"""The status where there is no such program."""
_TAKES_PLUS = ("vi", "vim", "nvim", "nano", "emacs", "micro", "joe", "kak")
"""Editors that go to a line named as +N before the file."""


def open_editor(state: WatchState) -> str:
    """Open the editor in this terminal and wait until it is left; what kept it from opening, as a sentence.

    Args:
        state: see `command`.
    """
    words = command(state)
    if not words:
        return "Set VISUAL or EDITOR to the command of your editor."
    status = os.spawnvp(os.P_WAIT, words[0], words)  # noqa: S606 - the user's own editor
    return f"{words[0]} can't be started." if status == _NOT_FOUND else ""


def open_page(page: str) -> str:
    """Write a page and open it, where there is a desktop; says where it is.

    Args:
        page: as HTML.
    """
    descriptor, name = tempfile.mkstemp(prefix="kata-xray-", suffix=".html")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(page)
    desktop = sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    opened = desktop and webbrowser.open(Path(name).as_uri())
    return f"{'Your browser shows' if opened else 'Open it in a browser:'} {name}"


def command(state: WatchState) -> list[str]:
    """What opens the editor that `$VISUAL` or `$EDITOR` names; empty where neither does.

    Args:
        state: of the watch. The first cause says which file and line; without one it is the learner's first file.
    """
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    if not editor:
        return []
    name, line = _place(state)
    path = str(state.project / name)
    if not line:
        return [*editor, path]
    if Path(editor[0]).stem in ("code", "codium", "subl"):
        return [*editor, *(["--goto"] if Path(editor[0]).stem != "subl" else []), f"{path}:{line}"]
    return [*editor, *([f"+{line}"] if Path(editor[0]).stem in _TAKES_PLUS else []), path]


def _place(state: WatchState) -> tuple[str, str]:
    causes = state.attempt.causes if state.attempt is not None else ()
    for cause in causes:
        found = _PLACE.match(cause.says)
        if found and not Path(found[1]).is_absolute() and (state.project / found[1]).is_file():
            return found[1], found[2]
    about = state.exercise.about
    there = [name for name in about.learner if (state.project / name).is_file()]
    return next(iter(there or about.learner)), ""

"""Places in a learner's files, as terminals and editors open them: `file:line`, from the current folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from grader.display import visible

_PLACE = re.compile(r"(?<!\S)([^\s,]+), line (\d+)")
"""How sentences of ours name a file and a line; it begins where a word does, so that it reads each word once."""
_FRAME = re.compile(r'(?<=File ")\$PROJECT/([^"\n]+)(?=", line \d)')
"""A file of the project in a traceback."""


def from_here(path: Path) -> str:
    """The shorter of a path from the current folder and the absolute one."""
    whole = str(path.absolute())
    try:
        near = os.path.relpath(path)
    except (OSError, ValueError):  # the current folder is gone, or the path is on another drive
        return whole
    return near if len(near) <= len(whole) else whole


def in_sentence(text: str, project: Path) -> str:
    """A sentence of ours, with files of the project and their lines as somebody opens them from here.

    Args:
        text: of a cause, fit to be shown.
        project: the learner's folder; where it is an archive, all stays as it is.
    """

    def place(found: re.Match[str]) -> str:
        here = _file(project, found[1])
        return f"{here}:{found[2]}" if here else found[0]

    return _PLACE.sub(place, text) if project.is_dir() else text


def in_traceback(text: str, project: Path) -> str:
    """A message with the files of the project in its tracebacks as somebody opens them from here.

    Args:
        text: of a lost check, fit to be shown. What else stands there, like a path that was expected, stays.
        project: the learner's folder; where it is an archive, all stays as it is.
    """
    return _FRAME.sub(lambda found: _file(project, found[1]) or found[0], text) if project.is_dir() else text


def _file(project: Path, name: str) -> str:
    """A file's path from here; empty where the project holds none of that name."""
    path = project / name
    if Path(name).is_absolute() or ".." in Path(name).parts or not _is_file(path):
        return ""
    return visible(from_here(path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False

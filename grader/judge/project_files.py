"""Where a project's files aren't as a check takes them to be: what is wrong, as a sentence to the learner."""

from __future__ import annotations

import errno
from pathlib import Path

_LEARNERS = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ENAMETOOLONG)
"""What may come of a project's own files and folders; all else is trouble of the machine."""
_DEPTHS = {"project": 1, "copies": 3, "taken": 4}
"""How deep a project lies in the folders of an attempt: the learner's own, its copies, and what was unpacked."""


def trouble(error: BaseException, root: Path) -> str:
    """What is wrong with the project where one of its files couldn't be used.

    Args:
        error: what was raised in the judge.
        root: the attempt's folder.

    Returns:
        A sentence; empty if the error is about something else, and so is none of the learner's.
    """
    if not isinstance(error, OSError) or error.errno not in _LEARNERS or not isinstance(error.filename, str | Path):
        return ""
    path = Path(error.filename)
    top = _top(path, root)
    return _wrong_with(path, top, error) if top is not None and top.is_dir() else ""


def _wrong_with(path: Path, top: Path, error: OSError) -> str:
    for folder in [*reversed(path.relative_to(top).parents)][1:]:
        if not (top / folder).is_dir():
            return _not_a_folder(top / folder, folder.as_posix())
    name = path.relative_to(top).as_posix()
    if error.errno == errno.ENOENT:
        return f"{name} is missing from your project."
    if error.errno == errno.ENOTDIR:
        return _not_a_folder(path, name)
    if error.errno == errno.EISDIR:
        return f"{name} is a folder in your project; it must be a file."
    return f"{name} in your project can't be used: {error.strerror}."


def lacking(folder: Path, name: str) -> str:
    """What is wrong where a folder of the project has to be; empty if it is there."""
    return "" if folder.is_dir() else _not_a_folder(folder, name)


def _top(path: Path, root: Path) -> Path | None:
    """The folder of the project, or of the copy of it, that a path leads into; None if into neither."""
    if not path.is_relative_to(root):
        return None
    parts = path.relative_to(root).parts
    depth = _DEPTHS.get(parts[0], len(parts)) if parts else 0
    return root.joinpath(*parts[:depth]) if 0 < depth < len(parts) else None


def _not_a_folder(path: Path, name: str) -> str:
    if path.exists():
        return f"{name} is a file in your project; it must be a folder."
    return f"{name}/ is missing from your project."

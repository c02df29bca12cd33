"""Change a project all at once or not at all, even if a command is killed half-way.

They are written down before the first and struck out after the last. Where a command is killed between, the next one
finishes them; where one fails or is interrupted, what was changed is changed back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

import msgspec

from grader import storage
from grader.errors import UsageError
from grader.intake.copies import shown
from grader.progress import FOLDER
from grader.learning.workspace import stub_records
from grader.learning.workspace.stub_records import StubRecord
from grader.learning.workspace.project_files import File, Tree

_NAME = "unfinished.json"


class Change(msgspec.Struct, frozen=True):
    """What becomes of one file."""

    name: str
    """Below the project, with slashes."""
    before: File | None
    after: File | None


class _Journal(msgspec.Struct, frozen=True):
    project: str
    changes: tuple[Change, ...]
    laid: dict[str, StubRecord]


def differences(old: Tree, new: Tree) -> tuple[Change, ...]:
    """The changes that make one tree the other: what goes makes place for what comes."""
    gone = [Change(name, file, None) for name, file in sorted(old.items()) if name not in new]
    come = [
        Change(name, old.get(name), file)
        for name, file in sorted(new.items())
        if name not in old or old[name].content != file.content
    ]
    return (*gone, *come)


def apply(workspace: Path, project: str, changes: Sequence[Change], laid: dict[str, StubRecord]) -> None:
    """Change a project, and record what is laid there then. The caller holds the lock.

    Args:
        workspace: the folder that holds the project.
        project: its name there.
        changes: what becomes of its files, as `differences` gives them.
        laid: what is to be recorded.

    Raises:
        UsageError: a file can't be changed, or was changed by somebody else just now; then all are as they were.
    """
    try:
        _begin(workspace, _Journal(project, tuple(changes), laid))
        try:
            _change(workspace, project, changes, strict=True)
        except BaseException:
            back = [Change(each.name, each.after, each.before) for each in reversed(changes)]
            _change(workspace, project, back, strict=False)
            _path(workspace).unlink()
            raise
        _end(workspace, laid)
    except OSError as error:
        where = shown(error.filename or workspace / project)
        raise UsageError(f"{where} can't be changed: {error.strerror}. Nothing was changed.") from error


def finish(workspace: Path) -> None:
    """Finish what a killed command left. The caller holds the lock.

    Raises:
        UsageError: it can't be done.
    """
    path = _path(workspace)
    try:
        for left in path.parent.glob(".new-*"):
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        content = storage.read(path)
        if content is None:
            return
        journal = msgspec.json.decode(content, type=_Journal)
        _change(workspace, journal.project, journal.changes, strict=False)
        _end(workspace, journal.laid)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UsageError(
            f"{path} can't be understood: {error}. Delete it, and see what is in .kata/backups."
        ) from error
    except OSError as error:
        where = shown(error.filename or path)
        raise UsageError(f"What a command left half done can't be finished: {error.strerror} ({where}).") from error


def unfinished(workspace: Path) -> bool:
    """Whether there is something to finish."""
    return os.path.lexists(_path(workspace))


def _begin(workspace: Path, journal: _Journal) -> None:
    storage.write(_path(workspace), msgspec.json.encode(journal))


def _end(workspace: Path, laid: dict[str, StubRecord]) -> None:
    if laid:
        stub_records.save(workspace, laid)
    _path(workspace).unlink()


def _path(workspace: Path) -> Path:
    return workspace / FOLDER / _NAME


def _change(workspace: Path, project: str, changes: Sequence[Change], *, strict: bool) -> None:
    """Make the changes that aren't made yet; what is neither as before nor as after is somebody's newer work."""
    if (
        not project
        or PurePosixPath(project).name != project
        or Path(project).name != project
        or project.startswith(".")
    ):
        raise UsageError(f"{shown(project)} is no project's name; delete {_path(workspace)}.")
    folder = workspace / project
    for change in changes:
        try:
            path = _checked_path(folder, change.name)
        except UsageError:
            if strict:
                raise
            continue  # it can't have been made, nor can it be made now
        present = storage.read(path) if not _is_folder(path) else None
        if present == (change.after and change.after.content):
            continue
        if present != (change.before and change.before.content):
            if strict:
                raise UsageError(f"{shown(path)} was changed a moment ago; try again. Nothing was changed.")
            continue
        if change.after is None:
            _remove_file(path, folder)
        else:
            _write_file(path, change.after, workspace / FOLDER)


def _checked_path(folder: Path, name: str) -> Path:
    """Where a file of a project is, having looked that no link and no file stands on the way."""
    path = folder / name
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or path.is_absolute() != folder.is_absolute() or not path.is_relative_to(folder):
        raise UsageError(f"{shown(name)} is no file of a project; nothing was changed.")
    for parent in (folder, *(folder / Path(*parts[:count]) for count in range(1, len(parts)))):
        if os.path.lexists(parent) and not _is_folder(parent):
            raise UsageError(f"{shown(parent)} is not a folder; move it away and try again. Nothing was changed.")
    return path


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _remove_file(path: Path, folder: Path) -> None:
    path.unlink()
    for parent in path.parents:
        if parent == folder:
            break
        with suppress(OSError):  # something is left in there
            parent.rmdir()


def _write_file(path: Path, file: File, scratch: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_folder(path):
        with suppress(OSError):  # what is left in there is not ours to remove
            path.rmdir()
    storage.write(path, file.content, scratch=scratch, executable=file.executable)

"""Keep what a command replaced below `.kata/backups`: a folder for each exercise, in it one for each time.

Nothing here is ever changed or removed by us.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grader import storage
from grader.errors import UsageError
from grader.intake.copies import shown
from grader.progress import FOLDER
from grader.learning.workspace import project_files
from grader.learning.workspace.project_files import File, Tree

_FILES = "files"
_ABOUT = "kept.json"


class _About(msgspec.Struct, frozen=True):
    when: str = ""
    why: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup."""

    number: int
    """Counted from 1, for each exercise."""
    when: str
    """Local time, to the minute."""
    why: str
    """The command that made it."""
    version: int
    """The exercise's whose stub the files began from; 0: not known."""
    folder: Path
    """That holds the files."""

    def tree(self) -> dict[str, File]:
        """The files.

        Raises:
            IntakeError: somebody has put something else than plain files there.
            UsageError: they are gone.
        """
        tree = project_files.take(self.folder)
        if not tree:
            raise UsageError(f"{self.folder} holds no files any more.")
        return tree


def save(workspace: Path, exercise: str, tree: Tree, why: str, version: int = 0) -> int:
    """Keep a copy of a project's files, unless the latest one is the same; gives its number.

    Raises:
        UsageError: it can't be written.
    """
    present = list_backups(workspace, exercise)
    if present and _same(present[-1], tree):
        return present[-1].number
    number = present[-1].number + 1 if present else 1
    try:
        folder = _own_folder(workspace, exercise)
        fresh = storage.fresh_name(workspace / FOLDER)
        fresh.mkdir()
        project_files.write(tree, fresh / _FILES)
        when = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        storage.write(fresh / _ABOUT, msgspec.json.encode(_About(when, why, version)))
        fresh.rename(folder / str(number))
    except OSError as error:
        raise UsageError(
            f"What is in {exercise} can't be kept in {workspace / FOLDER}: {error.strerror}. Nothing was changed."
        ) from error
    return number


def list_backups(workspace: Path, exercise: str) -> tuple[Backup, ...]:
    """The backups of an exercise, oldest first."""
    folder = workspace / FOLDER / "backups" / exercise
    try:
        names = [name for name in os.listdir(folder) if name.isascii() and name.isdigit()]  # noqa: PTH208 - names only
    except OSError:
        return ()
    return tuple(_read_backup(folder / str(number)) for number in sorted(map(int, names)))


def _read_backup(folder: Path) -> Backup:
    try:
        about = msgspec.json.decode(storage.read(folder / _ABOUT) or b"{}", type=_About)
        when = datetime.datetime.fromisoformat(about.when).strftime("%Y-%m-%d %H:%M")
    except (OSError, ValueError, RecursionError):
        about, when = _About(), ""
    return Backup(int(folder.name), when, shown(about.why), about.version, folder / _FILES)


def _same(kept: Backup, tree: Tree) -> bool:
    try:
        return project_files.file_digests(kept.tree()) == project_files.file_digests(tree)
    except UsageError:
        return False


def _own_folder(workspace: Path, exercise: str) -> Path:
    folder = workspace / FOLDER
    for name in ("backups", exercise):
        folder = folder / name
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise UsageError(f"{folder} is a symbolic link; move it away and try again. Nothing was changed.")
    return folder

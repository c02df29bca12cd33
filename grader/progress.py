"""The learner's history on disk: `.kata/progress.json` in a workspace. docs/learning.md describes the file.

Versions before and after this one read and write the same file: what this one doesn't know is kept as it came.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from grader import storage
from grader.errors import UsageError
from grader.model import Attempt, Verdict

FOLDER = ".kata"
"""The folder that makes another one a workspace."""
DEFAULT = "workspace"
"""What a workspace is called that nobody gave a name."""
_MOST_NEIGHBOURS = 1000
"""Entries of a folder among which workspaces are looked for."""
_NAME = "progress.json"
_OUR_FILE_PREFIXES = ("progress.", "stubs.", "backups", "unfinished.")
"""How the names of what we keep there begin, also of what was set aside."""
_FORMAT_VERSION = 1


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the attempts at one exercise."""

    exercise: str
    version: int = 0
    """The exercise's, when it was last graded; 0: never."""
    best: int | None = None
    """The highest score under that version."""
    last: int | None = None
    passed_version: int | None = None
    """The latest version of the exercise that was passed."""
    outcomes: dict[str, str] = {}
    """Of the checks in the last attempt, by their ids, in the order of the report."""
    attempts: int = 0
    """Gradings, not counting those of the very same files."""
    hints: dict[str, int] = {}
    """How many levels were shown, by the check that they were for; "" where none had failed yet."""
    gave_up: bool = False
    """Whether the solution was asked for before the exercise was passed."""
    digest: str = ""
    """SHA-256 of the files that were graded last."""
    passed_digest: str = ""
    """The same, of those that passed last."""

    @property
    def lost(self) -> tuple[str, ...]:
        """The checks that the last attempt lost."""
        return tuple(check for check, outcome in self.outcomes.items() if outcome in ("failed", "timeout"))

    def passed(self, version: int) -> bool:
        """Whether this version of the exercise was passed, or a later one."""
        return self.passed_version is not None and self.passed_version >= version

    def passed_earlier(self, version: int) -> bool:
        """Whether an earlier version of the exercise was passed, and this one wasn't."""
        return self.passed_version is not None and self.passed_version < version


@dataclass
class Progress:
    """The entries of a workspace, by the exercises' names."""

    entries: dict[str, Entry] = field(default_factory=dict)
    trouble: str | None = None
    """What was wrong with the file, as a sentence."""
    _document: dict[str, Any] = field(default_factory=dict)

    def entry(self, exercise: str) -> Entry:
        """What is known of that exercise, if it is nothing."""
        return self.entries.get(exercise) or Entry(exercise=exercise)

    def encoded(self) -> bytes:
        """The file's content."""
        came = self._document.get("exercises", {})
        own = {name: came.get(name, {}) | msgspec.to_builtins(entry) for name, entry in self.entries.items()}
        document = self._document | {"format_version": _FORMAT_VERSION, "exercises": came | own}
        return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def workspace_around(here: Path) -> Path | None:
    """The nearest workspace upwards. Others call folders `.kata`, too: what holds nothing of ours is passed by."""
    return next(
        (folder for folder in (here, *here.parents) if is_workspace(folder) and _is_ours(folder / FOLDER)), None
    )


def usual_workspaces(here: Path) -> list[Path]:
    """The workspaces that somebody may mean who stands in a folder and names none; more than one where it isn't clear.

    That is the nearest one upwards; else `workspace/` in that folder, whether or not progress is kept in it; else each
    workspace of another name there. Where there is nothing, it is `workspace/`, which can be made.
    """
    around = workspace_around(here)
    if around is not None:
        return [around]
    default = here / DEFAULT
    if default.is_dir():
        return [default]
    try:
        with os.scandir(here) as entries:
            names = sorted(entry.name for entry in islice(entries, _MOST_NEIGHBOURS) if entry.is_dir())
    except OSError:
        names = []
    places = [here / name for name in names]
    return [place for place in places if is_workspace(place) and _is_ours(place / FOLDER)] or [default]


def is_workspace(workspace: Path) -> bool:
    """Whether a folder is a workspace in which progress is kept, since `kata start` or `kata grade` made it one."""
    try:
        return stat.S_ISDIR((workspace / FOLDER).lstat().st_mode)
    except OSError:
        return False


def _is_ours(folder: Path) -> bool:
    try:
        names = [entry.name for entry in folder.iterdir()]
    except OSError:
        return False
    return not names or any(name.startswith(_OUR_FILE_PREFIXES) for name in names)


def load(workspace: Path) -> Progress:
    """The progress of a workspace; empty where there is no file. A broken one is set aside, and `trouble` tells why."""
    path = workspace / FOLDER / _NAME
    try:
        return _read(path)
    except _BrokenError as broken:
        try:
            with storage.locked(path.parent):
                return _load_repaired(path)
        except (OSError, UsageError):
            broken.rest.trouble = f"{broken} It can't be set aside, so nothing will be written to it."
            return broken.rest
    except OSError as error:
        return Progress(trouble=f"{path} can't be read: {error.strerror}.")


def save(workspace: Path, progress: Progress) -> None:
    """Write the entries of that progress, and leave others as they are by now.

    Raises:
        UsageError: they can't be written.
    """
    with changing(workspace) as present:
        present.entries |= progress.entries


@contextmanager
def changing(workspace: Path) -> Iterator[Progress]:
    """The progress of a workspace to be changed, which is written afterwards; nobody else writes meanwhile.

    Raises:
        UsageError: it can't be read or written.
    """
    path = workspace / FOLDER / _NAME
    try:
        path.parent.mkdir(exist_ok=True)
        with storage.locked(path.parent):
            progress = _load_repaired(path)
            before = progress.encoded()
            yield progress
            if progress.encoded() != before:
                storage.write(path, progress.encoded())
    except OSError as error:
        raise UsageError(f"Progress can't be written to {path}: {error.strerror}.") from error


def with_attempt(entry: Entry, attempt: Attempt, version: int) -> Entry:
    """The entry after one more attempt at that version of the exercise.

    One that could not be graded tells nothing, and one of the very same files is no further attempt.
    """
    if attempt.verdict is Verdict.UNGRADED or attempt.score is None:
        return entry
    before = entry.best if entry.version == version else None
    passed = attempt.verdict is Verdict.PASSED
    return msgspec.structs.replace(
        entry,
        version=version,
        best=max(attempt.score, before or 0),
        last=attempt.score,
        outcomes={check.id: str(check.outcome) for check in attempt.checks},
        attempts=entry.attempts + ((attempt.digest, version) != (entry.digest, entry.version)),
        digest=attempt.digest,
        passed_version=max(version, entry.passed_version or 0) if passed else entry.passed_version,
        passed_digest=attempt.digest if passed else entry.passed_digest,
    )


class _BrokenError(Exception):
    """The file can't be understood, or some entries in it can't; holds the rest."""

    def __init__(self, says: str, rest: Progress | None = None) -> None:
        super().__init__(says)
        self.rest = rest or Progress()


def _load_repaired(path: Path) -> Progress:
    """The progress, after what is broken of it was set aside. The caller holds the lock."""
    try:
        return _read(path)
    except _BrokenError as broken:
        broken.rest.trouble = f"{broken} It is kept as {storage.set_aside(path).name}."
        if broken.rest.entries:
            storage.write(path, broken.rest.encoded())
        return broken.rest


def _read(path: Path) -> Progress:
    try:
        content = storage.read(path)
    except PermissionError:
        raise
    except OSError as error:
        raise _BrokenError(f"{path} can't be understood: {error.strerror}.") from error
    if content is None:
        return Progress()
    try:
        document = msgspec.json.decode(content)
    except (ValueError, RecursionError) as error:
        raise _BrokenError(f"{path} can't be understood: {error}.") from error
    if not isinstance(document, dict) or not isinstance(document.setdefault("exercises", {}), dict):
        raise _BrokenError(f"{path} can't be understood: it holds no exercises.")
    return _decoded(path, document)


def _decoded(path: Path, document: dict[str, Any]) -> Progress:
    entries, faults = {}, []
    for name, fields in document["exercises"].items():
        try:
            entries[name] = msgspec.convert({**fields, "exercise": name}, Entry)
        except (msgspec.ValidationError, TypeError) as error:
            faults.append(f"{name}: {error}")
    progress = Progress(entries, _document=document)
    if faults:
        document["exercises"] = {name: document["exercises"][name] for name in entries}
        raise _BrokenError(f"{path} can't be understood in full ({'; '.join(faults)[:200]}).", progress)
    return progress

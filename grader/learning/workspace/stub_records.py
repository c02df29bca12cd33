"""Record which version of each stub a workspace got: `.kata/stubs.json`.

The record shows which files the learner has changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader import storage
from grader.catalog import Exercise
from grader.errors import UsageError
from grader.progress import FOLDER
from grader.learning.workspace import project_files
from grader.learning.workspace.project_files import File, Tree


class StubRecord(msgspec.Struct, frozen=True):
    """The stub of an exercise as it was laid."""

    folder: str
    """Its project's name in the workspace."""
    version: int
    """The exercise's."""
    digest: str
    """SHA-256 of the whole stub."""
    files: dict[str, str]
    """SHA-256 of each file of it."""

    def is_unchanged(self, name: str, file: File) -> bool:
        """Whether a file is as it was laid."""
        return self.files.get(name) == project_files.file_digest(file)


class _Records(msgspec.Struct):
    stubs: dict[str, StubRecord] = {}
    format_version: int = 1


NO_RECORD = StubRecord("", 0, "", {})


def record_of(exercise: Exercise, tree: Tree | None = None) -> StubRecord:
    """What is recorded when an exercise's stub, which may have been read already, is laid."""
    files = project_files.file_digests(project_files.read(exercise.stub) if tree is None else tree)
    return StubRecord(exercise.name, exercise.about.version, project_files.tree_digest(files), files)


def load(workspace: Path) -> dict[str, StubRecord]:
    """What was laid there, by the exercises' names; nothing, where the record is missing or can't be understood."""
    try:
        content = storage.read(_path(workspace))
        return {} if content is None else msgspec.json.decode(content, type=_Records).stubs
    except (OSError, ValueError, RecursionError):
        return {}


def outdated(exercises: Sequence[Exercise], workspace: Path) -> tuple[Exercise, ...]:
    """The exercises that are newer than what was laid there, or that were not there to be laid."""
    known = load(workspace)
    return tuple(each for each in exercises if known.get(each.slug, NO_RECORD).version < each.about.version)


def save(workspace: Path, more: dict[str, StubRecord]) -> None:
    """Record what is laid there. The caller holds the lock.

    Raises:
        UsageError: it can't be written.
    """
    path = _path(workspace)
    try:
        present = load(workspace)
        if not present and path.exists():
            storage.set_aside(path)
        content = msgspec.json.encode(_Records(present | more))
        storage.write(path, msgspec.json.format(content, indent=2) + b"\n")
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.") from error


def _path(workspace: Path) -> Path:
    return workspace / FOLDER / "stubs.json"

"""What became of mutants and cheats, kept as lines of JSON, so that a run goes on where it was interrupted."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec

from grader.catalog import Exercise
from grader.environment.interpreters import Interpreter
from grader.explaining.diagnosis import signatures_path


class _Kept(Protocol):
    @property
    def key(self) -> str:
        """Of all that it depends on; see `key_of`."""


Result = TypeVar("Result", bound=_Kept)


class Results(Generic[Result]):
    """A file of results.

    Args:
        path: the file; it is made when there is something to keep.
        kind: a struct, what a line of it holds.
    """

    def __init__(self, path: Path, kind: type[Result]) -> None:
        self._path = path
        self._known: dict[str, Result] = {}
        content = path.read_bytes() if path.exists() else b""
        self._cut_short = bool(content) and not content.endswith(b"\n")
        for line in content.splitlines():
            try:
                result = msgspec.json.decode(line, type=kind)
            except msgspec.DecodeError:
                continue  # cut short when a run was killed: graded again
            self._known[result.key] = result

    def get(self, key: str) -> Result | None:
        """What is known, if anything is."""
        return self._known.get(key)

    def add(self, result: Result) -> None:
        """Keep a result, at once."""
        self._known[result.key] = result
        self._path.parent.mkdir(parents=True, exist_ok=True)
        start = b"\n" if self._cut_short else b""
        self._cut_short = False
        with self._path.open("ab") as file:
            file.write(start + msgspec.json.encode(result) + b"\n")


def key_of(digest: str, exercise: Exercise, interpreter: Interpreter) -> str:
    """Of all that a result depends on.

    Args:
        digest: of the answer's files.
        exercise: whose checks they are.
        interpreter: what the answer runs under.
    """
    whole = hashlib.sha256(f"{digest} {exercise.digest} {interpreter.version}".encode())
    for path in (exercise.folder / "mistakes/mistakes.toml", signatures_path(exercise)):
        whole.update(path.read_bytes() if path.exists() else b"")
    return whole.hexdigest()

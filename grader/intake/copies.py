"""The copy that is made of a project: what may come into it and how much, wherever it comes from."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from grader.display import shorten, visible
from grader.errors import IntakeError

MAX_FILES = 2_000
MAX_FILE_BYTES = 8 << 20
MAX_BYTES = 32 << 20
MAX_DEPTH = 32
MAX_PATH_BYTES = 1_000
"""Of a path inside of the project; systems take 4,096 or less, and projects are copied to other places."""
CHUNK = 1 << 18
"""Bytes that are read at once."""

# What tools leave beside the work: never part of an answer, and stale builds would change a new one.
_CACHE = "__pycache__"
LEFT_OUT_FOLDERS = frozenset(
    {
        _CACHE, ".git", ".hg", ".svn", ".idea", ".vscode", ".tox", ".nox", ".venv", "venv", "node_modules",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".eggs", "__MACOSX",
    }
)  # fmt: skip
_LEFT_OUT_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_LEFT_OUT_AT_THE_TOP = frozenset({"build", "dist"})
_APPLE_DOUBLE = "._"
"""How names begin under which macOS keeps attributes of a file beside it."""
_EGG_INFO = re.compile(r".*\.egg-info", re.IGNORECASE)
VIRTUALENV_MARK = "pyvenv.cfg"
"""The file that makes a folder a virtualenv, whatever it is called."""

NOT_PLAIN = "a project is made of plain files and folders"


@dataclass(slots=True)
class Copy:
    """A copy being made, and how much may still come into it."""

    target: Path
    """Its folder."""
    source: str
    """What it is made of, in messages: `folder` or `archive`."""
    _files: int = field(default_factory=lambda: MAX_FILES)
    _size: int = field(default_factory=lambda: MAX_BYTES)

    def admit(self, name: str, where: str) -> None:
        """Count one more file or folder of that name, which messages call `where`."""
        self._files -= 1
        if self._files < 0:
            raise self.too_many(where)
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            raise IntakeError(f"The name of {where} is not UTF-8; rename that file.") from None

    def too_many(self, where: str) -> IntakeError:
        """What to raise when there are too many files and folders, the last of which messages call `where`."""
        return IntakeError(f"{where} brings the project over {MAX_FILES} files; is this the right {self.source}?")

    def check_depth(self, depth: int, where: str) -> None:
        """Refuse a folder that lies below too many others."""
        if depth > MAX_DEPTH:
            raise IntakeError(f"{where} is nested more than {MAX_DEPTH} folders deep; is this the right {self.source}?")

    def check_path(self, path: str, where: str) -> None:
        """Refuse what has too long a path in the project to be copied anywhere."""
        if len(path.encode("utf-8", "surrogateescape")) > MAX_PATH_BYTES:
            raise IntakeError(f"The path of {where} is longer than {MAX_PATH_BYTES:,} bytes; use shorter names.")

    def fill(self, writer: io.FileIO, chunks: Iterable[bytes], where: str) -> None:
        """Write a file of the copy, and count its bytes as they come."""
        written = 0
        for chunk in chunks:
            written += len(chunk)
            self._size -= len(chunk)
            check_size(written, where)
            if self._size < 0:
                raise IntakeError(f"{where} brings the project over {MAX_BYTES:,} bytes in all.")
            _write(writer, chunk)


def _write(writer: io.FileIO, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[writer.write(rest) :]


def check_size(size: int, where: str) -> None:
    """Refuse a file of more bytes than any file of a project may have."""
    if size > MAX_FILE_BYTES:
        raise IntakeError(f"{where} holds {size:,} bytes; at most {MAX_FILE_BYTES:,} are allowed.")


def set_executable(path: Path) -> None:
    """Let a file of the copy be executed, as its owner could: no other bit of a mode is taken over."""
    if os.name == "posix":
        path.chmod(0o755)


def left_out(name: str, *, folder: bool, top: bool) -> bool:
    """Whether what has this name is left out, as what tools leave beside the work.

    Args:
        name: its own name, without the folders above.
        folder: whether it is one.
        top: whether it lies at the top of the project.
    """
    if name in _LEFT_OUT_FILES or name.startswith(_APPLE_DOUBLE):
        return True
    if not folder:
        return False
    if name.casefold() == _CACHE:  # to systems that don't tell case apart, Python's by any spelling
        return True
    return name in LEFT_OUT_FOLDERS or bool(_EGG_INFO.fullmatch(name)) or (top and name in _LEFT_OUT_AT_THE_TOP)


def kind(mode: int) -> str:
    """What a mode that is neither a plain file's nor a folder's stands for."""
    kinds = {stat.S_ISLNK: "a symbolic link", stat.S_ISFIFO: "a named pipe", stat.S_ISSOCK: "a socket"}
    return next((words for test, words in kinds.items() if test(mode)), "a device")


def shown(path: str | Path) -> str:
    """A name that somebody else chose, on one line and harmless to whatever shows it."""
    line = visible(str(path).encode("utf-8", "backslashreplace").decode()).replace("\n", "\\n").replace("\t", "\\t")
    return shorten(line, lines=1)

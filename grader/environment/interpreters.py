"""The CPython interpreters of this machine."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.environment import cache
from grader.errors import UsageError

if TYPE_CHECKING:
    from python_discovery import PythonInfo

OLDEST = (3, 10)
"""The oldest version that projects are graded under."""
NEWEST = (3, 15)
"""The newest version that the grader and all exercises are tested with; newer ones are used, and said to be untried."""
PATIENCE = 60
"""Seconds for an interpreter to say what it is: one that nobody has used for long may start from a slow disk."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """One installed interpreter, never that of a virtualenv."""

    executable: Path
    version: str
    """In full, like 3.12.1."""
    prefix: Path
    """The folder that holds its standard library."""

    @property
    def tested(self) -> bool:
        """Whether the grader and all exercises are tested with this version."""
        return OLDEST <= self.minor <= NEWEST

    @property
    def minor(self) -> tuple[int, int]:
        """Like (3, 12)."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    def is_of(self, version: str | None) -> bool:
        """Whether it is of a version that is named like 3.12."""
        return version == ".".join(self.version.split(".")[:2])


def current() -> Interpreter:
    """The interpreter below the one that runs the grader."""
    executable = Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()
    return Interpreter(executable, ".".join(map(str, sys.version_info[:3])), Path(sys.base_prefix).resolve())


def find(wanted: str) -> Interpreter:
    """The interpreter of a version (`3.12`, `3.12.1`) or path.

    Raises:
        UsageError: there is none, or it is no CPython of 3.10 or later.
    """
    here = current()
    if wanted == here.version or here.is_of(wanted):
        return here
    is_path = os.sep in wanted or (os.altsep or os.sep) in wanted or Path(wanted).is_file()
    if is_path and not Path(wanted).exists():
        raise UsageError(f"There is no interpreter at {wanted}.")
    try:
        sought = str(Path(wanted).absolute()) if is_path else wanted.strip()
        # To look for what is no version, command or path would mean to start each Python that there is.
        may_be = is_path or any(map(str.isdigit, sought)) or shutil.which(sought)
        # The first is taken; to know the others might mean to start each wrapper of a version manager.
        first = next(_discovered(sought), None) if may_be else None
    except RuntimeError as error:  # what the library raises for a program that is no interpreter
        raise UsageError(f"{wanted} can't be asked which Python it is: {error}") from error
    if first is not None:
        found = _as_interpreter(first)
        if first.implementation != "CPython" or found.minor < OLDEST:
            raise UsageError(
                f"{wanted} is {first.implementation} {found.version}; projects are graded under CPython 3.10 or later."
            )
        return found
    known = ", ".join(sorted({each.version for each in find_all()}, key=_sort_key))
    raise UsageError(f"There is no interpreter {wanted!r} here. Found: {known}. Give one of these, or a path.")


def find_all() -> tuple[Interpreter, ...]:
    """One interpreter for each minor version from 3.10 up, oldest first; the grader's own stands for its version."""
    best = {current().minor: current()}
    # One more than is tested: whoever has a preview of the next version wants to see it named.
    for minor in range(OLDEST[1], max(NEWEST[1], sys.version_info.minor) + 2):
        if (3, minor) in best:
            continue
        for info in _discovered(f"cpython3.{minor}"):
            best[3, minor] = _as_interpreter(info)
            break
    return tuple(best[minor] for minor in sorted(best))


def _discovered(spec: str) -> Iterator[PythonInfo]:
    from python_discovery import DiskCache, iter_interpreters  # takes 0.1 s, and most runs need none

    logging.getLogger("python_discovery").setLevel(logging.CRITICAL)  # what it can't use is no news to the user
    # The library asks pyenv for its active versions only; the others are as good.
    installed = [str(path) for path in _pyenv_executables()]
    known = DiskCache(cache.folder() / "interpreters")
    patient = {"PY_DISCOVERY_TIMEOUT": str(PATIENCE), **os.environ}
    yield from iter_interpreters(spec, try_first_with=installed, cache=known, env=patient)


def _pyenv_executables() -> Iterator[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    # Named by version; the library stops at one that is too old to be asked.
    pattern = "versions/3.[1-9][0-9]*/" + ("python.exe" if sys.platform == "win32" else "bin/python")
    with contextlib.suppress(OSError):  # somebody else's, and not for us to read
        yield from sorted(root.glob(pattern))


def _as_interpreter(info: PythonInfo) -> Interpreter:
    executable = Path(info.system_executable or info.executable).resolve()
    return Interpreter(executable, info.version_str, Path(info.system_prefix).resolve())


def _sort_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())

"""Take a project in: a copy of its plain files, with care, since names, kinds, sizes and counts are somebody else's."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.display import visible
from grader.errors import InfrastructureError, IntakeError, ran_out

MAX_FILES = 2_000
MAX_FILE_BYTES = 8 << 20
MAX_BYTES = 32 << 20
_MAX_DEPTH = 32
_CHUNK = 1 << 18

# What tools leave beside the work: never part of an answer, and stale builds would change a new one.
_LEFT_OUT_FOLDERS = frozenset(
    {
        "__pycache__", ".git", ".hg", ".svn", ".idea", ".vscode", ".tox", ".nox", ".venv", "venv", "node_modules",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".eggs",
    }
)  # fmt: skip
_LEFT_OUT_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_LEFT_OUT_AT_THE_TOP = frozenset({"build", "dist"})
_EGG_INFO = re.compile(r".*\.egg-info", re.IGNORECASE)


@dataclass(slots=True)
class _Budget:
    files: int = MAX_FILES
    size: int = MAX_BYTES


def take_in(source: Path, target: Path) -> None:
    """Copy a project's plain files to a new folder; nothing of the source is changed.

    Raises:
        IntakeError: it is missing or unreadable, too large, or holds a link, a device or a name that isn't UTF-8.
    """
    try:
        if not source.is_dir():
            kind = "not a folder" if source.exists() else "not there"
            raise IntakeError(f"The project {_shown(source)} is {kind}; name the folder that holds its files.")
        target.mkdir(parents=True)
        _copy_folder(source, target, PurePosixPath(), _Budget())
    except OSError as error:
        if ran_out(error):
            raise InfrastructureError(f"The copy of a project can't be written: {error.strerror}.") from error
        raise IntakeError(
            f"The project {_shown(source)} can't be read: {error.strerror or error} ({error.filename})."
        ) from error


def _copy_folder(source: Path, target: Path, at: PurePosixPath, budget: _Budget) -> None:
    if len(at.parts) > _MAX_DEPTH:
        raise IntakeError(f"{_shown(source)} is nested more than {_MAX_DEPTH} folders deep; is this the right folder?")
    with os.scandir(source) as scanned:
        # One too many is enough to know. In order, so that tools which list the copy list it the same way each time.
        counted = itertools.islice((entry for entry in scanned if not _left_out(entry, at)), MAX_FILES + 1)
        entries = sorted(counted, key=lambda entry: entry.name)
    for entry in entries:
        budget.files -= 1
        if budget.files < 0:
            raise IntakeError(f"{_shown(source)} brings the project over {MAX_FILES} files; is this the right folder?")
        _check_name(entry)
        if entry.is_dir(follow_symlinks=False):
            (target / entry.name).mkdir()
            _copy_folder(source / entry.name, target / entry.name, at / entry.name, budget)
        else:
            _copy_file(source / entry.name, target / entry.name, budget)


def _left_out(entry: os.DirEntry[str], at: PurePosixPath) -> bool:
    if entry.name in _LEFT_OUT_FILES:
        return True
    if entry.is_symlink() and entry.name not in _LEFT_OUT_FOLDERS:
        return False  # is refused, not left out
    if not entry.is_dir(follow_symlinks=True):
        return False
    if entry.name in _LEFT_OUT_FOLDERS or _EGG_INFO.fullmatch(entry.name):
        return True
    if not at.parts and entry.name in _LEFT_OUT_AT_THE_TOP:
        return True
    return os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))  # noqa: PTH110, PTH118 - a virtualenv by any name


def _check_name(entry: os.DirEntry[str]) -> None:
    try:
        entry.name.encode("utf-8")
    except UnicodeEncodeError:
        raise IntakeError(f"The name of {_shown(entry.path)} is not UTF-8; rename that file.") from None


def _copy_file(source: Path, target: Path, budget: _Budget) -> None:
    with ExitStack() as opened:
        # O_NONBLOCK: a FIFO must not hold us up; O_NOFOLLOW: what is opened is what was looked at.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        before = os.lstat(source)
        if not stat.S_ISREG(before.st_mode):
            raise IntakeError(
                f"{_shown(source)} is {_kind(before.st_mode)}; a project is made of plain files and folders."
            )
        descriptor = os.open(source, flags)
        reader = opened.enter_context(open(descriptor, "rb", buffering=0))  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise IntakeError(f"{_shown(source)} changed while it was read; grade again.")
        if before.st_size > MAX_FILE_BYTES:
            raise IntakeError(
                f"{_shown(source)} holds {before.st_size:,} bytes; at most {MAX_FILE_BYTES:,} are allowed."
            )
        writer = opened.enter_context(open(target, "xb", buffering=0))  # noqa: PTH123
        while chunk := reader.read(min(_CHUNK, budget.size + 1)):
            budget.size -= len(chunk)
            if budget.size < 0:
                raise IntakeError(f"{_shown(source)} brings the project over {MAX_BYTES:,} bytes in all.")
            writer.write(chunk)
    if os.name == "posix" and before.st_mode & stat.S_IXUSR:
        target.chmod(0o755)


def _kind(mode: int) -> str:
    kinds = {stat.S_ISLNK: "a symbolic link", stat.S_ISFIFO: "a named pipe", stat.S_ISSOCK: "a socket"}
    return next((words for test, words in kinds.items() if test(mode)), "a device")


def _shown(path: str | Path) -> str:
    return visible(str(path).encode("utf-8", "backslashreplace").decode()).replace("\n", "\\n").replace("\t", "\\t")


def lay_over(files: tuple[str, ...], source: Path, target: Path) -> None:
    """Put the given files into the copy, whatever stands there."""
    for name in files:
        path = target / name
        for parent in reversed(path.relative_to(target).parents):
            _make_folder(target / parent)
        if path.is_dir():
            shutil.rmtree(path)
        shutil.copyfile(source / name, path)


def _make_folder(path: Path) -> None:
    if not path.is_dir():
        path.unlink(missing_ok=True)
        path.mkdir()


def digest(folder: Path) -> str:
    """SHA-256 over the names and contents of all files below a folder that was taken in."""
    whole = hashlib.sha256()
    for name, path in sorted(_files(folder)):
        content = path.read_bytes()
        whole.update(f"{len(name.encode())} {name} {len(content)} ".encode())
        whole.update(content)
    return whole.hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path

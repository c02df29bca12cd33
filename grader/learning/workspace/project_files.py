"""Read, compare and write the files of a project or stub."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader import intake
from grader.errors import UsageError
from grader.intake.copies import shown


class File(msgspec.Struct, frozen=True):
    """A plain file."""

    content: bytes
    executable: bool = False


Tree = Mapping[str, File]
"""Files by their names below a folder, with slashes; folders without files don't count."""


def read(folder: Path) -> dict[str, File]:
    """The files below a folder that is ours."""
    return {
        path.relative_to(folder).as_posix(): File(path.read_bytes(), _is_executable(path))
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts and path.is_file()
    }


def take(project: Path) -> dict[str, File]:
    """The files of somebody's project, taken in with care, without what tools leave there; none if it isn't there.

    Raises:
        IntakeError: it holds too much, or something that is no plain file.
        UsageError: it isn't a folder.
    """
    if not os.path.lexists(project):
        return {}
    if project.is_symlink() or not project.is_dir():
        raise UsageError(f"{shown(project)} is not a folder; move it away and try again.")
    with tempfile.TemporaryDirectory(prefix="kata-", ignore_cleanup_errors=True) as temporary:
        intake.take_in(project, Path(temporary) / "project", below=project.parent)
        return read(Path(temporary) / "project")


def write(tree: Tree, folder: Path) -> None:
    """Lay the files into a folder where nothing is yet, as writable as any new file."""
    for name, file in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        if file.executable:
            path.chmod(path.stat().st_mode | 0o111)


def file_digests(tree: Tree) -> dict[str, str]:
    """SHA-256 of each file's content."""
    return {name: file_digest(file) for name, file in tree.items()}


def file_digest(file: File) -> str:
    """SHA-256 of its content."""
    return hashlib.sha256(file.content).hexdigest()


def tree_digest(digests: Mapping[str, str]) -> str:
    """One for all the files."""
    return hashlib.sha256(msgspec.json.encode(sorted(digests.items()))).hexdigest()


def _is_executable(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & 0o100)

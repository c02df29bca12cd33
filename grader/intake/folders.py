"""Take a folder in: copy its plain files."""

from __future__ import annotations

import io
import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.intake import copies
from grader.intake.copies import CHUNK, LEFT_OUT_FOLDERS, VIRTUALENV_MARK, Copy, shown


def take(source: Path, target: Path) -> None:
    """Copy the plain files of a folder to a new one.

    Raises:
        IntakeError: it holds too much, or something other than plain files and folders.
        OSError: it can't be read, or the copy can't be written.
    """
    target.mkdir(parents=True)
    _copy_folder(source, PurePosixPath(), Copy(target, "folder"))


def _copy_folder(source: Path, at: PurePosixPath, copy: Copy) -> None:
    copy.check_depth(len(at.parts), shown(source))
    with os.scandir(source) as scanned:
        # One too many is enough to know. In order, so that tools which list the copy list it the same way each time.
        counted = itertools.islice((entry for entry in scanned if not _left_out(entry, at)), copies.MAX_FILES + 1)
        entries = sorted(counted, key=lambda entry: entry.name)
    for entry in entries:
        copy.admit(entry.name, shown(entry.path))
        if entry.is_dir(follow_symlinks=False):
            (copy.target / at / entry.name).mkdir()
            _copy_folder(source / entry.name, at / entry.name, copy)
        else:
            _copy_file(source / entry.name, copy.target / at / entry.name, copy)


def _left_out(entry: os.DirEntry[str], at: PurePosixPath) -> bool:
    if entry.is_symlink() and entry.name not in LEFT_OUT_FOLDERS:
        return copies.left_out(entry.name, folder=False, top=False)  # what leads to a folder is refused, not left out
    folder = entry.is_dir(follow_symlinks=True)
    if copies.left_out(entry.name, folder=folder, top=not at.parts):
        return True
    return folder and os.path.exists(os.path.join(entry.path, VIRTUALENV_MARK))  # noqa: PTH110, PTH118 - much faster


def _copy_file(source: Path, target: Path, copy: Copy) -> None:
    with copies.open_plain(source) as (reader, about):
        copies.check_size(about.st_size, shown(source))
        with target.open("xb", buffering=0) as writer:
            copy.fill(writer, _chunks(reader), shown(source))
    if about.st_mode & stat.S_IXUSR:
        copies.set_executable(target)


def _chunks(reader: io.FileIO) -> Iterator[bytes]:
    while chunk := reader.read(CHUNK):
        yield chunk

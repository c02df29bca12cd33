"""Take a folder in, from its top downwards, whatever others do to it meanwhile; `opening` says how."""

from __future__ import annotations

import io
import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from grader.errors import IntakeError
from grader.intake import copies, opening
from grader.intake.copies import CHUNK, LEFT_OUT_FOLDERS, VIRTUALENV_MARK, Copy, shown
from grader.intake.entries import MAX_ENTRIES
from grader.intake.locating import Locate, Location, Parts, whole
from grader.intake.opening import Folder


def take(source: Path, target: Path, locate: Locate, below: Path | None) -> Location:
    """Copy the plain files of a folder to a new one; see `take_in`.

    Open descriptors are as many as its folders are deep, and a few.

    Returns:
        Where the project was. If that is in an archive, nothing was copied.

    Raises:
        IntakeError: it holds too much, or something other than plain files and folders, or it changed meanwhile.
        OSError: it can't be read, or the copy can't be written.
    """
    location = whole(()) if locate is whole else locate(tuple(_files(source)))
    if location.archive:
        return location
    target.mkdir(parents=True)
    if location.folder:  # the path to it isn't the user's own word
        below = source if below is None else below
    with opening.open_folder(source.joinpath(*location.folder), below) as folder:
        _copy_folder(folder, target, Copy(target, "folder"), at="")
    for name, place in location.moves.items():
        _move(target, name, place)
    return location


def _files(source: Path) -> Iterator[Parts]:
    """The paths of a folder's files, as they are now: enough to see where in it the project is."""
    found = 0
    for folder, folders, names in os.walk(source):
        at = Path(folder).relative_to(source).parts
        folders[:] = sorted(
            name
            for name in folders
            if not copies.left_out(name, folder=True, top=False) and not Path(folder, name, VIRTUALENV_MARK).exists()
        )
        yield from ((*at, name) for name in sorted(names) if not copies.left_out(name, folder=False, top=False))
        found += len(names)
        if found > MAX_ENTRIES:
            return


def _move(target: Path, name: Parts, place: Parts) -> None:
    """Put a single file where it belongs in the project."""
    for depth in range(1, len(place)):
        if target.joinpath(*place[:depth]).is_file():
            raise IntakeError(f"It holds a file where the folder of {'/'.join(place)} belongs.")
    goal = target.joinpath(*place)
    if not goal.exists():
        goal.parent.mkdir(parents=True, exist_ok=True)
        target.joinpath(*name).rename(goal)


def _copy_folder(folder: Folder, target: Path, copy: Copy, *, at: str) -> None:
    copy.check_depth(at.count("/"), shown(folder.path))
    for entry in _entries(folder, copy, top=not at):
        name, where = entry.name, shown(folder.path_of(entry.name))
        if not entry.is_dir(follow_symlinks=False):
            copy.admit(name, where)
            copy.check_path(f"{at}{name}", where)
            _copy_file(folder, name, target / name, copy, where)
            continue
        with folder.enter(name) as inner:
            if not inner.holds(VIRTUALENV_MARK):
                copy.admit(name, where)
                copy.check_path(f"{at}{name}", where)
                (target / name).mkdir()
                _copy_folder(inner, target / name, copy, at=f"{at}{name}/")


def _entries(folder: Folder, copy: Copy, *, top: bool) -> list[os.DirEntry[str]]:
    """What isn't left out by its name, in order, so that tools which list the copy list it the same way each time."""
    with folder.scan() as scanned:
        # One too many is enough to know.
        kept = (entry for entry in scanned if not _is_left_out(entry, top=top))
        entries = sorted(itertools.islice(kept, copies.MAX_FILES + 1), key=lambda entry: entry.name)
    if len(entries) > copies.MAX_FILES:
        raise copy.too_many(shown(folder.path_of(entries[-1].name)))
    return entries


def _is_left_out(entry: os.DirEntry[str], *, top: bool) -> bool:
    if entry.is_symlink() and entry.name not in LEFT_OUT_FOLDERS:
        return copies.left_out(entry.name, folder=False, top=False)  # what leads to a folder is refused, not left out
    return copies.left_out(entry.name, folder=entry.is_dir(follow_symlinks=True), top=top)


def _copy_file(folder: Folder, name: str, target: Path, copy: Copy, where: str) -> None:
    with folder.open_file(name) as (reader, about):
        copies.check_size(about.st_size, where)
        with target.open("xb", buffering=0) as writer:
            copy.fill(writer, _chunks(reader), where)
    if about.st_mode & stat.S_IXUSR:
        copies.set_executable(target)


def _chunks(reader: io.FileIO) -> Iterator[bytes]:
    while chunk := reader.read(CHUNK):
        yield chunk

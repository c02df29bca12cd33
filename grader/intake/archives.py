"""Take an archive in: first its names, all of them, then the content of what is wanted.

What it says of sizes, modes and links isn't believed, and an archive inside of an archive is a file like any other.
"""

from __future__ import annotations

import io
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grader.errors import IntakeError
from grader.intake import copies, opening, tars, zips
from grader.intake.copies import LEFT_OUT_FOLDERS, VIRTUALENV_MARK, Copy, shown
from grader.intake.entries import Content, Entry, Walk
from grader.intake.locating import Locate, Location, Parts, whole

MAX_ARCHIVE_BYTES = 64 << 20
_MAX_NAME = 1024
_MAX_PART_BYTES = 255
"""The longest name that common file systems allow."""
_FORMATS: dict[str, Callable[[io.FileIO, str], Walk]] = {
    ".zip": zips.walk,
    ".tar": partial(tars.walk, packing=None),
    ".tar.gz": partial(tars.walk, packing="gzip"),
    ".tgz": partial(tars.walk, packing="gzip"),
    ".tar.bz2": partial(tars.walk, packing="bzip2"),
    ".tar.xz": partial(tars.walk, packing="xz"),
}
_DRIVE = re.compile(r"[A-Za-z]:")
_ON_WINDOWS = os.name == "nt"
_NOT_ON_WINDOWS = re.compile(r'(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*[. ]|.*[<>:"|?*].*', re.IGNORECASE)


def take(source: Path, target: Path, locate: Locate, below: Path | None) -> Location:
    """Unpack the plain files of an archive to a new folder; see `take_in`.

    Returns:
        Where the project was. If that is in another archive, only that was unpacked.

    Raises:
        IntakeError: the archive is damaged or too large, or holds what no project may hold.
        OSError: it can't be read, or the copy can't be written.
    """
    return _take(source, target, partial(_plan, locate=locate), below)


def unpack(source: Path, target: Path) -> None:
    """The same with all that is in the archive, each thing where the archive has it; see `intake.unpack`."""
    _take(source, target, _plan_of_all, None)


def take_entries(walked: Sequence[tuple[Entry, Content]], target: Path, archive: str) -> None:
    """The same with some entries of an archive that is open; see `intake.take_entries`."""
    copy = Copy(target, "archive")
    plan = _plan([entry for entry, _ in walked], copy, archive, locate=whole)
    _lay_out(plan, target)
    _unpack(iter(walked), plan, copy, archive)


def _take(
    source: Path, target: Path, decide: Callable[[Sequence[Entry], Copy, str], _Plan], below: Path | None
) -> Location:
    where = shown(source)
    walk = next(walk for suffix, walk in _FORMATS.items() if source.name.lower().endswith(suffix))
    with opening.open_file(source, below) as (file, about):
        if not about.st_size:
            raise IntakeError(f"The archive {where} is empty; pack the project again.")
        if about.st_size > MAX_ARCHIVE_BYTES:
            raise IntakeError(
                f"The archive {where} is larger than {MAX_ARCHIVE_BYTES:,} bytes; pack the project's own files alone."
            )
        copy = Copy(target, "archive")
        plan = decide([entry for entry, _ in walk(file, where)], copy, where)
        _lay_out(plan, target)
        file.seek(0)
        _unpack(walk(file, where), plan, copy, where)
        return plan.location


@dataclass(slots=True)
class _Plan:
    """What of an archive goes where."""

    copy: Copy
    archive: str
    """What messages call it."""
    location: Location = field(default_factory=Location)
    """Where the project is in it."""
    files: dict[int, tuple[Entry, Parts]] = field(default_factory=dict)
    """By their position in the archive."""
    folders: set[Parts] = field(default_factory=lambda: {()})
    _claimed_names: dict[Parts, Parts] = field(default_factory=dict)
    """Names, by what file systems may take them for."""

    def add(self, position: int, entry: Entry, parts: Parts) -> None:
        """Give an entry its place, and so the folders above it."""
        where = f"{shown(entry.name)} in {self.archive}"
        if entry.fault:
            raise IntakeError(f"{where} {entry.fault}.")
        if entry.guessed and parts[-1].endswith(".py") and not "".join(parts).isascii():  # its name is that of a module
            raise IntakeError(f"{where} has a name of unknown encoding; rename that file.")
        self.copy.check_depth(len(parts) - (not entry.folder), where)
        self.copy.check_path("/".join(parts), where)
        self._add_folders(parts if entry.folder else parts[:-1], where)
        if not entry.folder:
            copies.check_size(entry.size, where)
            self._claim(parts, where)
            self.files[position] = entry, parts

    def _add_folders(self, parts: Parts, where: str) -> None:
        if parts not in self.folders:
            self._add_folders(parts[:-1], where)
            self._claim(parts, where)
            self.folders.add(parts)

    def _claim(self, parts: Parts, where: str) -> None:
        _check_name(parts[-1], where)
        self.copy.admit(parts[-1], where)
        other = self._claimed_names.setdefault(_case_folded(parts), parts)
        if other is parts:
            return
        if other == parts:
            raise IntakeError(f"{where} is there twice, or both a file and a folder; pack the project again.")
        raise IntakeError(f"{where} and {shown('/'.join(other))} are one name to many systems; rename one of them.")


def _case_folded(parts: Parts) -> Parts:
    """What file systems that don't tell case or ways to write an accent apart make of a path."""
    return tuple(unicodedata.normalize("NFC", unicodedata.normalize("NFD", part).casefold()) for part in parts)


def _check_name(name: str, where: str) -> None:
    if any(unicodedata.category(char) == "Cc" for char in name):
        raise IntakeError(f"The name of {where} holds a control character; rename that file.")
    if "\\" in name:
        raise IntakeError(f"The name of {where} holds a backslash; rename that file, or pack with another program.")
    if len(name.encode("utf-8", "surrogatepass")) > _MAX_PART_BYTES:
        raise IntakeError(f"The name of {where} is longer than {_MAX_PART_BYTES} bytes; rename that file.")
    if _ON_WINDOWS and _NOT_ON_WINDOWS.fullmatch(name):
        raise IntakeError(f"The name of {where} is none that Windows allows; rename that file.")


def _plan(entries: Sequence[Entry], copy: Copy, archive: str, *, locate: Locate) -> _Plan:
    """Decide on every entry, before anything is written."""
    paths = [_path(entry, archive) for entry in entries]
    environments = {parts[:-1] for parts in paths if len(parts) > 1 and parts[-1] == VIRTUALENV_MARK}
    kept = [
        parts
        for parts, entry in zip(paths, entries, strict=True)
        if parts and not entry.folder and not _is_left_out(parts, entry, environments, top=False)
    ]
    location = locate(kept)
    if location.archive:
        depth = len(location.archive) - 1
        paths = [parts[depth:] if parts == location.archive else () for parts in paths]
    elif location.folder:  # what lies beside it is left out
        depth = len(location.folder)
        paths = [parts[depth:] if parts[:depth] == location.folder else () for parts in paths]
        environments = {parts[depth:] for parts in environments if parts[:depth] == location.folder}
    plan = _Plan(copy, archive, location)
    for position, (entry, parts) in enumerate(zip(entries, paths, strict=True)):
        if parts and not _is_left_out(parts, entry, environments, top=True):
            plan.add(position, entry, location.moves.get(parts, parts))
    if not plan.files:
        raise IntakeError(f"The archive {archive} holds no files of a project; pack the folder that holds them.")
    return plan


def _plan_of_all(entries: Sequence[Entry], copy: Copy, archive: str) -> _Plan:
    """Leave nothing out, and every entry in its place."""
    plan = _Plan(copy, archive)
    for position, entry in enumerate(entries):
        parts = _path(entry, archive)
        if parts:
            plan.add(position, entry, parts)
    return plan


def _path(entry: Entry, archive: str) -> Parts:
    """The folders and the name that an entry's name stands for; none at all for the top itself."""
    name = entry.name
    where = f"{shown(name)!r} in {archive}"
    if name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in re.split(r"[/\\]", name):
        raise IntakeError(f"The name {where} leads out of the project; pack the project's own files alone.")
    if len(name) > _MAX_NAME:
        raise IntakeError(f"The name {where} is longer than {_MAX_NAME:,} characters; rename that file.")
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if not parts and not (name and entry.folder):
        raise IntakeError(f"The name {where} is no name of a file; pack the project again.")
    return parts


def _is_left_out(parts: Parts, entry: Entry, environments: set[Parts], *, top: bool) -> bool:
    for depth, name in enumerate(parts):
        folder = depth < len(parts) - 1 or entry.folder or (entry.link and name in LEFT_OUT_FOLDERS)
        if copies.left_out(name, folder=folder, top=top and depth == 0):
            return True
        if folder and parts[: depth + 1] in environments:
            return True
    return False


def _lay_out(plan: _Plan, target: Path) -> None:
    """Make all folders, and the files still empty, in the order of a folder's copy: tools may list them in that."""
    target.mkdir(parents=True)
    files = {parts for _, parts in plan.files.values()}
    for parts in sorted(files | plan.folders - {()}):
        path = target.joinpath(*parts)
        if parts in files:
            path.touch(exist_ok=False)
        else:
            path.mkdir()


def _unpack(walk: Walk, plan: _Plan, copy: Copy, archive: str) -> None:
    missing = dict(plan.files)
    for position, (entry, content) in enumerate(walk):
        planned, parts = missing.pop(position, (entry, None))
        if planned != entry:
            raise IntakeError(f"The archive {archive} changed while it was read; grade again.")
        if parts is None:
            continue
        path = copy.target.joinpath(*parts)
        with path.open("wb", buffering=0) as writer:
            copy.fill(writer, content(), f"{shown(entry.name)} in {archive}")
        if entry.executable:
            copies.set_executable(path)
    if missing:
        raise IntakeError(f"The archive {archive} changed while it was read; grade again.")

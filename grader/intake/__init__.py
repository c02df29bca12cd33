"""Take a project in: copy its plain files, and check names, kinds, sizes and counts."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader.errors import InfrastructureError, IntakeError, ran_out
from grader.intake import archives, folders, locating
from grader.intake.copies import MAX_BYTES, MAX_FILE_BYTES, MAX_FILES, shown
from grader.intake.entries import Content, Entry
from grader.intake.given_files import edited, lay_over, said_of_edited
from grader.intake.locating import Locate, project_of, whole

__all__ = [
    "MAX_BYTES",
    "MAX_FILES",
    "MAX_FILE_BYTES",
    "digest",
    "edited",
    "lay_over",
    "project_of",
    "said_of_edited",
    "take_entries",
    "take_in",
    "unpack",
]


def take_in(source: Path, target: Path, locate: Locate = whole, *, below: Path | None = None) -> None:
    """Copy a project's plain files to a new folder; nothing of the source is changed.

    The folder may be changed by others meanwhile: whatever they swap, the copy holds no file from elsewhere.

    Args:
        source: a folder, or an archive of one: `.zip`, `.tar`, `.tar.gz`, `.tgz`, `.tar.bz2` or `.tar.xz`.
        target: the new folder.
        locate: finds the project in it, see `locating`. An archive may hold one more, and that no other one.
        below: a folder above the source, if what lies below that folder is somebody else's: no link is followed from
            there on. Otherwise the source is what the user named, so it may be a link, or lie behind one.

    Raises:
        IntakeError: it is missing or unreadable, too large, changed while it was read, or holds a link, a device or a
            name that isn't UTF-8; or it is an archive that is damaged, encrypted, or holds names that lead elsewhere or
            clash; or which of several projects in it is meant isn't clear.
        InfrastructureError: the copy can't be written, since something of this machine ran out.
    """
    with _taking(source):
        if source.is_dir():
            location = folders.take(source, target, locate, below)
            if location.archive:
                inner = source.joinpath(*location.archive)
                _take_archive(inner, target, locate, source if below is None else below)
        elif not source.exists():
            raise IntakeError(f"The project {shown(source)} is not there; {_WHAT_TO_NAME}.")
        elif not locating.is_archive(source.name):
            *most, last = locating.SUFFIXES
            kinds = f"{', '.join(most)} or {last}"
            raise IntakeError(f"The project {shown(source)} is not a folder, nor a {kinds} file; {_WHAT_TO_NAME}.")
        else:
            _take_archive(source, target, locate, below)


def _take_archive(source: Path, target: Path, locate: Locate, below: Path | None) -> None:
    location = archives.take(source, target, locate, below)
    if not location.archive:
        return
    unpacked = target.with_name(f"{target.name}-packed")
    target.rename(unpacked)
    try:
        if archives.take(unpacked / location.archive[-1], target, locate, unpacked).archive:
            raise IntakeError(f"{shown(source)} is an archive in an archive in an archive; pack the project once.")
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)


def unpack(source: Path, target: Path) -> None:
    """Unpack an archive that a build of a project left: all of its plain files, none left out, each in its place.

    Args:
        source: the archive, named as those of `take_in`.
        target: the new folder.

    Raises:
        IntakeError: as by `take_in`.
        InfrastructureError: as by `take_in`.
    """
    with _taking(source):
        archives.unpack(source, target)


def take_entries(walked: Sequence[tuple[Entry, Content]], target: Path, where: str) -> None:
    """Take in some entries of an archive that is open, as if they were all of it, each in its place; see `take_in`.

    Args:
        walked: the entries, each with how to read its content.
        target: the new folder.
        where: what messages call the archive.

    Raises:
        IntakeError: as by `take_in`.
        InfrastructureError: as by `take_in`.
    """
    with _taking(Path(where)):
        archives.take_entries(walked, target, shown(where))


@contextmanager
def _taking(source: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, MemoryError) as error:
        if ran_out(error):
            reason = getattr(error, "strerror", None) or "no memory is left"
            raise InfrastructureError(f"The copy of a project can't be written: {reason}.") from error
        raise IntakeError(f"The project {shown(source)} can't be read: {_reason(error)}.") from error


_WHAT_TO_NAME = "name the folder that holds its files, or an archive of it"


def _reason(error: OSError | MemoryError) -> str:
    filename = getattr(error, "filename", None)
    return f"{getattr(error, 'strerror', None) or error}" + (f" ({shown(filename)})" if filename else "")


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

"""Take a project in: copy its plain files, and check names, kinds, sizes and counts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader.errors import InfrastructureError, IntakeError, ran_out
from grader.intake import archives, folders
from grader.intake.copies import MAX_BYTES, MAX_FILE_BYTES, MAX_FILES, shown
from grader.intake.entries import Content, Entry
from grader.intake.given_files import edited, lay_over, said_of_edited

__all__ = [
    "MAX_BYTES",
    "MAX_FILES",
    "MAX_FILE_BYTES",
    "digest",
    "edited",
    "lay_over",
    "said_of_edited",
    "take_entries",
    "take_in",
    "unpack",
]


def take_in(source: Path, target: Path, names: Collection[str] = (), *, below: Path | None = None) -> None:
    """Copy a project's plain files to a new folder; nothing of the source is changed.

    The folder may be changed by others meanwhile: whatever they swap, the copy holds no file from elsewhere.

    Args:
        source: a folder, or an archive of one: `.zip`, `.tar`, `.tar.gz`, `.tgz`, `.tar.bz2` or `.tar.xz`.
        target: the new folder.
        names: what lies at the top of a project like this one. An archive whose only entry at the top is a folder
            holds the project inside of that folder, as when a folder is packed by a right click, unless the folder's
            name is one of these: then it is itself a part of the project.
        below: a folder above the source, if what lies below that folder is somebody else's: no link is followed from
            there on. Otherwise the source is what the user named, so it may be a link, or lie behind one.

    Raises:
        IntakeError: it is missing or unreadable, too large, changed while it was read, or holds a link, a device or a
            name that isn't UTF-8; or it is an archive that is damaged, encrypted, or holds names that lead elsewhere or
            clash.
        InfrastructureError: the copy can't be written, since something of this machine ran out.
    """
    with _taking(source):
        if source.is_dir():
            folders.take(source, target, below)
        elif not source.exists():
            raise IntakeError(f"The project {shown(source)} is not there; {_WHAT_TO_NAME}.")
        elif not archives.is_archive(source):
            *most, last = archives.SUFFIXES
            kinds = f"{', '.join(most)} or {last}"
            raise IntakeError(f"The project {shown(source)} is not a folder, nor a {kinds} file; {_WHAT_TO_NAME}.")
        else:
            archives.take(source, target, names, below)


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


def take_entries(
    walked: Sequence[tuple[Entry, Content]], target: Path, where: str, names: Collection[str] = ()
) -> None:
    """Take in some entries of an archive that is open, as if they were all of it; see `take_in`.

    Args:
        walked: the entries, each with how to read its content.
        target: the new folder.
        where: what messages call the archive.
        names: what lies at the top of a project.

    Raises:
        IntakeError: as by `take_in`.
        InfrastructureError: as by `take_in`.
    """
    with _taking(Path(where)):
        archives.take_entries(walked, target, shown(where), names)


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

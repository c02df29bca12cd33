"""Open an export: which system's rules it follows, who handed in what, and how to get at the files."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader import intake
from grader.classroom.receiving.exports import canvas, gradescope, moodle
from grader.classroom.receiving.submission_files import LEFT_OUT, ExportFile, Listing, Submission, without_top_folder
from grader.classroom.records.roster import Key
from grader.errors import UsageError
from grader.intake import copies, opening, zips
from grader.intake.entries import Content, Entry, not_plain

KINDS = ("canvas", "moodle", "gradescope")
_MAX_ENTRIES, _MAX_DIRECTORY_BYTES = 400_000, 64 << 20
_MAX_AROUND = 3
"""Folders that may be around all of an export."""
_MATCHERS: dict[str, Callable[[ExportFile], bool]] = {
    "canvas": canvas.matches,
    "moodle": moodle.matches,
    "gradescope": gradescope.matches,
}


@dataclass(frozen=True, slots=True)
class Export:
    """An export that is open."""

    kind: str
    """One of `KINDS`."""
    listing: Listing
    label: str
    """The zip's name and the beginning of its digest, which tell it from later ones of that name."""
    _entries: list[tuple[Entry, Content]]

    def unpack(self, submission: Submission, target: Path) -> None:
        """Unpack what somebody handed in to a new folder.

        Args:
            submission: one of `listed.submissions`.
            target: the new folder.

        Raises:
            IntakeError: it holds what no project may hold.
        """
        walked = [(self._entries[position], path) for position, path in submission.files]
        named = [(replace(entry, name=path), content) for (entry, content), path in walked]
        intake.take_entries(named, target, submission.source)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """By which to read an export, where it doesn't tell."""

    kind: str | None = None
    """One of `KINDS`; None: the names in it show which."""
    worksheet: Path | None = None
    """Moodle's grading worksheet, which explains its numbers."""
    groups: bool = False
    """Whether groups handed in together, who are listed in the roster."""


@contextmanager
def open_export(path: Path, options: ExportOptions, known: Collection[Key]) -> Iterator[Export]:
    """Open an export.

    Args:
        path: a zip as it was downloaded, or a folder into which it was unpacked.
        options: how to read it.
        known: what the roster has.

    Raises:
        UsageError: it can't be read, or nobody can tell whose it is.
    """
    with ExitStack() as held:
        try:
            if path.is_dir():
                entries = list(_folder_entries(path))
            else:
                file, _ = held.enter_context(opening.open_file(path))
                bounds = {"most": _MAX_ENTRIES, "most_read": _MAX_DIRECTORY_BYTES}
                entries = held.enter_context(zips.open_zip(file, copies.shown(path), **bounds))
            kind, names = _kind(path, options.kind, _names(entries))
            if options.worksheet is not None and kind != "moodle":
                raise UsageError(f"Only Moodle has worksheets; {path} is an export of {kind.capitalize()}.")
            export = Export(
                kind, _list_submissions(kind, names, entries, options, known), _label(path, entries), entries
            )
        except OSError as error:
            raise UsageError(f"The export {path} can't be read: {error.strerror}.") from error
        yield export


def is_unpacked(folder: Path) -> bool:
    """Whether names in a folder are those of an export that was unpacked there."""
    try:
        names = _names(list(_folder_entries(folder)))
    except OSError:
        return False
    return any(fits(name) for each in _without_folders(names) for fits in _MATCHERS.values() for name in each)


def _without_folders(names: tuple[ExportFile, ...]) -> Iterator[tuple[ExportFile, ...]]:
    """The names as they are, and without folders that hold all of them: people pack and unpack exports again."""
    for _ in range(_MAX_AROUND + 1):
        yield names
        inner = without_top_folder(names)
        if inner == names:
            return
        names = inner


def _folder_entries(top: Path) -> Iterator[tuple[Entry, Content]]:
    """The files of a folder as if they were entries of a zip. The folder is the user's, and what is in it isn't."""
    found = 0
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted([*names, *(each for each in folders if Path(folder, each).is_symlink())]):
            path = Path(folder, name)
            about = path.lstat()
            is_plain = stat.S_ISREG(about.st_mode)
            yield (
                Entry(
                    path.relative_to(top).as_posix(),
                    folder=False,
                    executable=bool(about.st_mode & stat.S_IXUSR),
                    size=about.st_size,
                    link=stat.S_ISLNK(about.st_mode),
                    fault="" if is_plain else not_plain(about.st_mode),
                ),
                partial(_file_content, path, top),
            )
            found += 1
            if found > _MAX_ENTRIES:
                raise UsageError(f"The folder {top} holds over {_MAX_ENTRIES:,} files; is it the right one?")


def _file_content(path: Path, top: Path) -> Iterator[bytes]:
    with opening.open_file(path, top) as (reader, _):
        while chunk := reader.read(copies.CHUNK):
            yield chunk


def _list_submissions(
    kind: str,
    names: tuple[ExportFile, ...],
    entries: list[tuple[Entry, Content]],
    options: ExportOptions,
    known: Collection[Key],
) -> Listing:
    if kind == "gradescope":
        return gradescope.list_submissions(names, _metadata(names, entries))
    if kind == "canvas":
        return canvas.list_submissions(names, known)
    told = moodle.read_worksheet(options.worksheet) if options.worksheet else {}
    return moodle.list_submissions(names, told, groups=options.groups)


def _names(entries: list[tuple[Entry, Content]]) -> tuple[ExportFile, ...]:
    """The names of the files. Names that lead elsewhere stay as they are, and are refused when they are unpacked."""
    found = []
    for position, (entry, _) in enumerate(entries):
        parts = tuple(entry.name.split("/"))
        own = parts[-1].startswith("._") or any(part in LEFT_OUT for part in parts)
        if not own and not (entry.folder and not entry.fault):
            found.append(ExportFile(position, parts))
    return tuple(found)


def _kind(path: Path, kind: str | None, names: tuple[ExportFile, ...]) -> tuple[str, tuple[ExportFile, ...]]:
    for each in _without_folders(names):
        counts = {one: sum(map(fits, each)) for one, fits in _MATCHERS.items() if kind in (None, one)}
        found = [one for one, count in counts.items() if count and count == max(counts.values())]
        if len(found) == 1:  # the name of one person may look like another system's
            return found[0], each
        if found:
            raise UsageError(f"{path} may be of {' and of '.join(found)}; name one with --from.")
    if kind is None:
        raise UsageError(
            f"{path} is no export of Canvas, Moodle or Gradescope: no name in it is one of theirs."
            " Download all submissions again, or unpack it into folders called by the roster's ids."
        )
    raise UsageError(f"{path} is no export of {kind.capitalize()}: no name in it follows its rules.")


def _metadata(names: tuple[ExportFile, ...], entries: list[tuple[Entry, Content]]) -> bytes:
    found = [name.position for name in names if gradescope.matches(name)]
    entry, content = entries[found[0]]
    if len(found) > 1 or entry.fault:
        raise UsageError(f"{gradescope.METADATA} is there twice, or no plain file; export the submissions again.")
    said = io.BytesIO()
    for chunk in content():
        said.write(chunk)
        if said.tell() > gradescope.MAX_METADATA_BYTES:
            break
    return said.getvalue()


def _label(path: Path, entries: Sequence[tuple[Entry, Content]]) -> str:
    if path.is_dir():
        listed = "\n".join(f"{entry.name} {entry.size}" for entry, _ in entries)
        return f"{path.name} {hashlib.sha256(listed.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
    with path.open("rb") as stream:
        return f"{path.name} {hashlib.file_digest(stream, 'sha256').hexdigest()[:12]}"

"""The entries of a tar, read as a stream.

The standard library knows what a header's block says; the walk from one to the next is our own. Its own walk calls
itself for each extended header, reads these into memory whatever their size, and searches them in quadratic time.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from grader.errors import IntakeError
from grader.intake.copies import NOT_PLAIN, shown
from grader.intake.entries import MAX_ENTRIES, DamagedError, Entry, Walk, reading
from grader.intake.streams import Stream

if TYPE_CHECKING:
    from tarfile import TarInfo

# tarfile is imported where it is used: few projects come in one. See POSIX's `pax` for the format.

_MAX_EXTENDED_BYTES = 8 << 20
"""Bytes of extended headers in all: long names, exact times."""
_BLOCK = 512
_PLAIN = (b"0", b"\0", b"7")
_FOLDER = b"5"
_LINK = b"2"
_SPARSE = b"S"
_PAX, _GLOBAL_PAX, _LONG_NAME, _LONG_LINK = (b"x", b"X"), b"g", b"L", b"K"
_NO_CONTENT = (b"1", _LINK, b"3", b"4", _FOLDER, b"6")
_KINDS = {b"1": "a hard link", _LINK: "a symbolic link", b"3": "a device", b"4": "a device", b"6": "a named pipe"}


def walk(file: io.FileIO, where: str, *, packing: str | None) -> Walk:
    """Yield the entries of a tar that messages call `where`.

    Raises:
        IntakeError: it is damaged, too long, or holds more than its entries.
        InfrastructureError: this Python can't unpack that packing.
    """
    with reading(where):
        stream = Stream(file, packing, where)
        extended = _ExtendedHeaders()
        for _ in range(MAX_ENTRIES):
            block = stream.read_exactly(_BLOCK)
            if not block.strip(b"\0"):
                _check_end(stream)
                return
            header = _header(block)
            if extended.take(header, stream):
                continue
            if header.type == _SPARSE:  # more of its header would follow
                raise IntakeError(f"{shown(extended.name(header))} in {where} is a sparse file; {NOT_PLAIN}.")
            size = extended.size(header)
            stored = 0 if header.type in _NO_CONTENT else size
            end = stream.position + stored + -stored % _BLOCK
            yield _entry(header, extended, size), partial(_content, stream, stored, where)
            stream.skip(end - stream.position)
            extended.forget()
        raise IntakeError(f"The archive {where} holds over {MAX_ENTRIES:,} entries; pack the project alone.")


def _content(stream: Stream, size: int, where: str) -> Iterator[bytes]:
    with reading(where):
        yield from stream.pieces(size)


def _check_end(stream: Stream) -> None:
    """Read to the end, where checksums are, and refuse what other tools could take for further entries."""
    while piece := stream.read():
        if piece.strip(b"\0"):
            raise DamagedError("there are bytes after its end")


def _header(block: bytes) -> TarInfo:
    import tarfile

    header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    if header.size < 0:
        raise DamagedError("a size in it is negative")
    return header


@dataclass(slots=True)
class _ExtendedHeaders:
    """What headers before an entry's own say of it."""

    _long_name: str | None = None
    _records: dict[str, str] = field(default_factory=dict)
    """By the keywords of pax."""
    _left: int = field(default_factory=lambda: _MAX_EXTENDED_BYTES)

    def take(self, header: TarInfo, stream: Stream) -> bool:
        """Read an extended header, if this is one."""
        if header.type not in (*_PAX, _GLOBAL_PAX, _LONG_NAME, _LONG_LINK):
            return False
        self._left -= header.size
        if self._left < 0:
            raise DamagedError("its headers are too large")
        content = stream.read_exactly(header.size)
        stream.skip(-header.size % _BLOCK)
        if header.type == _LONG_NAME:
            self._long_name = _decoded(content.partition(b"\0")[0])
        elif header.type == _GLOBAL_PAX:
            _check_global(_records(content))
        elif header.type in _PAX:
            self._records |= _records(content)
        return True

    def forget(self) -> None:
        """Go on to the next entry."""
        self._long_name = None
        self._records = {}

    def name(self, header: TarInfo) -> str:
        """The entry's whole name."""
        name = header.name if self._long_name is None else self._long_name
        return self._records.get("path", name)

    def size(self, header: TarInfo) -> int:
        """The bytes that follow its header."""
        size = self._records.get("size")
        if size is None:
            return header.size
        if not (size.isascii() and size.isdigit() and len(size) <= 20):  # noqa: PLR2004 - those of 2 ** 64
            raise DamagedError("a size in it is no number")
        return int(size)

    @property
    def sparse(self) -> bool:
        """Whether the file's content is told in pieces."""
        return any(keyword.startswith("GNU.sparse.") for keyword in self._records)


def _check_global(records: dict[str, str]) -> None:
    """Allow what Git and others note of the whole, refuse what would say something of each entry."""
    if any(keyword in ("path", "linkpath", "size") or keyword.startswith("GNU.sparse.") for keyword in records):
        raise DamagedError("a global header names files")


def _records(content: bytes) -> dict[str, str]:
    """The records of a pax header, each `LENGTH KEYWORD=VALUE` and a newline; the length counts all of it."""
    records = {}
    at = 0
    while at < len(content):
        space = content.find(b" ", at, at + 20)
        if space < 0 or not content[at:space].isdigit():
            raise DamagedError("a header in it is no list of records")
        end = at + int(content[at:space])
        keyword, equals, value = content[space + 1 : end - 1].partition(b"=")
        if not equals or end > len(content) or content[end - 1 : end] != b"\n":
            raise DamagedError("a header in it is no list of records")
        records[_decoded(keyword)] = _decoded(value)
        at = end
    return records


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _entry(header: TarInfo, extended: _ExtendedHeaders, size: int) -> Entry:
    what = _KINDS.get(header.type, "" if header.type in (*_PLAIN, _FOLDER) else "a special entry")
    if extended.sparse:
        what = "a sparse file"
    return Entry(
        name=extended.name(header),
        folder=header.type == _FOLDER,
        executable=bool(header.mode & stat.S_IXUSR),
        size=size,
        link=header.type == _LINK,
        fault=f"is {what}; {NOT_PLAIN}" if what else "",
    )

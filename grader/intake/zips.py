"""The entries of a zip. Its directory is read with a bound, and only deflate is unpacked, which can be bounded."""

from __future__ import annotations

import io
import itertools
import os
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from grader.errors import IntakeError
from grader.intake.copies import CHUNK
from grader.intake.entries import MAX_ENTRIES, Content, DamagedError, Entry, Walk, not_plain, reading

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

# zipfile is imported where it is used: few projects come in one. See APPNOTE.TXT of PKWARE for the format.

_MAX_READ = 4 << 20
"""Bytes that zipfile may ask for at once; the directory is the largest."""
_COMPRESSIONS = (0, 8)
"""Stored and deflated: what all common tools write."""
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_WINDOWS = 0
"""The system that an entry was made on: MS-DOS and its heirs."""
_UNICODE_PATH = 0x7075
_FIRST_ENTRY, _END_OF_ALL = b"PK\x03\x04", b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")
_LOCAL_HEADER_SIZE = 30


class _BoundedFile(io.FileIO):
    """A file that isn't read into memory on the word of a number in it."""

    most: int | None = None
    """Bytes that may be asked for at once; None: what a project's directory may have."""

    def read(self, size: int | None = -1, /) -> bytes:
        most = _MAX_READ if self.most is None else self.most
        if size is None or size < 0:
            size = most
        if size > most:
            raise DamagedError("its directory is too large")
        return super().read(size) or b""


def walk(file: io.FileIO, where: str) -> Walk:
    """Yield the entries of a zip that messages call `where`.

    Raises:
        IntakeError: it is damaged, or holds more than its entries.
    """
    with open_zip(file, where) as entries:
        yield from entries


@contextmanager
def open_zip(
    file: io.FileIO, where: str, *, most: int | None = None, most_read: int | None = None
) -> Iterator[list[tuple[Entry, Content]]]:
    """The entries of a zip all at once, to be read in any order while it is open.

    Args:
        file: the zip.
        where: what messages call it.
        most: how many entries it may have; None: as many as a project's.
        most_read: bytes of its directory that may be read; None: as many as of a project's.

    Raises:
        IntakeError: it is damaged, or holds more than its entries.
    """
    import zipfile

    most = MAX_ENTRIES if most is None else most
    with ExitStack() as held:
        with reading(where):
            size = os.fstat(file.fileno()).st_size
            bounded = held.enter_context(_BoundedFile(file.fileno(), "rb", closefd=False))
            bounded.most = most_read
            archive = held.enter_context(zipfile.ZipFile(bounded))
            entries = archive.infolist()
            if len(entries) > most:
                raise IntakeError(f"The archive {where} holds over {most:,} entries; pack the project alone.")
            _check_ends(bounded, size, archive.comment)
            _check_places(entries, size)
            found: list[tuple[Entry, Content]] = [
                (_entry(entry), partial(_content, archive, entry, where)) for entry in entries
            ]
        yield found


def _check_ends(file: io.FileIO, size: int, comment: bytes) -> None:
    """Refuse whatever stands before or after the zip: other tools may see another archive in it."""
    file.seek(0)
    if file.read(4) not in (_FIRST_ENTRY, _END_OF_ALL):
        raise DamagedError("there are bytes before its first entry")
    file.seek(max(0, size - _END.size - len(comment)))
    signature, *_, length = _END.unpack(file.read(_END.size))
    if signature != _END_OF_ALL or length != len(comment):
        raise DamagedError("there are bytes after its end")


def _check_places(entries: list[ZipInfo], size: int) -> None:
    """Refuse entries that share bytes, by which a small file would hold many large ones."""
    places = sorted((entry.header_offset, entry.header_offset + _minimum_size(entry)) for entry in entries)
    if places and places[0][0] != 0:
        raise DamagedError("there are bytes before its first entry")
    if any(end > start for (_, end), (start, _) in itertools.pairwise([*places, (size, size)])):
        raise DamagedError("its entries overlap")


def _minimum_size(entry: ZipInfo) -> int:
    return _LOCAL_HEADER_SIZE + len(_packed_name(entry)) + max(0, entry.compress_size)


def _packed_name(entry: ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437")


def _entry(entry: ZipInfo) -> Entry:
    mode = entry.external_attr >> 16
    name = _name(entry)
    guessed = name is None
    name = entry.orig_filename if name is None else name  # which zipfile has decoded by code page 437
    if entry.create_system == _WINDOWS:  # .NET before 4.6.1, and with it PowerShell 5.1, writes its own separators
        name = name.replace("\\", "/")
    folder = name.endswith("/") or stat.S_ISDIR(mode)
    return Entry(
        name=name,
        folder=folder,
        executable=bool(mode & stat.S_IXUSR),
        size=entry.file_size,
        link=stat.S_ISLNK(mode),
        fault=_fault(entry, mode, folder),
        guessed=guessed,
    )


def _fault(entry: ZipInfo, mode: int, folder: bool) -> str:
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return not_plain(mode)
    if entry.flag_bits & _ENCRYPTED:
        return "is encrypted; pack the project without a password"
    if entry.compress_type not in _COMPRESSIONS:
        return "is packed by another method than deflate; pack the project as an ordinary zip"
    if folder and entry.file_size:
        return "is a folder that holds bytes; pack the project again"
    return ""


def _name(entry: ZipInfo) -> str | None:
    """The name of an entry, or None where nobody can know it.

    The format has code page 437 where the flag for UTF-8 isn't set, but tools write whatever their system has. What is
    valid UTF-8 beyond ASCII is hardly anything else, and Info-ZIP adds a field with the name in UTF-8.
    """
    if entry.flag_bits & _UTF8:
        return entry.orig_filename
    packed = _packed_name(entry)
    try:
        return _unicode_path(entry.extra, packed) or packed.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _unicode_path(extra: bytes, packed: bytes) -> str | None:
    """The name in Info-ZIP's field for that, unless the entry was renamed since, as the checksum tells."""
    while len(extra) >= 4:  # noqa: PLR2004 - the size of a field's header
        tag, length = struct.unpack_from("<HH", extra)
        content, extra = extra[4 : 4 + length], extra[4 + length :]
        if tag == _UNICODE_PATH and content[:5] == b"\x01" + zlib.crc32(packed).to_bytes(4, "little"):
            return content[5:].decode("utf-8")
    return None


def _content(archive: ZipFile, entry: ZipInfo, where: str) -> Iterator[bytes]:
    with reading(where), archive.open(entry) as reader:
        read = 0
        while chunk := reader.read(CHUNK):
            read += len(chunk)
            yield chunk
        if read != entry.file_size:
            raise DamagedError("the sizes in it are wrong")

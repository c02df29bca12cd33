"""Unpack a stream of bytes piece by piece, and count them, so that it has an end."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from grader.errors import InfrastructureError, IntakeError
from grader.intake.copies import CHUNK
from grader.intake.entries import DamagedError

MAX_UNPACKED_BYTES = 256 << 20
"""Of a whole archive, with all in it that is left out."""
_MAX_PARTS = 4096
"""Packed streams in a row; tools that pack on all cores write one for each piece."""
_MAX_MEMORY = 128 << 20
"""Bytes; what `xz -9` packed takes 65 MiB."""


class _Decompressor(Protocol):
    """What the standard library's have in common, and `_Gunzip` too."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, packed: bytes, max_length: int, /) -> bytes: ...


class _Gunzip:
    """A decompressor for one gzip stream."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, packed: bytes, max_length: int, /) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + packed, max_length)


def _decompressor_for(packing: str) -> Callable[[], _Decompressor]:
    try:
        if packing == "gzip":
            return _Gunzip
        if packing == "bzip2":
            import bz2

            return bz2.BZ2Decompressor
        import lzma

        return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _MAX_MEMORY)
    except ImportError as error:
        raise InfrastructureError(f"This Python can't unpack {packing}; pack the project as a .zip.") from error


def _unpacked(file: io.FileIO, packing: str) -> Iterator[bytes]:
    """Unpack streams that follow each other; zeros between and after them are padding."""
    start = _decompressor_for(packing)
    packed = file.read(CHUNK)
    for _ in range(_MAX_PARTS):
        decompressor = start()
        while True:
            yield decompressor.decompress(packed, CHUNK)
            if decompressor.eof:
                break
            packed = b""
            if decompressor.needs_input and not (packed := file.read(CHUNK)):
                raise DamagedError("it ends too early")
        packed = decompressor.unused_data.lstrip(b"\0")
        while not packed:
            if not (packed := file.read(CHUNK)):
                return
            packed = packed.lstrip(b"\0")
    raise DamagedError("it is packed in too many parts")


def _read(file: io.FileIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


class Stream:
    """What a file holds once it is unpacked, from its start to its end.

    Args:
        file: the file, at its start.
        packing: `gzip`, `bzip2`, `xz` or None for none.
        where: what messages call it.

    Its methods raise what the decompressors do and:
        IntakeError: there is more of it than any archive may have.
        DamagedError: it ends too early.
    """

    def __init__(self, file: io.FileIO, packing: str | None, where: str) -> None:
        self.position = 0
        """Bytes that were read so far."""
        self._pieces = _unpacked(file, packing) if packing else _read(file)
        self._where = where
        self._ready = b""
        self._at = 0
        self._left = MAX_UNPACKED_BYTES

    def read(self, size: int = CHUNK) -> bytes:
        """Give up to `size` bytes, none at the end only."""
        while self._at == len(self._ready):
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left -= len(piece)
            if self._left < 0:
                raise IntakeError(
                    f"The archive {self._where} unpacks to more than {MAX_UNPACKED_BYTES:,} bytes;"
                    " pack the project's own files alone."
                )
            self._ready, self._at = piece, 0
        taken = self._ready[self._at : self._at + size]
        self._at += len(taken)
        self.position += len(taken)
        return taken

    def pieces(self, size: int) -> Iterator[bytes]:
        """Give just so many bytes, a piece at a time."""
        while size:
            piece = self.read(min(size, CHUNK))
            if not piece:
                raise DamagedError("it ends too early")
            size -= len(piece)
            yield piece

    def read_exactly(self, size: int) -> bytes:
        """Give just so many bytes at once."""
        return b"".join(self.pieces(size))

    def skip(self, size: int) -> None:
        """Pass over so many bytes."""
        for _ in self.pieces(size):
            pass

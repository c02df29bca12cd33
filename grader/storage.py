"""Small files that must not be lost: read with care, written whole or not at all, by one process at a time."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.errors import UsageError

_MAX_BYTES = 64 << 20
"""Bytes that are read of one file."""
_LOCK_TIMEOUT = 10.0
"""Seconds for which a lock may stay the same; what is done under one takes a small part of that."""
_LOCK_POLL_INTERVAL = 0.02
"""Seconds between looks at a lock that somebody else holds."""


def read(path: Path) -> bytes | None:
    """The content of a plain file; None if there is nothing of that name. No link is followed, nobody is waited for.

    Raises:
        OSError: it can't be read, or is something else.
    """
    try:
        about = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "it is not a plain file", str(path))
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as reader:  # noqa: PTH123 - a descriptor
        content = reader.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise OSError(errno.EFBIG, f"it holds more than {_MAX_BYTES:,} bytes", str(path))
    return content


def write(path: Path, content: bytes, *, scratch: Path | None = None, executable: bool = False) -> None:
    """Put a file in place, over whatever file or link is there: a reader finds the old one or the new one, whole.

    Args:
        path: the file; its folder is there.
        content: all of it.
        scratch: a folder on the same file system, where the new one is written; by default its own.
        executable: whether it may be executed.

    Raises:
        OSError: it can't be written.
    """
    temporary = fresh_name(scratch or path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o777 if executable else 0o666)
    try:
        with open(descriptor, "wb") as writer:  # noqa: PTH123 - a descriptor
            writer.write(content)
            writer.flush()
            os.fsync(writer.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def fresh_name(folder: Path) -> Path:
    """A name in that folder that nobody uses, and that tells of something half made."""
    return folder / f".new-{os.urandom(6).hex()}"


def set_aside(path: Path) -> Path:
    """Rename a file, or whatever it is, that can't be understood, so that nobody writes over it; gives its new place.

    Raises:
        OSError: it can't be renamed.
    """
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.stem}.broken-{number}{path.suffix}")):
        number += 1
    path.rename(aside)
    return aside


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from changing what is in that folder.

    A lock whose holder was killed is taken over: at once where it can be seen that the holder is gone, else as soon as
    it has been the same for some seconds.

    Raises:
        UsageError: somebody else holds the lock and doesn't end.
        OSError: no lock can be made there.
    """
    path = folder / "lock"
    own = f"{os.getpid()} {_machine()} {os.urandom(8).hex()}".encode()
    _acquire(path, own)
    try:
        yield
    finally:
        if _holder(path) == own:
            with suppress(OSError):
                path.unlink()


def _acquire(path: Path, own: bytes) -> None:
    seen, since = None, time.monotonic()
    while not _create_lock(path, own):
        holder = _holder(path)
        if holder != seen:
            seen, since = holder, time.monotonic()
        lives = _is_alive(holder)
        patient = time.monotonic() - since < _LOCK_TIMEOUT
        if lives is False or (lives is None and not patient):
            _remove_stale_lock(path, holder)
        elif not patient:
            raise UsageError(f"Another command is at work there; wait for it, or delete {path} if there is none.")
        else:
            time.sleep(_LOCK_POLL_INTERVAL)


def _create_lock(path: Path, own: bytes) -> bool:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return False
    except PermissionError:
        if os.name == "nt" and os.path.lexists(path):  # just being deleted
            return False
        raise
    try:
        os.write(descriptor, own)
    finally:
        os.close(descriptor)
    return True


def _holder(path: Path) -> bytes | None:
    """What a lock says about who holds it; None if that can't be known, or there is none."""
    try:
        return read(path)
    except OSError:
        return None


def _is_alive(holder: bytes | None) -> bool | None:
    """Whether the holder of a lock is a process that runs; None if it can't be known."""
    pid, _, rest = (holder or b"").partition(b" ")
    if os.name != "posix" or not pid.isdigit() or int(pid) == 0 or rest.partition(b" ")[0] != _machine().encode():
        return None
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # it is somebody else's
    return True


def _remove_stale_lock(path: Path, holder: bytes | None) -> None:
    """Remove the lock of that holder, and no other's, who may have been faster."""
    moved = path.with_name(f"lock-{os.urandom(6).hex()}")
    try:
        path.rename(moved)
    except FileNotFoundError:
        return
    if _holder(moved) != holder:
        with suppress(OSError):
            os.link(moved, path)
    with suppress(OSError):
        moved.unlink()


def _machine() -> str:
    return os.uname().nodename.replace(" ", "_") if os.name == "posix" else ""

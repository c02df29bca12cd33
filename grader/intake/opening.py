"""Open what somebody else may be changing: each folder from the one above it, each file from its own folder.

A path is looked up anew each time it is used, so somebody can swap a folder on it for a link between two uses. What is
opened from a folder that is open already lies in that very folder, and no link is followed on the way down.

Windows opens no folders by descriptor. There each name is looked at and then opened by its whole path, so somebody who
may rename the project's folders can still swap one in between.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.copies import NOT_PLAIN, kind, shown

_BY_DESCRIPTOR = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd
# O_NONBLOCK: a named pipe must not hold us up. O_CLOEXEC is not here since Python adds it by itself.
_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_SWAPPED = frozenset({errno.ELOOP, errno.EMLINK, errno.ENOTDIR, errno.ENOENT})
"""What systems say when a link, another kind of file or nothing is where something else was a moment ago."""


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder of somebody else's."""

    path: str
    """Where it was when it was opened: for messages, and for systems that open by path."""
    _descriptor: int | None

    def path_of(self, name: str) -> str:
        """The path of something in it, for messages."""
        return os.path.join(self.path, name)  # noqa: PTH118 - for each file of a project, and much faster

    @contextmanager
    def scan(self) -> Iterator[Iterator[os.DirEntry[str]]]:
        """Its entries, to be asked for their kinds as long as the folder is open."""
        with os.scandir(self.path if self._descriptor is None else self._descriptor) as entries:
            yield entries

    def holds(self, name: str) -> bool:
        """Whether it has anything of that name, a link included."""
        try:
            self._look(name)
        except OSError:
            return False
        return True

    @contextmanager
    def enter(self, name: str) -> Iterator[Folder]:
        """Open a folder in it.

        Raises:
            IntakeError: there is no folder of that name, or no longer.
            OSError: it can't be opened.
        """
        path = self.path_of(name)
        if self._descriptor is None:
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                raise _changed(path)
            yield Folder(path, None)
            return
        with _opening(path):
            descriptor = os.open(name, _FOLDER | _NO_LINK, dir_fd=self._descriptor)
        try:
            yield Folder(path, descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def open_file(self, name: str) -> Iterator[tuple[io.FileIO, os.stat_result]]:
        """Open a plain file in it for reading, without waiting for anybody; gives it and what is known of it.

        Raises:
            IntakeError: it is something else, or no longer there.
            OSError: it can't be opened.
        """
        path = self.path_of(name)
        with _opening(path):
            _check_plain(self._look(name), path)  # opening a device can have effects
            if self._descriptor is None:
                descriptor = os.open(path, _FILE | _NO_LINK)
            else:
                descriptor = os.open(name, _FILE | _NO_LINK, dir_fd=self._descriptor)
        with _reading(descriptor, path) as opened:
            yield opened

    def _look(self, name: str) -> os.stat_result:
        if self._descriptor is None:
            return os.lstat(self.path_of(name))
        return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)


@contextmanager
def open_folder(path: Path, below: Path | None = None) -> Iterator[Folder]:
    """Open a folder that the user named.

    Args:
        path: the folder.
        below: a folder above it that is the user's own word; from there downwards no link is followed. None: the whole
            path is the user's word, and may lead through links and be one.

    Raises:
        IntakeError: there is no such folder, or a link on the way to it.
        OSError: it can't be opened.
    """
    with ExitStack() as held:
        folder = held.enter_context(_open_top(path if below is None else below))
        for part in () if below is None else path.relative_to(below).parts:
            folder = held.enter_context(folder.enter(part))
        yield folder


@contextmanager
def open_file(path: Path, below: Path | None = None) -> Iterator[tuple[io.FileIO, os.stat_result]]:
    """Open a plain file that the user named, as `Folder.open_file` does; see `open_folder` for the arguments."""
    if below is not None:
        with open_folder(path.parent, below) as folder, folder.open_file(path.name) as opened:
            yield opened
        return
    _check_plain(path.stat(), str(path))
    with _reading(os.open(path, _FILE), str(path)) as opened:
        yield opened


@contextmanager
def _open_top(path: Path) -> Iterator[Folder]:
    if not _BY_DESCRIPTOR:
        yield Folder(str(path), None)
        return
    descriptor = os.open(path, _FOLDER)
    try:
        yield Folder(str(path), descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _reading(descriptor: int, where: str) -> Iterator[tuple[io.FileIO, os.stat_result]]:
    about = os.fstat(descriptor)  # of what is open, whatever was looked at before
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        raise _changed(where)
    with open(descriptor, "rb", buffering=0) as reader:
        yield reader, about


@contextmanager
def _opening(where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _SWAPPED:
            raise _changed(where) from error
        error.filename = where  # rather than its name alone
        raise


def _check_plain(about: os.stat_result, where: str) -> None:
    if stat.S_ISDIR(about.st_mode):  # folders are entered, so it was none a moment ago
        raise _changed(where)
    if not stat.S_ISREG(about.st_mode):
        raise IntakeError(f"{shown(where)} is {kind(about.st_mode)}; {NOT_PLAIN}.")


def _changed(where: str) -> IntakeError:
    return IntakeError(f"{shown(where)} changed while it was read; grade again.")

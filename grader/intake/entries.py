"""What an archive says that it holds. Nothing of it is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from grader.errors import InfrastructureError, IntakeError, ran_out
from grader.intake.copies import NOT_PLAIN, kind, shown

MAX_ENTRIES = 40_000
"""Entries of an archive, and other headers, with all that is left out: a virtualenv has thousands."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an archive."""

    name: str
    """As it was packed; bytes that aren't UTF-8 are lone surrogates."""
    folder: bool
    executable: bool
    size: int
    """Bytes, by the archive's own account."""
    link: bool = False
    """Whether it is a symbolic link."""
    fault: str = ""
    """Why it can't be taken in, as the rest of a sentence about it."""
    guessed: bool = False
    """Whether nobody knows in which encoding its name was packed; beyond ASCII it may be another one."""


Content = Callable[[], Iterator[bytes]]
"""How to read what an entry holds."""
Walk = Iterator[tuple[Entry, Content]]
"""The entries of an archive in its order, each with how to read its content, at once or never."""


def not_plain(mode: int) -> str:
    """The fault of an entry by its mode."""
    return f"is {kind(mode)}; {NOT_PLAIN}"


@contextmanager
def reading(where: str) -> Iterator[None]:
    """While an archive is read: what reading libraries raise at a damaged one becomes a sentence about it.

    Raises:
        IntakeError: it is damaged.
        OSError: the file system fails, rather than the archive.
    """
    try:
        yield
    except (IntakeError, InfrastructureError):
        raise
    except Exception as error:  # a damaged archive makes the libraries raise nearly anything
        if ran_out(error) or (isinstance(error, OSError) and error.errno):
            raise
        reason = shown(str(error)).rstrip(".") or type(error).__name__
        raise IntakeError(
            f"The archive {where} is damaged, or not what its name says ({reason}); pack the project again."
        ) from error


class DamagedError(Exception):
    """An archive breaks the rules of its format; `reading` makes a sentence of it."""

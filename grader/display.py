"""Make text that came from the learner's side fit to show: harmless, stable, and free of the judge's paths.

What each output format needs beyond this (markup, XML, formulas) is that format's own business in `reports`.
"""

import itertools
import os
import re
import threading
import unicodedata
from collections.abc import Iterable
from pathlib import Path

# Cc: control (ANSI begins with one), Cf: format (bidi overrides, zero-width), Cs: lone surrogates, Co: private use,
# Zl and Zp: separators that some viewers take for line ends.
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DOUBTFUL = re.compile(r"[^ -~\n\t]")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
_TEMPORARY_NAME = re.compile(r"(?<![A-Za-z0-9])(\.?tmp-?)[a-z0-9_]{8}(?![A-Za-z0-9_])")
"""Names that `tempfile` draws at random, in two spellings."""
_LINE_END = re.compile(r"\r\n?")


COMMAND_VARIABLE = "KATA_COMMAND"
"""What the user types for `kata`, such as `nox -s kata --`; not set: `kata`."""
_COMMAND = re.compile(r"(?<![\w./-])kata (?=[a-z])")


def as_typed(text: str) -> str:
    """Text of ours, with the commands in it as this user types them."""
    typed = os.environ.get(COMMAND_VARIABLE, "")
    return _COMMAND.sub(lambda _: f"{typed} ", text) if typed else text


def decode(raw: bytes) -> str:
    r"""Decode what a program wrote: UTF-8, bad bytes as `\xNN`, every line end as a newline."""
    return _LINE_END.sub("\n", raw.decode("utf-8", "backslashreplace"))


def visible(text: str) -> str:
    """Replace every character that could act on a terminal or reorder a line by its escape."""
    return _DOUBTFUL.sub(lambda match: _escape(match.group()), text)


def _escape(char: str) -> str:
    if unicodedata.category(char) not in _UNSAFE_CATEGORIES:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - the three widths of Python's escapes


def shorten(text: str, *, lines: int = 24, characters: int = 2400) -> str:
    """Cut the middle out of long text, and say how much is gone; the ends tell most."""
    rows = text.splitlines()
    if len(rows) > lines:
        head, tail = rows[: (lines + 1) // 2], rows[len(rows) - lines // 2 :]
        text = "\n".join([*head, f"… {len(rows) - len(head) - len(tail)} lines left out …", *tail])
    if len(text) > characters:
        half = characters // 2
        text = f"{text[:half]}… {len(text) - 2 * half} characters left out …{text[-half:]}"
    return text


class Scrubber:
    """Replaces the judge's paths by the names that the learner knows, and what is random in each run by dots.

    Args:
        names: pairs of a path and what to call it; the longest path is replaced first.
    """

    def __init__(self, names: Iterable[tuple[Path, str]]) -> None:
        self._lock = threading.Lock()
        self._called = {str(path): name for path, name in names}
        self._pattern: re.Pattern[str] | None = None
        """Of all paths; made when there is a text that holds one, since that takes longer than most texts."""

    def name(self, path: Path, called: str) -> None:
        """Call `path` by that name from now on."""
        with self._lock:
            self._called = self._called | {str(path): called}
            self._pattern = None

    def _known(self) -> tuple[re.Pattern[str], dict[str, str]]:
        """A pattern of all paths, the longest first, and what they are called."""
        with self._lock:
            if self._pattern is None:
                longest_first = sorted(self._called, key=lambda path: (-len(path), path))
                self._pattern = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
            return self._pattern, self._called

    def pieces(self, text: str) -> list[tuple[str, str]]:
        """The text cut before each of our paths: what that path is called (at first maybe nothing), and the rest."""
        pattern, called = self._known()
        ends = [0, *(match.start() for match in pattern.finditer(text)), len(text)]
        cut = [text[start:end] for start, end in itertools.pairwise(ends)]
        found = [pattern.match(piece) for piece in cut]
        return [
            (called[match.group()], piece[match.end() :]) if match else ("", piece)
            for match, piece in zip(found, cut, strict=True)
        ]

    def __call__(self, text: str) -> str:
        """The text as a learner may see it."""
        if any(path in text for path in self._called):
            pattern, called = self._known()
            text = pattern.sub(lambda match: called[match.group()], text)
        return _TEMPORARY_NAME.sub(r"\1…", _ADDRESS.sub("0x…", visible(text)))

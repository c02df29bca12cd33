"""Fingerprints of lost checks, and patterns that match those of the same mistake made by others.

A pattern is text with holes: `⟨#1⟩` stands for a number, `⟨a1⟩` for a word, `⟨?1⟩` for any one token, and `⟨…⟩` for any
tokens or none. Holes with the same number stand for the same token, those with different numbers for different ones;
without a number they stand for anything of their kind. White space doesn't count.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from enum import Enum
from functools import cache

from grader.model import CheckResult

Fingerprint = tuple[tuple[str, ...], ...]
"""Outcome and number of executions looked at; what was expected; what came; the last line on stderr: each as tokens."""

GAP = "⟨…⟩"
"""There is one in a part at most."""
SEPARATOR = "¦"
"""Between the parts of a pattern."""
_HOLE = re.compile(r"⟨([#a?])(\d*)⟩")
_TOKEN = re.compile(r"⟨(?:…|[#a?]\d*)⟩|\d+(?:\.\d+)*|[^\W\d]+|[^\w\s]")
_RESERVED = str.maketrans("⟨⟩¦", "   ")

_ROW = re.compile(r"^(?:(expected|got|came|stderr): +)(.*(?:\n +.*)*)", re.MULTILINE)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\):\n(?:(?:[ \t].*|… \d+ lines left out …)\n)*")
"""All of it but its last line, which is worded alike in all versions of Python."""
_ADVICE = re.compile(r"\. Did you .*")
"""What newer versions add to an error; it depends on other names in the file."""
_LINE = re.compile(r"\bline \d+")
_VERSION = re.compile(r"\b(python|cpython-|cp)3\.?\d+(?:-[\w-]+)?")
"""As in the names of folders and files; and the platform that follows it."""
_PARTS = 4
_EXIT, _NOTHING = ("exit", "status"), ("nothing", "on", "stdout")
"""How what came begins where a program's end was looked at."""
_MAX_EXPECTED_TOKENS = 24
"""Tokens of what was expected: enough to tell which expectation of a check it was."""
_MAX_CHARACTERS = 4000
"""Characters of what came that are looked at."""


def fingerprint(check: CheckResult) -> Fingerprint:
    """What was seen of a lost check."""
    message = (check.message or "").partition("\n\n")[0]  # without the rationale and what was run
    message = _VERSION.sub(r"\1", message.translate(_RESERVED))
    rows = {row[1].replace("came", "got"): _dedented(row) for row in _ROW.finditer(message)}
    came = rows.get("got", "" if rows else message)
    complaint = rows.get("stderr", "").rstrip().rpartition("\n")[2]
    how = (str(check.outcome), str(len(check.transcript)))
    return (
        how,
        _tokens(rows.get("expected", ""))[:_MAX_EXPECTED_TOKENS],
        _stable_tokens(came),
        _stable_tokens(complaint),
    )


def _dedented(row: re.Match[str]) -> str:
    return row[2].replace("\n" + " " * (row.start(2) - row.start()), "\n")


def _stable_tokens(text: str) -> tuple[str, ...]:
    """Text without what differs from one version of Python, or one layout of the code, to another."""
    return _tokens(_LINE.sub("line", _ADVICE.sub("", _TRACEBACK.sub("", text[:_MAX_CHARACTERS]))))


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(text[:_MAX_CHARACTERS]))


def token_kind(token: str) -> str:
    """What kind of hole fits a token: `#`, `a` or `?`."""
    first = token[:1]
    return "#" if first.isdecimal() else "a" if first.isalnum() or first == "_" else "?"


class Likeness(Enum):
    """What of two fingerprints must be alike."""

    ALL = "all"
    NO_WORDS = "no words"
    """Not what a program says in its own words; see `without_words`."""
    NO_VALUES = "no values"
    """Nor what it computes; see `without_values`."""
    NO_DATA = "no data"
    """Nor what was expected, which depends on what was drawn."""


def matches(pattern: str, seen: Fingerprint, likeness: Likeness = Likeness.ALL) -> bool:
    """Whether a fingerprint is one of those that a pattern stands for.

    Args:
        pattern: see above.
        seen: the fingerprint.
        likeness: what must be alike.
    """
    wanted = _reduced_pattern(pattern, likeness)
    seen = _REDUCED[likeness](seen)
    bound: dict[str, str] = {}
    return len(wanted) == len(seen) and all(_part_matches(*each, bound) for each in zip(wanted, seen, strict=True))


def without_words(seen: Fingerprint) -> Fingerprint:
    """The same without the messages that a program words itself.

    Of an exception the class stays; of a program that prints nothing on stdout its exit status; of stderr nothing but
    an exception.
    """
    how, expected, came, complaint = seen
    return how, expected, _without_message(_status(came)), _exception(complaint)


def without_values(seen: Fingerprint) -> Fingerprint:
    """The same without words, and without what came if that is neither an exception nor an exit status."""
    how, expected, came, complaint = without_words(seen)
    status = came[: len(_EXIT) + 1] if came[: len(_EXIT)] == _EXIT else _exception(came)
    return how[:1], expected, status, complaint


def _without_data(seen: Fingerprint) -> Fingerprint:
    how, _, came, complaint = without_values(seen)
    return how, (), came, complaint


_REDUCED: dict[Likeness, Callable[[Fingerprint], Fingerprint]] = {
    Likeness.ALL: lambda seen: seen,
    Likeness.NO_WORDS: without_words,
    Likeness.NO_VALUES: without_values,
    Likeness.NO_DATA: _without_data,
}


@cache
def _reduced_pattern(pattern: str, likeness: Likeness) -> Fingerprint:
    parts = _parse_pattern(pattern)
    return _REDUCED[likeness](parts) if len(parts) == _PARTS else parts


def _status(tokens: tuple[str, ...]) -> tuple[str, ...]:
    if tokens[: len(_EXIT)] != _EXIT:
        return tokens
    first, rest = tokens[: len(_EXIT) + 1], tokens[len(_EXIT) + 1 :]
    rest = rest[1:] if rest[:1] == (",",) else rest
    return (*first, *(_NOTHING if rest[: len(_NOTHING)] == _NOTHING else rest))


def _without_message(tokens: tuple[str, ...]) -> tuple[str, ...]:
    for number, (word, sign) in enumerate(itertools.pairwise(tokens), 1):
        if sign == ":" and _is_class(word):
            return tokens[:number]
    return tokens


def _exception(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The name of a class, without that of its module, if the text begins with one."""
    name = ""
    for each in tokens:
        if each != "." and token_kind(each) != "a":
            break
        name = each
    return (name,) if _is_class(name) else ()


def _is_class(word: str) -> bool:
    return word[:1].isupper() and word.endswith(("Error", "Exception", "Exit", "Interrupt", "Warning"))


@cache
def _parse_pattern(pattern: str) -> Fingerprint:
    return tuple(_tokens(part) for part in pattern.split(SEPARATOR))


def _part_matches(wanted: tuple[str, ...], found: tuple[str, ...], bound: dict[str, str]) -> bool:
    if GAP in wanted and len(found) >= len(wanted) - 1:
        before = wanted.index(GAP)
        after = len(wanted) - before - 1
        wanted = (*wanted[:before], *wanted[before + 1 :])
        found = (*found[:before], *found[len(found) - after :])
    return len(wanted) == len(found) and all(_fills_hole(*each, bound) for each in zip(wanted, found, strict=True))


def _fills_hole(wanted: str, token: str, bound: dict[str, str]) -> bool:
    """Whether a token is the one wanted, or can stand in that hole; notes what it then stands for."""
    hole = _HOLE.fullmatch(wanted)
    if hole is None:
        return wanted == token
    if hole[1] not in ("?", token_kind(token)):
        return False
    if not hole[2]:
        return True
    return bound.setdefault(hole[2], token) == token and list(bound.values()).count(token) == 1

"""Patterns from examples: what several fingerprints have in common, with holes where they differ."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence

from grader.explaining.fingerprints import GAP, SEPARATOR, Fingerprint, token_kind

_MIN_SHARED_WORDS = 0.4
"""The share of the words that came which two fingerprints have in common, if one pattern is to stand for both."""
_HEAD, _TAIL = 30, 15
"""How many tokens of a part, where it is long, stand in a pattern: at its beginning and at its end."""

_Column = tuple[str, ...]
"""What stands at one place of each fingerprint; empty for a gap."""


def patterns(seen: Iterable[Fingerprint], own: Collection[str] = ()) -> tuple[str, ...]:
    """As few patterns as reasonable that stand for all of these fingerprints, and for others like them.

    Args:
        seen: fingerprints of one check, lost to one mistake again and again.
        own: words that only this wrong answer uses; another learner has others.
    """
    families: list[list[Fingerprint]] = []
    for parts in dict.fromkeys(seen):
        for family in families:
            if _same_kind(family[0], parts):
                family.append(parts)
                break
        else:
            families.append([parts])
    return tuple(dict.fromkeys(_pattern_text(family, own) for family in families))


def _same_kind(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether what came, and what was complained of, is the same but for what was drawn."""
    return one[0] == other[0] and all(_similar(*each) for each in zip(one[2:], other[2:], strict=True))


def _similar(one: Sequence[str], other: Sequence[str]) -> bool:
    if one == other:
        return True
    words = min(sum(token_kind(token) == "a" for token in each) for each in (one, other))
    same = sum(_is_constant(column) and token_kind(column[0]) == "a" for column in _columns([one, other]) if column)
    return 0 < words * _MIN_SHARED_WORDS <= same


def _columns(examples: Sequence[Sequence[str]]) -> list[_Column]:
    """The tokens place by place; where there are more in some, all between what begins and ends alike is a gap."""
    if len({len(example) for example in examples}) == 1:
        return list(zip(*examples, strict=True))
    shortest = min(len(example) for example in examples)
    head = _common_start(zip(*examples, strict=False))
    tail = _common_start(zip(*(example[::-1][: shortest - len(head)] for example in examples), strict=True))
    return [*head, (), *reversed(tail)]


def _common_start(columns: Iterable[_Column]) -> list[_Column]:
    """The columns up to where the examples part; of a list of numbers, none."""
    found = list(itertools.takewhile(_is_constant_or_number, columns))
    words = [index for index, column in enumerate(found) if token_kind(column[0]) == "a"]
    rest = found[words[-1] + 1 if words else 0 :]
    return found if all(_is_constant(column) for column in rest) else found[: len(found) - len(rest)]


def _is_constant(column: _Column) -> bool:
    return len(set(column)) == 1


def _is_constant_or_number(column: _Column) -> bool:
    return _is_constant(column) or {token_kind(word) for word in column} == {"#"}


def _pattern_text(family: Sequence[Fingerprint], own: Collection[str]) -> str:
    parts = [_shortened(_columns(examples)) for examples in zip(*family, strict=True)]
    numbers = _hole_numbers([column for part in parts for column in part if _varies(column, own)])
    return SEPARATOR.join(_joined([_token_or_hole(column, own, numbers) for column in part]) for part in parts)


def _shortened(columns: list[_Column]) -> list[_Column]:
    """Without the middle of what is long: its ends tell it from the others."""
    if len(columns) <= _HEAD + _TAIL:
        return columns
    gap = columns.index(()) if () in columns else _HEAD
    return [*columns[:gap][:_HEAD], (), *[column for column in columns[gap:] if column][-_TAIL:]]


def _varies(column: _Column, own: Collection[str]) -> bool:
    return bool(column) and (not _is_constant(column) or column[0] in own)


def _hole_numbers(varying: Iterable[_Column]) -> dict[_Column, str]:
    """A number for each hole of its own: one whose content is never that of another."""
    apart = list(dict.fromkeys(varying))
    unclear: set[_Column] = set()
    for one, other in itertools.combinations(apart, 2):
        if any(mine == yours for mine, yours in zip(one, other, strict=True)):
            unclear.update((one, other))
    return {column: str(number) for number, column in enumerate((each for each in apart if each not in unclear), 1)}


def _token_or_hole(column: _Column, own: Collection[str], numbers: dict[_Column, str]) -> str:
    if not column:
        return GAP
    if not _varies(column, own):
        return column[0]
    kinds = {token_kind(word) for word in column}
    return f"⟨{kinds.pop() if len(kinds) == 1 else '?'}{numbers.get(column, '')}⟩"


def _joined(words: Sequence[str]) -> str:
    """A text that has just these tokens."""
    return "".join(_spaced(words))


def _spaced(words: Sequence[str]) -> Iterator[str]:
    before = "?"
    for word in words:
        if "?" not in (token_kind(before), token_kind(word)) or (before == "." and token_kind(word) == "#"):
            yield " "
        yield word
        before = word

"""Help on request, one step at a time: first a question, then the concept, then what is nearly code."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec

from grader import progress
from grader.catalog import Exercise
from grader.catalog.exercise_files import Hint
from grader.errors import UsageError
from grader.progress import Entry

LEVELS = 3
NO_CHECK = ""
"""Stands for the check where none was lost."""
KINDS = {1: "a question", 2: "the concept", 3: "nearly code"}


@dataclass(frozen=True, slots=True)
class Given:
    """A hint that was given."""

    hint: Hint | None
    """None where there is no further one, or nothing was lost."""
    shown: Mapping[str, int]
    """How many levels have been read now, by check."""
    trouble: str = ""
    """Why that could not be written down, as a sentence."""


def give(
    exercise: Exercise,
    workspace: Path,
    *,
    level: int | None = None,
    unwritten: Mapping[str, int] = MappingProxyType({}),
    lost: Collection[str] = (),
) -> Given:
    """Give the next hint, and count it. Where it can't be written down, it is given all the same.

    Args:
        exercise: what help is wanted with.
        workspace: keeps the learner's history.
        level: the level that is wanted, for the first lost check; None for the next.
        unwritten: how many levels have been read that could not be written down, by check.
        lost: the checks that were lost, where the history can't be written and may not know.
    """
    try:
        with progress.changing(workspace) as known:
            entry = known.entry(exercise.slug)
            hint, shown = _choose(exercise, entry, entry.lost, unwritten, level)
            if shown != entry.hints:
                known.entries[exercise.slug] = msgspec.structs.replace(entry, hints=shown)
        return Given(hint, shown)
    except UsageError as error:
        entry = progress.load(workspace).entry(exercise.slug)
        hint, shown = _choose(exercise, entry, tuple(lost) or entry.lost, unwritten, level)
        return Given(hint, shown, str(error))


def _choose(
    exercise: Exercise, entry: Entry, lost: Sequence[str], unwritten: Mapping[str, int], level: int | None
) -> tuple[Hint | None, dict[str, int]]:
    shown = merged(entry.hints, unwritten)
    if entry.outcomes and not lost:
        return None, shown
    if level is None:
        return choose_hint(exercise, lost, shown)
    check = next(iter(lost), NO_CHECK)
    hint = next_hint(exercise, [check], level - 1)
    return hint, shown if hint is None else merged(shown, {check: hint.level})


def merged(shown: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """The levels that were read by one count or the other."""
    return {**shown, **{check: max(level, shown.get(check, 0)) for check, level in more.items()}}


def next_hint(exercise: Exercise, lost: Collection[str], shown: int) -> Hint | None:
    """The hint of the next level that there is.

    At each level one that names a check that was lost goes before one that fits always, and first the one that names
    the fewest checks.

    Args:
        exercise: what help is wanted with.
        lost: the checks that were lost.
        shown: how many levels of help have been read.
    """
    for level in range(max(0, shown) + 1, LEVELS + 1):
        fitting = [hint for hint in exercise.about.hints if hint.level == level]
        named = [hint for hint in fitting if not set(hint.checks).isdisjoint(lost)]
        if named:
            return min(named, key=lambda hint: len(hint.checks))
        always = next((hint for hint in fitting if not hint.checks), None)
        if always is not None:
            return always
    return None


def choose_hint(
    exercise: Exercise, lost: Sequence[str], shown: Mapping[str, int]
) -> tuple[Hint | None, dict[str, int]]:
    """The next hint to show, and what has been shown then.

    It is about the first lost check for which there is a hint that hasn't been read.

    Args:
        exercise: what help is wanted with.
        lost: the checks that were lost, in their order.
        shown: how many levels have been read, by check.
    """
    known = {id(hint) for hint in read_hints(exercise, shown)}
    for check in lost or [NO_CHECK]:
        level = shown.get(check, 0)
        while hint := next_hint(exercise, [check], level):
            level = hint.level
            if id(hint) not in known:
                return hint, {**shown, check: level}
    return None, dict(shown)


def read_hints(exercise: Exercise, shown: Mapping[str, int]) -> tuple[Hint, ...]:
    """The hints that have been read, each once, in the order of their levels for one check after the other."""
    known = {id(hint): hint for check, level in shown.items() for hint in _hints_up_to(exercise, check, level)}
    return tuple(known.values())


def _hints_up_to(exercise: Exercise, check: str, levels: int) -> Iterator[Hint]:
    level = 0
    while (hint := next_hint(exercise, [check], level)) and hint.level <= levels:
        yield hint
        level = hint.level


def heading(hint: Hint) -> str:
    """What stands above a hint."""
    return f"Hint {hint.level} of {LEVELS}, {KINDS[hint.level]}"

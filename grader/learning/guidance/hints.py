"""Help on request, one step at a time: first a question, then the concept, then what is nearly code."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from grader import progress
from grader.catalog import Exercise
from grader.catalog.exercise_files import Hint

LEVELS = 3
NO_CHECK = ""
"""Stands for the check where none was lost."""
KINDS = {1: "a question", 2: "the concept", 3: "nearly code"}


def give(exercise: Exercise, workspace: Path) -> Hint | None:
    """Give the next hint, and count it; None where there is none, or nothing was lost.

    Raises:
        UsageError: it can't be counted.
    """
    with progress.changing(workspace) as known:
        entry = known.entry(exercise.slug)
        if entry.outcomes and not entry.lost:
            return None
        hint, shown = choose_hint(exercise, entry.lost, entry.hints)
        if shown != entry.hints:
            known.entries[exercise.slug] = msgspec.structs.replace(entry, hints=shown)
        return hint


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

"""Which catalogued mistakes a class makes, as far as they were recognised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.classroom.records import recorded_checks
from grader.classroom.records.ledger import Grading
from grader.classroom.records.standings import Standing


@dataclass(frozen=True, slots=True)
class CommonMistake:
    """One misconception, and whose it is or was."""

    mistake: str
    says: str
    ever: int
    """People who made it in any attempt."""
    still: int
    """People who make it in the attempt that counts."""


def find_common_mistakes(
    standings: Sequence[Standing], gradings: Mapping[tuple[str, str], Grading]
) -> tuple[CommonMistake, ...]:
    """The mistakes of one exercise, the most common first."""
    says: dict[str, str] = {}
    ever: dict[str, set[str]] = {}
    still: dict[str, set[str]] = {}
    for each in standings:
        contents = {(attempt.exercise, attempt.digest) for attempt in each.attempts}
        for grading in (gradings[content] for content in sorted(contents) if content in gradings):
            found = recorded_checks.read(grading).diagnosis
            if found is None:
                continue
            says[found.mistake] = found.says
            ever.setdefault(found.mistake, set()).add(each.student)
            if each.grading is not None and each.grading.content == grading.content:
                still.setdefault(found.mistake, set()).add(each.student)
    rows = (CommonMistake(name, says[name], len(those), len(still.get(name, ()))) for name, those in ever.items())
    return tuple(sorted(rows, key=lambda row: (-row.ever, row.mistake)))

"""Find what a regrade would change, for which students and why, before any of it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from grader.classroom.records.ledger import Grading, Ledger

_REASONS = (
    ("catalogue", "the exercise's checks"),
    ("tool", "import-kata"),
    ("python", "Python"),
    ("sandbox", "sandbox"),
)


class _Check(msgspec.Struct):
    id: str
    title: str
    points: int
    max_points: int


class _Report(msgspec.Struct):
    checks: list[_Check]


@dataclass(frozen=True, slots=True)
class Change:
    """One content that would get another grade, or the same one anew."""

    exercise: str
    students: tuple[str, ...]
    """Whose it is, by the roster's ids."""
    old: Grading
    new: Grading
    reason: str
    """What is not as it was, in words."""
    lost: tuple[str, ...]
    """Titles of the checks that had points, and would have fewer."""
    gained: tuple[str, ...]

    @property
    def difference(self) -> int:
        """Points up or down."""
        return (self.new.score or 0) - (self.old.score or 0)


def pending_changes(ledger: Ledger) -> tuple[Change, ...]:
    """Newer gradings that don't count yet, those that change a score first, the largest loss before all."""
    counting, latest = ledger.gradings(), ledger.latest()
    students: dict[tuple[str, str], set[str]] = {}
    for each in ledger.received():
        students.setdefault((each.exercise, each.digest), set()).add(each.student)
    found = [
        _change(counting[content], new, tuple(sorted(students.get(content, ()))))
        for content, new in latest.items()
        if content in counting and new.id != counting[content].id and new.score is not None
    ]
    return tuple(
        sorted(found, key=lambda change: (change.difference == 0, change.difference, change.exercise, change.students))
    )


def _change(old: Grading, new: Grading, students: tuple[str, ...]) -> Change:
    before, after = _points(old), _points(new)
    because = ", ".join(_reasons(old, new)) or "graded again"
    lost = tuple(title for title, points in before.items() if after.get(title, 0) < points)
    gained = tuple(title for title, points in after.items() if before.get(title, 0) < points)
    return Change(old.exercise, students, old, new, because, lost, gained)


def _reasons(old: Grading, new: Grading) -> Iterator[str]:
    for field, name in _REASONS:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield f"{name} changed" if field == "catalogue" else f"{name} {before} became {after}"


def _points(grading: Grading) -> dict[str, int]:
    report = msgspec.json.decode(grading.report, type=_Report)
    return {check.title: check.points for check in report.checks}

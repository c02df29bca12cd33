"""Find what a regrade would change, for which students and why, before any of it counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from grader.catalog import Exercise
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
    version: int = 1
    """Of the exercise; earlier reports, all of first versions, don't say it."""


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
    exercise_changes: tuple[str, ...] = ()
    """What is graded in another way in the exercise's version of now, as sentences."""

    @property
    def difference(self) -> int:
        """Points up or down."""
        return (self.new.score or 0) - (self.old.score or 0)


def pending_changes(ledger: Ledger, exercises: Sequence[Exercise] = ()) -> tuple[Change, ...]:
    """Newer gradings that don't count yet, those that change a score first, the largest loss before all.

    Args:
        ledger: holds them.
        exercises: what they are of, to say what is new in the exercises themselves.
    """
    by_slug = {exercise.slug: exercise for exercise in exercises}
    counting, latest = ledger.gradings(), ledger.latest()
    students: dict[tuple[str, str], set[str]] = {}
    for each in ledger.received():
        students.setdefault((each.exercise, each.digest), set()).add(each.student)
    found = [
        _change(counting[content], new, tuple(sorted(students.get(content, ()))), by_slug.get(new.exercise))
        for content, new in latest.items()
        if content in counting and new.id != counting[content].id and new.score is not None
    ]
    return tuple(
        sorted(found, key=lambda change: (change.difference == 0, change.difference, change.exercise, change.students))
    )


def _change(old: Grading, new: Grading, students: tuple[str, ...], exercise: Exercise | None) -> Change:
    was, now = _report(old), _report(new)
    before, after = _points(was), _points(now)
    changes = exercise.changes_between(was.version, now.version) if exercise is not None else ()
    because = ", ".join(_reasons(old, new)) or "graded again"
    lost = tuple(title for title, points in before.items() if after.get(title, 0) < points)
    gained = tuple(title for title, points in after.items() if before.get(title, 0) < points)
    return Change(old.exercise, students, old, new, because, lost, gained, changes)


def _reasons(old: Grading, new: Grading) -> Iterator[str]:
    for field, name in _REASONS:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield f"{name} changed" if field == "catalogue" else f"{name} {before} became {after}"


def _report(grading: Grading) -> _Report:
    return msgspec.json.decode(grading.report, type=_Report)


def _points(report: _Report) -> dict[str, int]:
    return {check.title: check.points for check in report.checks}

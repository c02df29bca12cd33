"""What each check tells of a class: how many pass it, and whether it is passed by those who pass the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.classroom.insight.statistics import difficulty, discrimination
from grader.classroom.records import recorded_checks
from grader.classroom.records.ledger import Grading
from grader.model import CheckResult, Outcome

LOW_DISCRIMINATION = 0.2
"""Discrimination below which a check is marked."""


@dataclass(frozen=True, slots=True)
class Item:
    """One check of an exercise, over all attempts that count."""

    number: int
    """In the exercise, from 1."""
    title: str
    points: int
    count: int
    """People for whom it is known; it isn't for those for whom the check was skipped."""
    difficulty: float | None
    discrimination: float | None

    @property
    def remark(self) -> str:
        """What deserves a look, in words."""
        if self.discrimination is None:
            return {0.0: "nobody passes", 1.0: "all pass"}.get(-1.0 if self.difficulty is None else self.difficulty, "")
        if self.discrimination < 0:
            return "lost by those who are right elsewhere"
        return "says little of the rest" if self.discrimination < LOW_DISCRIMINATION else ""


def analyse_items(gradings: Iterable[Grading]) -> tuple[Item, ...]:
    """The checks of one exercise, in their order.

    A check that a regrade brought or took away counts for those whose grading has it.

    Args:
        gradings: one for each person.
    """
    attempts = [recorded_checks.read(grading).checks for grading in gradings]
    known = dict.fromkeys(check.id for checks in attempts for check in checks)
    return tuple(_analyse_item(number, id_, attempts) for number, id_ in enumerate(known, 1))


def _analyse_item(number: int, id_: str, attempts: Sequence[tuple[CheckResult, ...]]) -> Item:
    passed: list[bool] = []
    rest: list[float] = []
    last: CheckResult | None = None
    for checks in attempts:
        own = next((check for check in checks if check.id == id_), None)
        last = own or last
        if own is not None and own.outcome not in (Outcome.SKIPPED, Outcome.ERROR):
            passed.append(own.outcome is Outcome.PASSED)
            rest.append(sum(check.points for check in checks if check.id != id_))
    title, points = (last.title, last.max_points) if last else (id_, 0)
    return Item(number, title, points, len(passed), difficulty(passed), discrimination(passed, rest))

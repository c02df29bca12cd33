"""What all gradebooks have in common: one grade for each person, and rows matched to people by ids only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.classroom.gradebooks.csv_file import CsvFile
from grader.classroom.records import standings
from grader.classroom.records.course import Course
from grader.classroom.records.roster import Person
from grader.classroom.records.standings import Standing
from grader.errors import UsageError
from grader.reports.numbers import hundredths

Key = tuple[str, str]
"""A kind of id, and the id."""


@dataclass(frozen=True, slots=True)
class FilledGradebook:
    """A gradebook with grades in it."""

    content: bytes
    count: int
    """Cells that have a grade of ours."""
    unchanged: tuple[str, ...]
    """What was left as it was, and why: a sentence for each."""


def grades(course: Course, found: Sequence[Standing]) -> dict[str, Fraction]:
    """The part from 0 to 1 that each person has of the exercises that count by now.

    People who have handed in nothing have no entry, nor have those of whom something is ungraded. Exercises weigh as
    the catalogue says; optional ones count only where there is no other.
    """
    waiting = {each.student for each in found if each.is_ungraded}
    counting = standings.counting(course, found)
    weights = {each.slug: each.about.weight for each in course.exercises}
    if not any(weights[each.exercise] for each in counting):
        weights = dict.fromkeys(weights, 1)
    earned: dict[str, Fraction] = {}
    whole: dict[str, int] = {}
    for each in counting:
        whole[each.student] = whole.get(each.student, 0) + weights[each.exercise]
        if each.counted is not None and each.counted.max_score:
            part = each.counted.points / each.counted.max_score * weights[each.exercise]
            earned[each.student] = earned.get(each.student, Fraction(0)) + part
    return {student: points / whole[student] for student, points in earned.items() if student not in waiting}


def match_people(
    gradebook: CsvFile, keys_of_row: Callable[[int], set[Key]], known: Mapping[Key, Person]
) -> dict[int, Person]:
    """Who each row is of; rows of nobody on the roster are not in it.

    Raises:
        UsageError: ids of one row belong to two people, or two rows to one.
    """
    found: dict[int, Person] = {}
    rows: dict[str, int] = {}
    for row in range(1, len(gradebook.rows)):
        matched = {known[key].id: known[key] for key in keys_of_row(row) if key in known}
        if len(matched) > 1:
            whose = " and ".join(sorted(matched))
            raise UsageError(
                f"Row {row + 1} of {gradebook.name} has ids of {whose}: fix the roster; nothing was written."
            )
        for student, person in matched.items():
            if student in rows:
                both = f"Rows {rows[student] + 1} and {row + 1} of {gradebook.name}"
                raise UsageError(f"{both} are both of {student}: fix the roster; nothing was written.")
            rows[student] = row
            found[row] = person
    return found


def format_grade(part: Fraction, out_of: Fraction, *, comma: bool) -> str:
    """A grade with two decimals at most, half up, but never up to full marks."""
    rounded = hundredths(part * out_of, out_of)
    text = f"{rounded // 100}.{rounded % 100:02}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def parse_number(text: str) -> Fraction | None:
    """A number as gradebooks write it; None if it is none."""
    try:
        return Fraction(text.strip().replace(",", ".")) if "/" not in text else None
    except ValueError:
        return None

"""Compute grades by person and exercise, by the course's policy; all exports begin here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from grader.classroom.records import policy
from grader.classroom.records.course import Course
from grader.classroom.records.ledger import Grading, Ledger, Received, Refused


@dataclass(frozen=True, slots=True)
class Standing:
    """One person in one exercise."""

    student: str
    exercise: str
    attempts: tuple[Received, ...]
    """All that was handed in, in the order in which it came."""
    counted: policy.CountedAttempt | None
    """None where nothing was handed in, or something of it is still ungraded."""
    grading: Grading | None
    """Of the attempt that counts."""
    refused: tuple[Refused, ...] = ()
    """What came in and could not be taken, if nothing has come since."""
    voided: tuple[tuple[Received, str], ...] = ()
    """What counts no longer, and why."""

    @property
    def is_ungraded(self) -> bool:
        """Whether something was handed in that is not graded."""
        return bool(self.attempts) and self.counted is None


def compute(course: Course, ledger: Ledger, students: tuple[str, ...]) -> Iterator[Standing]:
    """The standings of those people in all exercises of the course."""
    gradings = ledger.gradings()
    attempts: dict[tuple[str, str], list[Received]] = {}
    for each in ledger.received():
        attempts.setdefault((each.student, each.exercise), []).append(each)
    refused, voided = ledger.refused(), ledger.voided()
    for student in students:
        for exercise in course.exercises:
            own = tuple(attempts.get((student, exercise.slug), ()))
            found = _standing(course, student, exercise.slug, own, gradings)
            gone = tuple(each for each in voided if (each[0].student, each[0].exercise) == (student, exercise.slug))
            yield replace(found, refused=tuple(_still_refused(refused, found)), voided=gone)


def _still_refused(refused: Sequence[Refused], standing: Standing) -> Iterator[Refused]:
    """What is still to be said: nothing of what came before the last attempt that could be taken."""
    last = max((each.received_at for each in standing.attempts), default=None)
    own = (each for each in refused if each.student == standing.student and each.exercise in (standing.exercise, ""))
    yield from (each for each in own if last is None or each.received_at > last)


def _standing(
    course: Course,
    student: str,
    exercise: str,
    attempts: tuple[Received, ...],
    gradings: dict[tuple[str, str], Grading],
) -> Standing:
    graded = [gradings.get((each.exercise, each.digest)) for each in attempts]
    if not attempts or None in graded:
        return Standing(student, exercise, attempts, None, None)
    sound = [grading for grading in graded if grading is not None]
    scored = [
        policy.ScoredAttempt(each.received_at, grading.score or 0, grading.max_score)
        for each, grading in zip(attempts, sound, strict=True)
    ]
    counted = policy.choose_attempt(scored, course.about.policy, course.due(exercise), course.about.late)
    return Standing(student, exercise, attempts, counted, sound[counted.attempt])


def ungraded(standings: Sequence[Standing]) -> tuple[str, ...]:
    """What of it has no grade yet: the exercise and whose it is."""
    return tuple(f"{each.exercise} of {each.student}" for each in standings if each.is_ungraded)


def counting(course: Course, standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """Those that count by now: what is due or has no due date, and what was handed in before; nothing ungraded."""
    known = (each for each in standings if not each.is_ungraded)
    return tuple(each for each in known if each.attempts or course.is_due(each.exercise))


def total(course: Course, standings: Sequence[Standing]) -> Fraction:
    """Percent of one person over the exercises that count by now, weighted by the catalogue; missing ones count 0."""
    own = counting(course, standings)
    weights = {each.slug: each.about.weight for each in course.exercises}
    whole = sum(weights[each.exercise] for each in own)
    if not whole:
        return Fraction(0)
    parts = (
        weights[each.exercise] * each.counted.points / each.counted.max_score
        for each in own
        if each.counted is not None and each.counted.max_score
    )
    return sum(parts, Fraction(0)) / whole * 100

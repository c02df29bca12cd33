"""The part of a student's page about one exercise: points and why, attempts, lost checks, and the comment."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.classroom.gradebooks.matching import format_grade
from grader.classroom.insight import clusters
from grader.classroom.insight.clusters import Key
from grader.classroom.records import policy, recorded_checks, standings
from grader.classroom.records.course import Course
from grader.classroom.records.ledger import Grading
from grader.classroom.records.standings import Standing
from grader.explaining import messages
from grader.model import Cause, CheckResult, Diagnosis, Outcome

_OUTCOME_TEXTS = {
    Outcome.PASSED: "✓ passed",
    Outcome.FAILED: "✗ lost",
    Outcome.TIMEOUT: "✗ did not end in time",
    Outcome.SKIPPED: "– could not be made, and counts neither way",
    Outcome.ERROR: "– could not be made",
}


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """One check of the attempt that counts."""

    title: str
    outcome: str
    is_passed: bool
    points: int
    max_points: int
    rows: tuple[messages.Row, ...] = ()
    """Empty where the message is of another form."""
    why: str = ""
    """The rationale, or a message of another form."""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt in the table of attempts."""

    received: str
    days_late: int
    earned: str
    worth: str
    """After what lateness took off."""
    counts: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One exercise of one student."""

    anchor: str
    number: int
    title: str
    points: str
    max_points: str
    says: tuple[str, ...]
    """How the points came about, in sentences."""
    attempts: tuple[AttemptRow, ...] = ()
    checks: tuple[CheckSummary, ...] = ()
    diagnosis: Diagnosis | None = None
    causes: tuple[Cause, ...] = ()
    comment: str = ""
    python: str = ""
    """The version that ran the learner's code."""

    @property
    def lost(self) -> tuple[CheckSummary, ...]:
        """What has something to say."""
        return tuple(check for check in self.checks if check.rows or check.why)


def what_counts(course: Course, found: Sequence[Standing]) -> Iterator[str]:
    """What the total is made of, in sentences: what isn't due yet, and what counts more than once or not at all."""
    counting = len(standings.counting(course, found))
    if counting < len(found):
        yield f"So far {counting} of {len(found)} exercises count: those that are due or handed in, and graded."
    elif any(course.due(each.exercise) is not None for each in found):
        yield "All exercises count by now. One that was not handed in counts as 0."
    weights = {exercise.number: exercise.about.weight for exercise in course.exercises}
    if len(set(weights.values())) > 1:
        others = (f"{number:02} {_times(weight)}" for number, weight in weights.items() if weight != 1)
        yield f"Exercises count once each, but {', '.join(others)}."


def _times(weight: int) -> str:
    return "not at all" if weight == 0 else f"{weight} times"


def section(
    course: Course, standing: Standing, gradings: Mapping[tuple[str, str], Grading], comments: Mapping[Key, str]
) -> Section:
    """What is said to one person about one exercise."""
    exercise = course.by_slug[standing.exercise]
    counted, grading = standing.counted, standing.grading
    if counted is None or grading is None:
        due = course.due(standing.exercise)
        if standing.is_ungraded:
            moment = _moment(standing.attempts[-1].received_at, due)
            why = f"Received {moment}, and not graded yet. That is no fault of yours, and it doesn't count as 0."
            return Section(exercise.slug, exercise.number, exercise.about.title, "–", "100", (why,))
        when = "" if due is None or course.is_due(standing.exercise) else f" It is due {_moment(due, due)}."
        says = tuple(_not_counted(course, standing)) or (f"Nothing was handed in.{when}",)
        points = "–" if when else "0"
        return Section(exercise.slug, exercise.number, exercise.about.title, points, "100", says)
    seen = recorded_checks.read(grading)
    lines = tuple(_attempt_rows(course, standing, gradings))
    cluster = clusters.key(standing.exercise, seen.checks)
    return Section(
        exercise.slug,
        seen.number,
        seen.title,
        points_text(counted.points, counted.max_score),
        str(counted.max_score),
        (*_counting_rule(course, len(lines)), *_lateness(course, counted, grading), *_not_counted(course, standing)),
        lines,
        tuple(map(_check, seen.checks)),
        seen.diagnosis,
        seen.causes,
        comments.get(cluster, "") if cluster else "",
        grading.python,
    )


def _not_counted(course: Course, standing: Standing) -> Iterator[str]:
    """What came in and doesn't count, in words for the learner."""
    for each in standing.refused:
        moment = _moment(each.received_at, course.due(standing.exercise))
        yield f"Received {moment}, and could not be read. {each.why[:1].upper()}{each.why[1:]}"
    for received, why in standing.voided:
        moment = _moment(received.received_at, course.due(standing.exercise))
        yield f"Received {moment}, and counts no longer: {why}"


def points_text(points: Fraction, most: int) -> str:
    """Points as the gradebooks get them: two decimals at most."""
    return format_grade(points / most, Fraction(most), comma=False) if most else "0"


def _attempt_rows(
    course: Course, standing: Standing, gradings: Mapping[tuple[str, str], Grading]
) -> Iterator[AttemptRow]:
    due, late = course.due(standing.exercise), course.about.late
    for number, each in enumerate(standing.attempts):
        grading = gradings[each.exercise, each.digest]
        scored = policy.ScoredAttempt(each.received_at, grading.score or 0, grading.max_score)
        yield AttemptRow(
            _moment(each.received_at, due),
            policy.days_late(each.received_at, due, late),
            str(scored.score),
            points_text(policy.points(scored, due, late), scored.max_score),
            standing.counted is not None and number == standing.counted.attempt,
        )


def _moment(moment: datetime.datetime, due: datetime.datetime | None) -> str:
    """A moment in the time zone in which something was due."""
    zone = due.tzinfo if due is not None and due.tzinfo is not None else datetime.UTC
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")


def _counting_rule(course: Course, count: int) -> Iterator[str]:
    if count > 1:
        which = {"best": "the best, after lateness, of equals the earliest"}.get(course.about.policy, "the {0}")
        yield f"Of {count} attempts one counts: {which.format(course.about.policy)}."


def _lateness(course: Course, counted: policy.CountedAttempt, grading: Grading) -> Iterator[str]:
    days, late = counted.days_late, course.about.late
    if not days:
        return
    begun = "1 day begun" if days == 1 else f"{days} days begun"
    if late.most_days is not None and days > late.most_days:
        yield f"It came late, by {begun} after it was due; after {late.most_days} nothing counts."
    elif late.percent_a_day:
        off = min(100, late.percent_a_day * days)
        points = points_text(counted.points, counted.max_score)
        yield f"It came late, by {begun} after it was due; {late.percent_a_day} % for each take {off} % off the points:"
        yield f"of the {grading.score} that it earned {points} count."
    else:
        yield f"It came late, by {begun} after it was due, which costs nothing here."


def _check(check: CheckResult) -> CheckSummary:
    rows, why = messages.parts(check.message or "")
    is_passed = check.outcome is Outcome.PASSED
    return CheckSummary(
        check.title, _OUTCOME_TEXTS[check.outcome], is_passed, check.points, check.max_points, rows, why
    )

"""Choose the attempt that counts, and take off points for lateness."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.classroom.records.course import LatePolicy

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ScoredAttempt:
    """One attempt of one person at one exercise."""

    received: datetime.datetime
    score: int
    """Points earned."""
    max_score: int


@dataclass(frozen=True, slots=True)
class CountedAttempt:
    """What counts for one person in one exercise."""

    attempt: int
    """Which of the attempts, from 0."""
    points: Fraction
    """After what lateness took off."""
    max_score: int
    days_late: int
    """Days begun after the due date."""


def days_late(received: datetime.datetime, due: datetime.datetime | None, late: LatePolicy) -> int:
    """Days begun after the due date; 0 up to the last moment of grace."""
    if due is None or received <= due + datetime.timedelta(minutes=late.grace_minutes):
        return 0
    return -((due - received) // _DAY)


def points(scored: ScoredAttempt, due: datetime.datetime | None, late: LatePolicy) -> Fraction:
    """The points that an attempt is worth."""
    days = days_late(scored.received, due, late)
    if late.most_days is not None and days > late.most_days:
        return Fraction(0)
    return scored.score * max(Fraction(0), 1 - Fraction(late.percent_a_day, 100) * days)


def choose_attempt(
    attempts: Sequence[ScoredAttempt], policy: str, due: datetime.datetime | None, late: LatePolicy
) -> CountedAttempt:
    """The attempt that counts, of at least one, in the order in which they were received.

    `best` takes the one worth most after lateness, and of equals the earliest.
    """
    worth = [points(attempt, due, late) for attempt in attempts]
    chosen = {"first": 0, "last": len(attempts) - 1, "best": worth.index(max(worth))}[policy]
    attempt = attempts[chosen]
    return CountedAttempt(chosen, worth[chosen], attempt.max_score, days_late(attempt.received, due, late))

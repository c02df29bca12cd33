"""What the ledger knows of time: when attempts came in, and how long grading took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.classroom.insight.statistics import Distribution, distribution
from grader.classroom.records.ledger import Grading
from grader.classroom.records.standings import Standing

_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Times:
    """Of one exercise."""

    attempts: Distribution | None
    """Attempts of each person who handed in any."""
    hours: Distribution | None
    """From the first to the last submission of each person with more than one; work before the first isn't in it."""
    grading: Distribution | None
    """Seconds that grading took, of each content."""

    @property
    def total(self) -> float:
        """Seconds that grading took in all."""
        return self.grading.mean * self.grading.count if self.grading else 0.0


def measure_times(standings: Sequence[Standing], gradings: Mapping[tuple[str, str], Grading]) -> Times:
    """Of one exercise; of each content the grading that counts."""
    counts = [len(each.attempts) for each in standings if each.attempts]
    spans = [
        (each.attempts[-1].received_at - each.attempts[0].received_at).total_seconds() / _HOUR
        for each in standings
        if len(each.attempts) > 1
    ]
    contents = {(attempt.exercise, attempt.digest) for each in standings for attempt in each.attempts}
    seconds = [gradings[content].seconds for content in sorted(contents) if content in gradings]
    return Times(distribution(counts), distribution(spans), distribution(seconds))

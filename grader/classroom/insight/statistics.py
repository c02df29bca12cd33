"""Numbers about a class: pure functions, no I/O. Where a number would mean nothing, there is none."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

MIN_PEOPLE = 10
"""People below which no discrimination is told: with fewer, chance decides even its sign."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """How values lie; quartiles are those of the values themselves, not of a population behind them."""

    count: int
    mean: float
    deviation: float
    """Standard deviation, dividing by the count."""
    lowest: float
    lower: float
    """A quarter lies below."""
    median: float
    upper: float
    """A quarter lies above."""
    highest: float


def distribution(values: Sequence[float]) -> Distribution | None:
    """How values lie; None if there are none."""
    if not values:
        return None
    one = len(values) == 1
    lower, median, upper = [values[0]] * 3 if one else statistics.quantiles(values, n=4, method="inclusive")
    mean, deviation = statistics.fmean(values), statistics.pstdev(values)
    return Distribution(len(values), mean, deviation, min(values), lower, median, upper, max(values))


def histogram(values: Sequence[float], most: float, bins: int = 10) -> tuple[int, ...]:
    """How many values lie in each of so many equal parts from 0 to `most`.

    A part holds its lower end, but not its upper one; only the last holds both, so full marks are in it.
    """
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value * bins / most))] += 1
    return tuple(counts)


def difficulty(passed: Sequence[bool]) -> float | None:
    """The share that passes, from 0 (hard) to 1 (easy), as item analysis calls it; None if nobody tried."""
    return sum(passed) / len(passed) if passed else None


def discrimination(passed: Sequence[bool], rest: Sequence[float]) -> float | None:
    """Whether those who pass a check are those who do well in the rest: the point-biserial correlation of both.

    That is Pearson's correlation of 1 or 0 for the check with the rest score, which is the points that the same people
    earned with the *other* checks of the exercise: with the check's own points in it, every check would seem to tell
    the good from the bad. About 0.2 and more is usual for a sound check. Near 0, it says nothing of what the others
    say; below 0, those who are right elsewhere lose it, and it or its contract deserves a look.

    None with fewer than `MIN_PEOPLE` people, and where it is undefined: all or none pass, or all rest scores are equal.

    Args:
        passed: who passed.
        rest: the rest scores of the same people.
    """
    if len(passed) < MIN_PEOPLE:
        return None
    above = [score for score, is_passed in zip(rest, passed, strict=True) if is_passed]
    below = [score for score, is_passed in zip(rest, passed, strict=True) if not is_passed]
    deviation = statistics.pstdev(rest)
    if not above or not below or not deviation:
        return None
    share = len(above) / len(passed)
    return (statistics.fmean(above) - statistics.fmean(below)) / deviation * math.sqrt(share * (1 - share))

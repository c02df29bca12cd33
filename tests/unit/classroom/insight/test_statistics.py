"""Numbers about a class, by hand and against the standard library."""

import statistics

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.classroom.insight.statistics import (
    MIN_PEOPLE,
    Distribution,
    difficulty,
    discrimination,
    distribution,
    histogram,
)

PASSED = [True, True, True, True, True, False, False, False, False, False]


def test_spread():
    """Mean, deviation and quartiles of numbers whose own are known by hand; of one number it is that number."""
    # 2 4 4 4 5 5 7 9: mean 5, squared differences sum to 32, over 8 that is 4. Quartiles at places 1.75 and 5.25.
    assert distribution([9, 2, 4, 5, 4, 7, 5, 4]) == Distribution(8, 5.0, 2.0, 2, 4.0, 4.5, 5.5, 9)
    assert distribution([7]) == Distribution(1, 7.0, 0.0, 7, 7, 7, 7, 7)
    assert distribution([]) is None


def test_histogram():
    """A part holds its lower end and not its upper one; full marks are in the last."""
    assert histogram([0, 9, 10, 55, 99, 100], 100) == (2, 1, 0, 0, 0, 1, 0, 0, 0, 2)
    assert histogram([0, 1, 2, 3], 3, bins=3) == (1, 1, 2)


@given(st.lists(st.integers(0, 100)))
def test_histogram_is_complete(values):
    """Every value is in just one part."""
    assert sum(histogram(values, 100)) == len(values)


def test_difficulty():
    """It is the share that passes; where nobody tried there is none."""
    assert difficulty([True, True, True, False]) == 0.75
    assert difficulty([]) is None


def test_discrimination_by_hand():
    """Five pass with rest scores around 4, five don't with rest scores around 2: (4 - 2) / sqrt(1.8) * 1/2."""
    # All ten: mean 3. Who passes 3 3 4 5 5, the others 1 1 2 3 3: squared differences 0 0 1 4 4, 4 4 1 0 0, over 10.
    rest = [3, 3, 4, 5, 5, 1, 1, 2, 3, 3]
    assert discrimination(PASSED, rest) == pytest.approx(2 / 1.8**0.5 * 0.5)
    assert discrimination([not each for each in PASSED], rest) == pytest.approx(-2 / 1.8**0.5 * 0.5)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=MIN_PEOPLE, max_size=60))
def test_discrimination_is_a_correlation(people):
    """It is Pearson's correlation of passing, as 1 or 0, with the rest score."""
    passed, rest = [each for each, _ in people], [score for _, score in people]
    assume(len(set(passed)) > 1 and len(set(rest)) > 1)
    assert discrimination(passed, rest) == pytest.approx(statistics.correlation(passed, rest), abs=1e-9)


@pytest.mark.parametrize(
    ("passed", "rest"),
    [
        (PASSED[: MIN_PEOPLE - 1], list(range(MIN_PEOPLE - 1))),
        ([True] * 12, list(range(12))),
        ([False] * 12, list(range(12))),
        ([True, False] * 6, [80] * 12),
        ([], []),
    ],
    ids=["few people", "all pass", "none pass", "equal rest scores", "nobody"],
)
def test_no_discrimination(passed, rest):
    """Where it would mean nothing or isn't defined, there is none, and no error."""
    assert discrimination(passed, rest) is None

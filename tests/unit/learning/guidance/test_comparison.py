import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.learning.guidance import comparison
from grader.model import Attempt, CheckResult, Outcome, Verdict

OUTCOMES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from([str(outcome) for outcome in Outcome]))


def attempt(outcomes):
    """An attempt with these outcomes; each check is worth ten points."""
    checks = tuple(CheckResult(name, f"It does {name}.", Outcome(outcome), 10) for name, outcome in outcomes.items())
    return Attempt("tide", 1, "Tide", 1, Verdict.FAILED, 0, 100, "", checks)


@pytest.mark.parametrize(
    ("before", "now", "says"),
    [
        ({"a": "failed"}, {"a": "passed"}, "10 points up (It does a)"),
        ({"a": "passed"}, {"a": "timeout"}, "10 points down (It does a)"),
        (
            {"a": "failed", "b": "timeout", "c": "passed"},
            {"a": "passed", "b": "passed", "c": "failed"},
            "20 points up (It does a, and 1 more), 10 points down (It does c)",
        ),
    ],
)
def test_words(before, now, says):
    """What went up is said before what went down, each with its points and its first check."""
    difference = comparison.compare(before, attempt(now))
    assert (str(difference), bool(difference)) == (says, True)


@pytest.mark.parametrize("before", [None, {}, {"z": "passed"}, {"a": "error", "b": "skipped"}, {"a": "nonsense"}])
def test_nothing_to_compare(before):
    """A check of which nothing was known before, or that could not be judged, went neither up nor down."""
    difference = comparison.compare(before, attempt({"a": "passed", "b": "failed"}))
    assert (difference, bool(difference), difference.points_won, difference.points_lost) == (
        comparison.Difference(),
        False,
        0,
        0,
    )


@given(before=OUTCOMES, now=OUTCOMES)
def test_there_and_back(before, now):
    """What is won on the way there is lost on the way back, and nothing changes where nothing did."""
    there, back = comparison.compare(before, attempt(now)), comparison.compare(now, attempt(before))
    assert {check.id for check in there.won} == {check.id for check in back.lost}
    assert (there.points_won, there.points_lost) == (back.points_lost, back.points_won)
    assert not comparison.compare(now, attempt(now))

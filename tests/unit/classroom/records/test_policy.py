import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.records.course import POLICIES, LatePolicy
from grader.classroom.records.policy import ScoredAttempt, choose_attempt, days_late, points

DUE = datetime.datetime(2027, 1, 31, 23, 59, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
scored = st.builds(
    ScoredAttempt,
    received=st.timedeltas(datetime.timedelta(days=-11), datetime.timedelta(days=20)).map(lambda after: DUE + after),
    score=st.integers(0, 100),
    max_score=st.just(100),
)
rules = st.builds(
    LatePolicy,
    percent_a_day=st.integers(0, 100),
    most_days=st.none() | st.integers(0, 10),
    grace_minutes=st.integers(0, 90),
)


@pytest.mark.parametrize(
    ("after", "grace", "days"),
    [
        (datetime.timedelta(0), 0, 0),
        (datetime.timedelta(microseconds=1), 0, 1),
        (datetime.timedelta(days=1), 0, 1),
        (datetime.timedelta(days=1, microseconds=1), 0, 2),
        (datetime.timedelta(minutes=15), 15, 0),
        (datetime.timedelta(minutes=16), 15, 1),
    ],
)
def test_days(after, grace, days):
    """A day is late from its first moment; grace forgives what lies in it, and nothing of what lies beyond."""
    assert days_late(DUE + after, DUE, LatePolicy(grace_minutes=grace)) == days


def test_no_due_date():
    """What has no due date is never late."""
    assert days_late(DUE, None, LatePolicy()) == 0


def test_zones():
    """The same moment is as late in one time zone as in another."""
    moment = DUE + datetime.timedelta(hours=3)
    assert days_late(moment.astimezone(datetime.UTC), DUE, LatePolicy()) == days_late(moment, DUE, LatePolicy()) == 1


@given(scored, rules)
def test_points(attempt, rule):
    """Lateness never gives points, never takes more than there were, and takes exact parts of them."""
    worth = points(attempt, DUE, rule)
    assert isinstance(worth, Fraction | int)
    assert 0 <= worth <= attempt.score
    if attempt.received <= DUE:
        assert worth == attempt.score


@given(st.lists(scored, min_size=1, max_size=6), rules)
def test_policies(attempts, rule):
    """The first and the last are what they say; the best is worth at least as much as any, and earliest of equals."""
    attempts.sort(key=lambda attempt: attempt.received)
    found = {policy: choose_attempt(attempts, policy, DUE, rule) for policy in POLICIES}
    assert (found["first"].attempt, found["last"].attempt) == (0, len(attempts) - 1)
    worth = [points(attempt, DUE, rule) for attempt in attempts]
    assert found["best"].points == max(worth)
    assert found["best"].attempt == worth.index(max(worth))


def test_most_days():
    """After the last day that counts there is nothing, and on it there still is what the rule leaves."""
    rule = LatePolicy(percent_a_day=10, most_days=2)
    at = [ScoredAttempt(DUE + datetime.timedelta(days=days), 90, 100) for days in (2, 3)]
    assert [points(attempt, DUE, rule) for attempt in at] == [72, 0]

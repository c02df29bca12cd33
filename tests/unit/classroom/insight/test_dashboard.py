"""What the instructor is told of checks, mistakes and times."""

import datetime

import pytest

from grader.classroom.handout.feedback.sections import _OUTCOME_TEXTS
from grader.classroom.insight.dashboard.common_mistakes import CommonMistake, find_common_mistakes
from grader.classroom.insight.dashboard.item_analysis import analyse_items
from grader.classroom.insight.dashboard.times import measure_times
from grader.classroom.records.ledger import Grading, Received
from grader.classroom.records.standings import Standing
from grader.model import Attempt, Diagnosis, Outcome, Verdict
from grader.reports import json_report

NOW = datetime.datetime(2027, 1, 31, 12, tzinfo=datetime.UTC)
POINTS = {"a": 50, "b": 30, "c": 20}


@pytest.fixture
def grading(make_check):
    """A grading in which the checks of those letters passed; keywords say what was skipped, and what was recognised."""

    def make(passed, *, skipped="", mistake=None, digest="d", seconds=1.0):
        outcomes = {id_: "passed" if id_ in passed else "skipped" if id_ in skipped else "failed" for id_ in POINTS}
        checks = tuple(
            make_check(outcome, POINTS[id_], id=id_, title=f"It does {id_}.", message="came: x")
            for id_, outcome in outcomes.items()
        )
        found = Diagnosis(mistake, f"Whoever {mistake}.") if mistake else None
        whole = Attempt("paths", 1, "Paths", 1, Verdict.FAILED, 0, 100, "0" * 64, checks, None, found)
        report = json_report.render_attempt(whole)
        return Grading("paths", digest, "c", "0.1", "3.12.1", "s", NOW, "failed", 0, 100, report, seconds)

    return make


def test_items(grading):
    """A check is judged by the points of the others, over those of whom it is known; what stands out is said."""
    people = [grading("abc")] * 6 + [grading("c")] * 4 + [grading("ab", skipped="c")] * 3
    a, b, c = analyse_items(people)
    assert (a.number, a.title, a.points, a.count, a.difficulty) == (1, "It does a.", 50, 13, 9 / 13)
    # The rest of a is 50 (six people), 30 (three) and 20 (four, who lose it): means 390/9 and 20, variance 177.5.
    assert a.discrimination == pytest.approx((390 / 9 - 20) / (30000 / 169) ** 0.5 * 6 / 13)
    assert b.remark == ""
    assert (c.count, c.difficulty, c.discrimination, c.remark) == (10, 1.0, None, "all pass")


def test_items_that_stand_out(grading):
    """A check that those lose who are right elsewhere is named; of too few people nothing is said but how many pass."""
    people = [grading("ab")] * 6 + [grading("c")] * 6
    a, b, c = analyse_items(people)
    assert c.discrimination == pytest.approx(-1)
    assert c.remark == "lost by those who are right elsewhere"
    assert (a.remark, b.remark) == ("", "")
    assert [each.discrimination for each in analyse_items(people[3:9])] == [None] * 3
    assert analyse_items([]) == ()


def test_common(grading):
    """People are counted, not attempts: in any of them, and in the one that counts."""
    gradings = {
        ("paths", digest): grading("a", mistake=mistake, digest=digest)
        for digest, mistake in (("d1", "guesses"), ("d2", "hurries"), ("d3", None), ("d4", "guesses"))
    }

    def standing(student, *digests):
        attempts = tuple(Received(student, "paths", digest, NOW, "by hand") for digest in digests)
        return Standing(student, "paths", attempts, None, gradings["paths", digests[-1]])

    people = [standing("ada", "d1", "d4", "d3"), standing("bo", "d4"), standing("cy", "d2"), standing("dee", "d3")]
    assert find_common_mistakes(people, gradings) == (
        CommonMistake("guesses", "Whoever guesses.", ever=2, still=1),
        CommonMistake("hurries", "Whoever hurries.", ever=1, still=1),
    )


def test_times(grading):
    """Hours lie between submissions of those with several; a content that two handed in was graded once."""
    gradings = {("paths", digest): grading("a", digest=digest, seconds=float(digest[1])) for digest in ("d1", "d3")}

    def standing(student, *handed_in):
        attempts = tuple(
            Received(student, "paths", digest, NOW + datetime.timedelta(hours=hours), "by hand")
            for digest, hours in handed_in
        )
        return Standing(student, "paths", attempts, None, None)

    found = measure_times([standing("ada", ("d1", 0), ("d3", 5)), standing("bo", ("d1", 1)), standing("cy")], gradings)
    assert (found.attempts.count, found.attempts.mean) == (2, 1.5)
    assert (found.hours.count, found.hours.mean) == (1, 5.0)
    assert (found.grading.count, found.total) == (2, 4.0)
    nothing = measure_times([standing("cy")], {})
    assert (nothing.attempts, nothing.hours, nothing.grading, nothing.total) == (None, None, None, 0.0)


def test_outcomes_are_lost_or_not():
    """Every outcome has a word on the pages."""
    assert set(_OUTCOME_TEXTS) == set(Outcome)

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from grader import scoring
from grader.model import Attempt, CheckResult, Outcome, Verdict

OUTCOMES = st.sampled_from(list(Outcome))
CHECKS = st.lists(
    st.builds(CheckResult, st.just("test_x"), st.just("It works."), OUTCOMES, st.integers(1, 100)), min_size=1
)


def attempts_of(verdicts):
    """Attempts whose scores are integers between nothing and their maximum, unless they are ungraded."""

    @st.composite
    def one(draw):
        verdict = draw(verdicts)
        most = draw(st.integers(1, 300))
        score = None if verdict is Verdict.UNGRADED else draw(st.integers(0, most))
        return Attempt("x", 1, "X", draw(st.integers(1, 9)), verdict, score, most, "", ())

    return st.lists(one())


ANY_ATTEMPTS = attempts_of(st.sampled_from(list(Verdict)))
GRADED_ATTEMPTS = attempts_of(st.sampled_from([Verdict.PASSED, Verdict.FAILED])).filter(bool)


@given(CHECKS)
def test_points_of_a_check(checks):
    """A check earns all of its points if it passed, and none otherwise."""
    for check in checks:
        assert check.points == (check.max_points if check.outcome is Outcome.PASSED else 0)


@given(CHECKS)
def test_points(checks):
    """Points are the sum over passed checks, out of the sum over all but the skipped."""
    earned, most = scoring.points(checks)
    assert earned == sum(check.max_points for check in checks if check.outcome == "passed")
    assert most == sum(check.max_points for check in checks if check.outcome != "skipped")


@given(CHECKS)
def test_points_of_an_iterator(checks):
    """Checks may come from a generator, which can be gone through once only."""
    assert scoring.points(iter(checks)) == scoring.points(checks)


@given(CHECKS)
def test_error_is_never_a_grade(checks):
    """One error of ours leaves an exercise ungraded, whatever else passed or failed, and nothing else does."""
    ungraded = scoring.verdict(checks) is Verdict.UNGRADED
    assert ungraded == any(check.outcome is Outcome.ERROR for check in checks)


@given(CHECKS.filter(lambda checks: not any(check.outcome is Outcome.ERROR for check in checks)))
def test_passed_means_full_marks(checks):
    """A graded exercise is passed if and only if it has all the points that it could have."""
    earned, most = scoring.points(checks)
    assert (scoring.verdict(checks) is Verdict.PASSED) == (earned == most)


@given(CHECKS, st.randoms())
def test_order_of_checks_does_not_matter(checks, random):
    """Points and verdict are the same in whatever order checks ended."""
    shuffled = random.sample(checks, len(checks))
    assert scoring.points(shuffled) == scoring.points(checks)
    assert scoring.verdict(shuffled) is scoring.verdict(checks)


@given(CHECKS, st.data())
def test_passing_one_more_check_never_costs_points(checks, data):
    """Turning a failure into a pass gains exactly that check's points."""
    index = data.draw(st.integers(0, len(checks) - 1))
    failed = [*checks[:index], replace(checks[index], outcome=Outcome.FAILED), *checks[index + 1 :]]
    passed = [*checks[:index], replace(checks[index], outcome=Outcome.PASSED), *checks[index + 1 :]]
    gained = scoring.points(passed)[0] - scoring.points(failed)[0]
    assert gained == checks[index].max_points


@given(GRADED_ATTEMPTS)
def test_score_is_exact(attempts):
    """The score is the weighted mean of the exercises' percentages, as an exact fraction."""
    weights = sum(attempt.weight for attempt in attempts)
    expected = sum(Fraction(100 * attempt.weight * attempt.score, attempt.max_score * weights) for attempt in attempts)
    found = scoring.score(attempts)
    assert isinstance(found, Fraction)
    assert found == expected


@given(ANY_ATTEMPTS)
def test_score_leaves_ungraded_exercises_out(attempts):
    """An ungraded exercise is no zero: the score is that of the others alone, and none where there are no others."""
    graded = [attempt for attempt in attempts if attempt.score is not None]
    assert scoring.score(attempts) == scoring.score(graded)
    assert (scoring.score(attempts) is None) == (not graded)


@given(GRADED_ATTEMPTS)
def test_score_is_a_percentage(attempts):
    """The score lies between 0 and 100, and is 100 only for full marks everywhere."""
    found = scoring.score(attempts)
    assert 0 <= found <= 100
    assert (found == 100) == all(attempt.score == attempt.max_score for attempt in attempts)


@given(GRADED_ATTEMPTS, st.integers(2, 9))
def test_only_proportions_of_weights_matter(attempts, factor):
    """Multiplying all weights by the same number changes nothing."""
    heavier = [replace(attempt, weight=attempt.weight * factor) for attempt in attempts]
    assert scoring.score(heavier) == scoring.score(attempts)


@given(GRADED_ATTEMPTS, st.randoms())
def test_order_of_attempts_does_not_matter(attempts, random):
    """The score is the same in whatever order exercises ended."""
    assert scoring.score(random.sample(attempts, len(attempts))) == scoring.score(attempts)


@given(ANY_ATTEMPTS.filter(bool))
def test_verdict_of_a_submission(attempts):
    """A submission is ungraded if any exercise is, passed if all are, and failed otherwise."""
    verdicts = [attempt.verdict for attempt in attempts]
    if Verdict.UNGRADED in verdicts:
        expected = Verdict.UNGRADED
    else:
        expected = Verdict.FAILED if Verdict.FAILED in verdicts else Verdict.PASSED
    assert scoring.overall_verdict(attempts) is expected


def test_thirds_stay_thirds():
    """Three exercises, one of them passed, give a third of 100 and not a rounded number."""
    one = Attempt("x", 1, "X", 1, Verdict.PASSED, 100, 100, "", ())
    none = replace(one, score=0, verdict=Verdict.FAILED)
    assert scoring.score([one, none, none]) == Fraction(100, 3)


@given(GRADED_ATTEMPTS, GRADED_ATTEMPTS)
def test_optional_exercises_do_not_count(attempts, others):
    """An exercise of weight 0 changes neither the score nor the verdict of a submission that holds others."""
    optional = [replace(attempt, weight=0) for attempt in others]
    assert scoring.score([*attempts, *optional]) == scoring.score(attempts)
    assert scoring.overall_verdict([*optional, *attempts]) is scoring.overall_verdict(attempts)


@given(GRADED_ATTEMPTS)
def test_optional_exercises_by_themselves(attempts):
    """Where all exercises are optional they count alike: somebody asked for their grades."""
    optional = [replace(attempt, weight=0) for attempt in attempts]
    assert scoring.score(optional) == scoring.score([replace(attempt, weight=1) for attempt in attempts])
    assert scoring.overall_verdict(optional) is scoring.overall_verdict(attempts)


def test_optional_exercise_that_is_ungraded():
    """A failure of ours is said, whatever the exercise counts."""
    passed = Attempt("x", 1, "X", 1, Verdict.PASSED, 100, 100, "", ())
    ungraded = replace(passed, weight=0, score=None, verdict=Verdict.UNGRADED)
    assert scoring.overall_verdict([passed, ungraded]) is Verdict.UNGRADED
    assert scoring.score([passed, ungraded]) == 100


def test_exercise_without_points_weighs_nothing():
    """An exercise of which every check was skipped neither helps nor harms, and divides nothing by zero."""
    skipped = Attempt("x", 1, "X", 5, Verdict.PASSED, 0, 0, "", ())
    half = replace(skipped, weight=1, verdict=Verdict.FAILED, score=50, max_score=100)
    assert scoring.score([skipped, half]) == 50
    assert scoring.score([skipped]) is None

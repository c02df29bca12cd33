"""Points: exact, and with no opinion about who asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from grader.model import Attempt, CheckResult, Outcome, Run, Verdict


def verdict(checks: Iterable[CheckResult]) -> Verdict:
    """The verdict of an exercise: any error of ours leaves it ungraded, whatever else passed or failed."""
    outcomes = {check.outcome for check in checks}
    if Outcome.ERROR in outcomes:
        return Verdict.UNGRADED
    return Verdict.PASSED if outcomes <= {Outcome.PASSED, Outcome.SKIPPED} else Verdict.FAILED


def points(checks: Iterable[CheckResult]) -> tuple[int, int]:
    """Points earned, and the most there could be; a skipped check counts for neither."""
    counted = [check for check in checks if check.outcome is not Outcome.SKIPPED]
    return sum(check.points for check in counted), sum(check.max_points for check in counted)


def score(attempts: Sequence[Attempt]) -> Fraction | None:
    """Percent over all exercises that were graded, weighted by the catalogue; None if none was.

    Optional exercises count only where nothing else was graded, and alike then.
    """
    graded = [attempt for attempt in attempts if attempt.score is not None and attempt.max_score]
    counted = _counted_attempts(graded)
    weight = sum(attempt.weight or 1 for attempt in counted)
    if not weight:
        return None
    parts = (Fraction(attempt.score or 0, attempt.max_score) * (attempt.weight or 1) for attempt in counted)
    earned = sum(parts, Fraction(0))
    return earned / weight * 100


def overall_verdict(attempts: Sequence[Attempt]) -> Verdict:
    """The verdict of a submission; an optional exercise need not be passed where others were graded."""
    if Verdict.UNGRADED in {attempt.verdict for attempt in attempts}:
        return Verdict.UNGRADED
    verdicts = {attempt.verdict for attempt in _counted_attempts(attempts)}
    return Verdict.PASSED if verdicts <= {Verdict.PASSED} else Verdict.FAILED


def run(attempts: Sequence[Attempt], *, python: str, sandbox: str, seconds: float = 0.0) -> Run:
    """The attempts of one submission as a whole.

    Args:
        attempts: of all its projects.
        python: the full version of the interpreter.
        sandbox: the tier.
        seconds: how long it all took.
    """
    return Run(python, sandbox, tuple(attempts), score(attempts), overall_verdict(attempts), seconds)


def _counted_attempts(attempts: Sequence[Attempt]) -> Sequence[Attempt]:
    """Those of exercises that are not optional; all, if there is none such."""
    return [attempt for attempt in attempts if attempt.weight] or attempts

"""What the formats of other systems share: one run that counts, the checks in it, and texts of bounded size."""

from __future__ import annotations

from collections.abc import Sequence

from grader.display import shorten, visible
from grader.model import Attempt, CheckResult, Outcome, Run, Verdict

_MAX_TEXT_BYTES = 700_000
"""Of all texts of one document together; what holds them stays below 1 MB, the least that one of the systems takes."""
_BYTES_PER_CHARACTER = 4
"""Bytes of a character in JSON, once it is visible."""
_MAX_TEXT, _MIN_TEXT, _MAX_TITLE = 10_000, 200, 200
"""Characters."""
_MAX_TITLE_COUNT = _MAX_TEXT_BYTES // _BYTES_PER_CHARACTER // _MAX_TITLE
_MAX_LINES = 200
_MAX_REASONS = 50
"""How many ungraded exercises there is room for in one text."""


def lowest_run(runs: Sequence[Run]) -> Run:
    """The run that counts where only one can: the first ungraded one, else that with the lowest score.

    A submission is worth what it is worth under each interpreter that was asked for.
    """
    return min(runs, key=lambda run: (run.verdict is not Verdict.UNGRADED, run.score or 0))


def is_ungraded(run: Run) -> bool:
    """Whether the run has no score to hand out: anything is ungraded, or there was nothing to grade."""
    return run.verdict is Verdict.UNGRADED or run.score is None


def reasons(run: Run) -> str:
    """Why a run is ungraded, as a text for the student."""
    lines = ["Grading did not succeed. This is no zero and says nothing about the work; it has to be graded again."]
    lines += [f"{name(each)}: {reason(each)}" for each in run.attempts if each.verdict is Verdict.UNGRADED]
    return shorten("\n".join(lines), lines=_MAX_LINES, characters=_MAX_TEXT)


def reason(attempt: Attempt) -> str:
    """Why an exercise is ungraded: what is known of the whole, else of the checks that broke."""
    broken = [check for check in attempt.checks if check.outcome is Outcome.ERROR]
    why = attempt.reason or "; ".join(f"{check.id}: {check.message or 'it could not be checked'}" for check in broken)
    return bounded(why or "it could not be graded", _MAX_REASONS)


def counted_checks(run: Run) -> list[tuple[Attempt, CheckResult]]:
    """The checks that earn or lose points, in their order; a skipped one does neither."""
    return [
        (attempt, check) for attempt in run.attempts for check in attempt.checks if check.outcome is not Outcome.SKIPPED
    ]


def name(attempt: Attempt) -> str:
    """An exercise as its folder is called."""
    return f"{attempt.number:02}_{attempt.exercise}"


def title(attempt: Attempt, check: CheckResult, run: Run | None) -> str:
    """A check on one line; with its exercise where the run has several."""
    text = check.title if run is None or len(run.attempts) == 1 else f"{name(attempt)}: {check.title}"
    return bounded(" ".join(shorten(text, characters=_MAX_TITLE).split()), _MAX_TITLE_COUNT) or check.id


def bounded(text: str, count: int) -> str:
    """A text that is one of so many in a document: nothing in it acts on a terminal, and its middle is cut out."""
    room = max(_MIN_TEXT, min(_MAX_TEXT, _MAX_TEXT_BYTES // _BYTES_PER_CHARACTER // max(1, count)))
    # Cut first, since escaping is slow, and again, since escapes are longer than what they stand for.
    head = shorten(text.replace("\r\n", "\n"), lines=_MAX_LINES, characters=room)
    return shorten(visible(head), lines=_MAX_LINES, characters=room)


def run_notes(run: Run) -> str:
    """Notes on a run: its version of Python, skipped checks, causes, and recognised misconceptions."""
    lines = [f"Graded by import-kata under Python {run.python}."]
    lines += [
        f"{name(attempt)}: skipped: {title(attempt, check, run)}"
        for attempt in run.attempts
        for check in attempt.checks
        if check.outcome is Outcome.SKIPPED
    ]
    lines += [f"{name(attempt)}: {cause.says}" for attempt in run.attempts for cause in attempt.causes]
    lines += [
        f"{name(attempt)} looks familiar: {attempt.diagnosis.says}"
        for attempt in run.attempts
        if attempt.diagnosis is not None
    ]
    return bounded("\n".join(lines), 1)

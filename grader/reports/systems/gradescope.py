"""Gradescope's `results.json`.

Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/, "Output format".

- `score` is percent, out of 100: give the assignment 100 autograder points. It overrides the sum of the tests, since a
  check that was skipped here must not cost anything.
- Every test is visible: one hidden test would hide the total.
- Texts are `text`, so that Gradescope shows markup and escapes as they are.
- Ungraded: neither `score` nor tests. "score" is required if it is not on each test, so Gradescope takes such a file
  for what it is, a failure of the autograder, and keeps no score.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from grader.model import Attempt, CheckResult, Outcome, Run
from grader.reports import counted_run
from grader.reports.numbers import percent


def render(runs: Sequence[Run]) -> str:
    """The content of `/autograder/results/results.json`; of several runs the lowest counts."""
    run = counted_run.lowest_run(runs)
    if counted_run.is_ungraded(run):
        return _text({"output": counted_run.reasons(run), "output_format": "text", "visibility": "visible"})
    checks = counted_run.counted_checks(run)
    return _text(
        {
            "score": percent(run.score),
            "execution_time": round(run.seconds),
            "output": counted_run.run_notes(run),
            "output_format": "text",
            "test_output_format": "text",
            "test_name_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "tests": [_test(run, attempt, check, len(checks)) for attempt, check in checks],
        }
    )


def _test(run: Run, attempt: Attempt, check: CheckResult, count: int) -> dict[str, Any]:
    return {
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if check.outcome is Outcome.PASSED else "failed",
        "name": counted_run.title(attempt, check, run),
        "number": f"{attempt.number}.{attempt.checks.index(check) + 1}",
        "output": counted_run.bounded(check.message or "", count),
        "visibility": "visible",
    }


def _text(content: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"

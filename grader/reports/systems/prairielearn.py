"""PrairieLearn's results of an external grader.

Format: PrairieLearn's `docs/externalGrading.md`, "Grading results".

- `score` is a fraction from 0.0 to 1.0, and the only field that counts; the points of the tests are shown.
- The file may have 1 MB at most: texts are cut to fit.
- Ungraded: `gradable` is false and there is no score, so that no points are awarded or lost and no attempt is used up;
  `format_errors` says why. (PrairieLearn has no other way to say so but a job that writes no results at all.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from grader.model import Attempt, CheckResult, Run
from grader.reports import counted_run
from grader.reports.numbers import percent


def render(runs: Sequence[Run]) -> str:
    """The content of `/grade/results/results.json`; of several runs the lowest counts."""
    run = counted_run.lowest_run(runs)
    if counted_run.is_ungraded(run):
        return _text({"gradable": False, "format_errors": [counted_run.reasons(run)]})
    checks = counted_run.counted_checks(run)
    return _text(
        {
            "gradable": True,
            "score": round((percent(run.score) or 0.0) / 100, 4),
            "message": counted_run.run_notes(run),
            "tests": [_test(run, attempt, check, len(checks)) for attempt, check in checks],
        }
    )


def _test(run: Run, attempt: Attempt, check: CheckResult, count: int) -> dict[str, Any]:
    return {
        "name": counted_run.title(attempt, check, run),
        "points": check.points,
        "max_points": check.max_points,
        "output": counted_run.bounded(check.message or "", count),
    }


def _text(content: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"

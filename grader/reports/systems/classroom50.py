"""Classroom 50's `result.json`, schema `classroom50/result/v1`.

Format: `schemas/result-v1.schema.json` and `wiki/Advanced-Autograding.md` of foundation50/classroom50. Its runner
starts an `autograder.py` with the variables read here, takes the file only if that ends with status 0, and stamps
owner, type and moments itself.

- All scores are integers: points, times the exercise's weight where there are several.
- `datetime` is the moment in the submission's tag; the runner replaces it by the commit's.
- Ungraded: an `autograder.py` has to pass on kata's exit status 3, from which the runner makes an error. The schema has
  no word for it, and a result without tests counts as a pass; so the file has no scores then, and the runner refuses
  it, whatever the exit status was.
- Outside of the runner the variables are missing; the fields are empty then, and no runner takes the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from grader.model import Attempt, CheckResult, Outcome, Run
from grader.reports import counted_run

_SCHEMA = "classroom50/result/v1"
_MOMENT = re.compile(r"submit/(\d{4}-\d{2}-\d{2}T)(\d{2})-(\d{2})-(\d{2}Z)-")


def render(runs: Sequence[Run]) -> str:
    """The content of `result.json` for the submission that the environment's variables tell of."""
    return result(runs, os.environ)


def result(runs: Sequence[Run], variables: Mapping[str, str]) -> str:
    """The content of `result.json`; of several runs the lowest counts.

    Args:
        runs: what was graded.
        variables: what the runner tells an autograder about the submission.
    """
    run = counted_run.lowest_run(runs)
    content = _identity(variables)
    if counted_run.is_ungraded(run):
        content |= {"tests": [], "error": counted_run.reasons(run)}
    else:
        checks = counted_run.counted_checks(run)
        tests = [_test(run, attempt, check, len(checks)) for attempt, check in checks]
        sums = {field: sum(test[field] for test in tests) for field in ("score", "max-score")}
        content |= {**sums, "tests": tests}
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def _identity(variables: Mapping[str, str]) -> dict[str, Any]:
    submission = variables.get("SUBMISSION_TAG", "")
    commit = variables.get("COMMIT_URL", "")
    moment = _MOMENT.match(submission)
    return {
        "schema": _SCHEMA,
        "classroom": variables.get("CLASSROOM", ""),
        "assignment": variables.get("ASSIGNMENT", ""),
        "assignment_type": variables.get("ASSIGNMENT_TYPE") or "individual",
        "owner": variables.get("OWNER") or variables.get("USERNAME", ""),
        "submission": submission,
        "commit": commit,
        "release": variables.get("RELEASE_URL", ""),
        "review": variables.get("REVIEW_URL") or commit,
        "datetime": f"{moment[1]}{moment[2]}:{moment[3]}:{moment[4]}" if moment else "",
    }


def _test(run: Run, attempt: Attempt, check: CheckResult, count: int) -> dict[str, Any]:
    passed = check.outcome is Outcome.PASSED
    weight = attempt.weight if any(each.weight for each in run.attempts) else 1
    test = {
        "test-name": counted_run.title(attempt, check, run),
        "passed": passed,
        "score": check.points * weight,
        "max-score": check.max_points * weight,
    }
    return test if passed else test | {"message": counted_run.bounded(check.message or "", count)}

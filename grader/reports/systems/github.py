"""GitHub's workflow commands, which become annotations of a run and of the files that it is about.

Format: "Workflow commands for GitHub Actions", "Setting an error message"; what is escaped and how is in
`packages/core/src/command.ts` of actions/toolkit. GitHub shows the first ten errors of a step.

- `file` is as in a workspace that is the repository: the exercise's folder, and in it the last of the learner's files
  that the check's output names.
- Ungraded: an error, before all others, and the command's exit status 3, which fails the step. The notice
  at the end has no score then.

For the step's summary, append the `markdown` report to `$GITHUB_STEP_SUMMARY`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from grader.model import Attempt, CheckResult, Outcome, Run, Verdict
from grader.reports import counted_run
from grader.reports.numbers import percent_text

_FRAME = re.compile(r'File "\$PROJECT/([^"\n]{1,200})", line (\d{1,6})\b')
_LOST = (Outcome.FAILED, Outcome.TIMEOUT)


def render(runs: Sequence[Run]) -> str:
    """A command on a line of its own for each ungraded exercise, each lost check, and each run."""
    lines = [line for run in runs for line in _ungraded(run)]
    lines += [line for run in runs for line in _lost(run)]
    lines += [_notice(run) for run in runs]
    return "\n".join(lines) + "\n"


def _ungraded(run: Run) -> Iterator[str]:
    for attempt in run.attempts:
        if attempt.verdict is Verdict.UNGRADED:
            name = counted_run.name(attempt)
            yield _command(
                "error", counted_run.reason(attempt), file=name, title=f"{name} is ungraded, through no fault of yours"
            )


def _lost(run: Run) -> Iterator[str]:
    checks = [(attempt, check) for attempt, check in counted_run.counted_checks(run) if check.outcome in _LOST]
    for attempt, check in checks:
        heading = f"{counted_run.title(attempt, check, run)} ({check.outcome}, {check.max_points} points)"
        message = counted_run.bounded(check.message or heading, len(checks))
        yield _command("error", message, **_place(attempt, check), title=heading)


def _place(attempt: Attempt, check: CheckResult) -> dict[str, str]:
    """Where to look: the innermost frame in the learner's files; the learner can write there what they like."""
    folder = counted_run.name(attempt)
    for path, line in reversed(_FRAME.findall(check.message or "")):
        if ".." not in PurePosixPath(path).parts:
            return {"file": f"{folder}/{path}", "line": line}
    return {"file": folder}


def _notice(run: Run) -> str:
    score = "ungraded" if counted_run.is_ungraded(run) else f"{percent_text(run.score)} of 100"
    passed = sum(check.outcome is Outcome.PASSED for _, check in counted_run.counted_checks(run))
    message = f"{score}; {passed} of {len(counted_run.counted_checks(run))} checks passed under Python {run.python}."
    return _command("notice", message, title="import-kata")


def _command(kind: str, message: str, **properties: str) -> str:
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

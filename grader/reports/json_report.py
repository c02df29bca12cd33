"""The JSON report, format version 1; its schema is generated from the types here and published in docs/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

import msgspec

from grader import __version__
from grader.model import Attempt, CheckResult, Run, Step
from grader.reports.numbers import percent

FORMAT_VERSION = 1


class _Tool(msgspec.Struct):
    name: str
    version: str


class _Step(msgspec.Struct):
    """One execution that a check looked at."""

    command: str
    cwd: str
    status: int | None
    """None where a limit ended it."""
    stdout: str
    stderr: str


class _Check(msgspec.Struct):
    id: str
    title: str
    outcome: Literal["passed", "failed", "timeout", "error", "skipped"]
    points: int
    max_points: int
    message: str | None
    transcript: list[_Step]


class _Diagnosis(msgspec.Struct):
    mistake: str
    says: str


class _Cause(msgspec.Struct):
    """Why something went wrong, whatever the exercise; texts that there are none of are empty."""

    kind: str
    says: str
    shows: str
    """The line of the source, or what was printed."""
    why: str
    try_it: str
    link: str
    checks: list[str]
    """The checks that were lost by it; none: it is said of the whole project."""


class _Exercise(msgspec.Struct):
    exercise: str
    number: int
    version: int
    """Of the exercise: it grows when what earns points changes."""
    title: str
    verdict: Literal["passed", "failed", "ungraded"]
    score: int | None
    """None where it is ungraded."""
    max_score: int
    digest: str
    """SHA-256 of the graded files."""
    reason: str | None
    """Why it is ungraded."""
    diagnosis: _Diagnosis | None
    causes: list[_Cause]
    """What was found of a failed attempt, the first to fix first."""
    checks: list[_Check]


class _RunFields(msgspec.Struct):
    python: str
    sandbox: str
    score: float | None
    max_score: float
    verdict: Literal["passed", "failed", "ungraded"]
    exercises: list[_Exercise]
    timing: dict[str, float]
    """Seconds by exercise and in all; the only part that differs between two gradings of the same."""


class _Report(_RunFields):
    """One run."""

    format_version: Literal[1]
    tool: _Tool


class _ReportOfRuns(msgspec.Struct):
    """Several runs, one for each interpreter."""

    format_version: Literal[1]
    tool: _Tool
    runs: list[_RunFields]


def render(runs: Sequence[Run]) -> str:
    """The runs as JSON: one as the report itself, several as a list in it."""
    frame = {"format_version": FORMAT_VERSION, "tool": {"name": "import-kata", "version": __version__}}
    content = frame | (_run(runs[0]) if len(runs) == 1 else {"runs": [_run(run) for run in runs]})
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def render_attempt(attempt: Attempt) -> str:
    """One exercise's part of the report."""
    return msgspec.json.encode(_exercise(attempt)).decode()


def schema() -> str:
    """The JSON Schema of the report."""
    either, parts = msgspec.json.schema_components((_Report, _ReportOfRuns), ref_template="#/$defs/{name}")
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "import-kata report, version 1",
        "anyOf": list(either),
        "$defs": parts,
    }
    text = msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()
    return text + "\n"


def _run(run: Run) -> dict[str, Any]:
    return {
        "python": run.python,
        "sandbox": run.sandbox,
        "score": percent(run.score),
        "max_score": 100.0,
        "verdict": run.verdict,
        "exercises": [_exercise(attempt) for attempt in run.attempts],
        "timing": {attempt.exercise: round(attempt.seconds, 3) for attempt in run.attempts}
        | {"total": round(run.seconds, 3)},
    }


def _exercise(attempt: Attempt) -> dict[str, Any]:
    diagnosis = attempt.diagnosis
    return {
        "exercise": attempt.exercise,
        "number": attempt.number,
        "version": attempt.version,
        "title": attempt.title,
        "verdict": attempt.verdict,
        "score": attempt.score,
        "max_score": attempt.max_score,
        "digest": attempt.digest,
        "reason": attempt.reason,
        "diagnosis": None if diagnosis is None else {"mistake": diagnosis.mistake, "says": diagnosis.says},
        "causes": [asdict(cause) for cause in attempt.causes],
        "checks": [_check(check) for check in attempt.checks],
    }


def _check(check: CheckResult) -> dict[str, Any]:
    return {
        "id": check.id,
        "title": check.title,
        "outcome": check.outcome,
        "points": check.points,
        "max_points": check.max_points,
        "message": check.message,
        "transcript": [_step(step) for step in check.transcript],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "command": step.command,
        "cwd": step.cwd,
        "status": step.status,
        "stdout": step.stdout,
        "stderr": step.stderr,
    }

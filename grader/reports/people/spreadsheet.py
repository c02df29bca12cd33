"""CSV for a spreadsheet: one row for each exercise and check.

Format: RFC 4180, in UTF-8 with bare newlines. What a spreadsheet would take for a formula gets an apostrophe before it
(OWASP, "CSV Injection"), and no cell is longer than spreadsheets take (32,767 characters).

Ungraded: no row of the exercise has `points`; an empty cell adds nothing to a sum or a mean.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from grader.model import Attempt, CheckResult, Outcome, Run, Verdict
from grader.reports import counted_run

COLUMNS = (
    *("python", "sandbox", "exercise", "number", "verdict"),
    *("check", "title", "outcome", "points", "max_points", "message"),
)
_FORMULA_STARTS = frozenset("=+-@＝＋－＠")  # noqa: RUF001 - spreadsheets in East Asia take the wide ones, too


def render(runs: Sequence[Run]) -> str:
    """The rows, with a heading."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for run in runs:
        for attempt in run.attempts:
            for row in _rows(run, attempt):
                writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return stream.getvalue()


def escape_formula(text: str) -> str:
    """Text that a spreadsheet takes for text."""
    begins = text.lstrip()[:1]
    return f"'{text}" if begins in _FORMULA_STARTS or text[:1] in ("\t", "\r", "\n") else text


def _rows(run: Run, attempt: Attempt) -> Iterator[tuple[str | int | None, ...]]:
    about = (run.python, run.sandbox, attempt.exercise, attempt.number, attempt.verdict.value)
    for check in attempt.checks:
        points = None if attempt.verdict is Verdict.UNGRADED else _points(check)
        title, message = counted_run.title(attempt, check, None), counted_run.bounded(check.message or "", 1)
        yield *about, check.id, title, check.outcome.value, points, check.max_points, message
    if not attempt.checks:
        yield *about, "", "", "", None, attempt.max_score, counted_run.bounded(attempt.reason or "", 1)


def _points(check: CheckResult) -> int | None:
    return None if check.outcome is Outcome.SKIPPED else check.points

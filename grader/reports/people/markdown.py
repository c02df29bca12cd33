"""Markdown for a CI summary: a table, then each failed check folded away."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from grader.model import Attempt, CheckResult, Outcome, Run, Verdict
from grader.reports.numbers import percent_text

_SIGNS = {Verdict.PASSED: "✅ passed", Verdict.FAILED: "❌ failed", Verdict.UNGRADED: "⚠️ ungraded"}


def render(runs: Sequence[Run]) -> str:
    """The runs as GitHub-flavoured Markdown."""
    return "\n".join(line for run in runs for line in _run(run)).rstrip() + "\n"


def _run(run: Run) -> Iterator[str]:
    yield f"## import-kata: {percent_text(run.score)} of 100"
    yield ""
    yield f"Python {run.python}, sandbox {run.sandbox}"
    yield ""
    yield "| exercise | verdict | score | checks passed |"
    yield "|---|---|--:|--:|"
    for attempt in run.attempts:
        passed = sum(check.outcome is Outcome.PASSED for check in attempt.checks)
        score = "–" if attempt.score is None else f"{attempt.score}/{attempt.max_score}"
        name = f"{attempt.number:02} {_inline(attempt.title)}"
        yield f"| {name} | {_SIGNS[attempt.verdict]} | {score} | {passed}/{len(attempt.checks)} |"
    yield ""
    for attempt in run.attempts:
        yield from _details(attempt)


def _details(attempt: Attempt) -> Iterator[str]:
    if attempt.reason:
        yield f"**{attempt.number:02} {_inline(attempt.title)}** is ungraded: {_inline(attempt.reason)}"
        yield ""
    name = f"{attempt.number:02} {_inline(attempt.title)}"
    for cause in attempt.causes:
        yield f"**{name}**: {_inline(cause.says)}"
        yield ""
        more = cause.text.partition("\n")[2]
        yield from _fenced(more) if more else ()
    if attempt.diagnosis is not None:
        yield f"**{name}** looks familiar: {_inline(attempt.diagnosis.says)}"
        yield ""
    for check in attempt.checks:
        if check.message is not None:
            yield from _check(attempt, check)


def _check(attempt: Attempt, check: CheckResult) -> Iterator[str]:
    lost = f"{check.outcome}, {check.max_points} points"
    summary = html.escape(f"{attempt.number:02} {check.title} ({lost})")
    yield f"<details><summary>{summary}</summary>"
    yield ""
    yield from _fenced(check.message or "")
    yield "</details>"
    yield ""


def _fenced(text: str) -> Iterator[str]:
    """Text as it is, in a fence longer than any in the text, so that it can't be closed by that."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    yield f"{fence}text"
    yield text
    yield fence
    yield ""


def _inline(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~$&-])", r"\\\1", text.replace("\n", " "))

"""JUnit XML as pytest writes it (the xunit2 family), with points as properties."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from grader.model import Attempt, CheckResult, Outcome, Run
from grader.reports.numbers import percent_text

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(runs: Sequence[Run]) -> str:
    """A test suite for each exercise and run, a test case for each check."""
    root = ET.Element("testsuites", name="import-kata")
    for run in runs:
        for attempt in run.attempts:
            _add_suite(root, run, attempt)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add_suite(root: ET.Element, run: Run, attempt: Attempt) -> None:
    outcomes = [check.outcome for check in attempt.checks]
    failures = sum(outcome in (Outcome.FAILED, Outcome.TIMEOUT) for outcome in outcomes)
    # An exercise that could not be graded at all has no checks; that counts as an error, too.
    errors = outcomes.count(Outcome.ERROR) + (not outcomes)
    suite = ET.SubElement(
        root,
        "testsuite",
        name=f"{attempt.number:02}_{attempt.exercise}",
        tests=str(max(1, len(outcomes))),
        failures=str(failures),
        errors=str(errors),
        skipped=str(outcomes.count(Outcome.SKIPPED)),
        time=f"{attempt.seconds:.3f}",
    )
    properties = {
        "verdict": attempt.verdict,
        "score": "" if attempt.score is None else str(attempt.score),
        "max_score": str(attempt.max_score),
        "submission_score": percent_text(run.score),
        "python": run.python,
        "sandbox": run.sandbox,
        "digest": attempt.digest,
    }
    _add_properties(suite, properties)
    for check in attempt.checks:
        _add_case(suite, attempt, check)
    if not attempt.checks:
        case = ET.SubElement(suite, "testcase", classname=attempt.exercise, name="grading", time="0.000")
        ET.SubElement(case, "error", message=_clean(attempt.reason or "ungraded"))


def _add_case(suite: ET.Element, attempt: Attempt, check: CheckResult) -> None:
    case = ET.SubElement(suite, "testcase", classname=attempt.exercise, name=check.id, time="0.000")
    _add_properties(case, {"title": check.title, "points": str(check.points), "max_points": str(check.max_points)})
    if check.outcome is Outcome.PASSED:
        return
    kind = {Outcome.ERROR: "error", Outcome.SKIPPED: "skipped"}.get(check.outcome, "failure")
    shown_as = ET.SubElement(case, kind, message=_clean(check.title))
    if kind == "failure":
        shown_as.set("type", check.outcome)
    shown_as.text = _clean(check.message or "")


def _add_properties(parent: ET.Element, properties: dict[str, str]) -> None:
    group = ET.SubElement(parent, "properties")
    for name, value in properties.items():
        ET.SubElement(group, "property", name=name, value=_clean(value))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)

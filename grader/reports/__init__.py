"""Render attempts: one pure function for each format, attempts in, text out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.model import Run
from grader.reports.json_report import as_json
from grader.reports.junit import as_junit
from grader.reports.markdown import as_markdown

FORMATS: dict[str, Callable[[Sequence[Run]], str]] = {"json": as_json, "junit": as_junit, "markdown": as_markdown}
"""The formats that need nothing but the runs; the terminal's is in `terminal`, since it knows of colours and widths."""

"""Render attempts: one pure function for each format, attempts in, text out."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from grader.model import Run

FORMATS = {
    "json": "json_report",
    "junit": "systems.junit",
    "markdown": "people.markdown",
    "csv": "people.spreadsheet",
    "gradescope": "systems.gradescope",
    "classroom50": "systems.classroom50",
    "prairielearn": "systems.prairielearn",
    "annotations": "systems.github",
}
"""The formats that need nothing but the runs, and their modules below here.

The terminal's is `people.terminal`, which knows of colours and widths.
"""


def render(format_: str, runs: Sequence[Run]) -> str:
    """The runs in one of the `FORMATS`; each run of the command imports one of them at most."""
    text: str = importlib.import_module(f"grader.reports.{FORMATS[format_]}").render(runs)
    return text

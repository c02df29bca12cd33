"""What programs of the learner's side printed, as checks compare it and as messages show it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


def lines_of(text: str) -> list[str]:
    """The lines, without space at their ends and without blank lines before and after them."""
    return [line.strip() for line in text.strip().splitlines()]


def in_words(text: str) -> str:
    """What was printed, as a message shows it."""
    if not text:
        return "nothing on stdout"
    return text.strip("\n") if text.strip() else f"only white space: {text!r}"


def decoded(text: str) -> Any:
    """The JSON value in a text; None if there isn't just one."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


@dataclass
class Ran:
    """What `run` gives in a workshop, as a shape for `reported`: one program that was run there."""

    status: int
    stdout: str
    stderr: str

    @property
    def lines(self) -> list[str]:
        """The lines that it printed; space at their ends, and at the ends of the whole, is left out."""
        return lines_of(self.stdout)

    @property
    def printed(self) -> str:
        """What it printed, in words for a message."""
        return in_words(self.stdout)

    @property
    def json(self) -> Any:
        """The JSON value that it printed; None if that isn't just one."""
        return decoded(self.stdout)

    def __str__(self) -> str:
        """How it ended and what it said, in words for a message."""
        printed = self.printed.strip()
        between = "\n" if "\n" in printed else ", "
        return f"exit status {self.status}{between}{printed}\n{self.stderr.strip()}".strip()

"""What a ledger holds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Received:
    """Something that was handed in: one project for one exercise."""

    student: str
    """The roster's id."""
    exercise: str
    digest: str
    """SHA-256 of the content, by which it is stored."""
    received_at: datetime.datetime
    source: str
    """Where it came from, in words for the instructor."""
    team: str = ""
    """The group that handed it in together; empty: nobody else."""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that came in and could not be taken."""

    source: str
    """Where it came from, in words for the instructor."""
    why: str
    """The reason, as a sentence, and what to do about it."""
    received_at: datetime.datetime
    """When it was handed in, or taken in where the source doesn't say."""
    student: str = ""
    """The roster's id; empty: nobody knows whose it is."""
    exercise: str = ""
    """For which it was handed in; empty: for one of several."""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Grading:
    """What a content earned."""

    exercise: str
    digest: str
    catalogue: str
    """SHA-256 of the exercise as it was: its checks, given files and settings."""
    tool: str
    python: str
    sandbox: str
    graded_at: datetime.datetime
    verdict: str
    score: int | None
    max_score: int
    report: str
    """The exercise's part of the JSON report, format version 1."""
    seconds: float
    id: int = 0

    @property
    def content(self) -> tuple[str, str]:
        """The exercise and the digest: what a grading is of."""
        return self.exercise, self.digest


@dataclass(frozen=True, slots=True)
class Comment:
    """What an instructor says to all who failed alike."""

    exercise: str
    cluster: str
    says: str

"""The state of the exercise that is being watched, and texts about it for every view."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from grader.catalog import Exercise
from grader.display import shorten, visible
from grader.explaining import messages
from grader.judge.checking.declarations import Check
from grader.learning.guidance import comparison
from grader.learning.guidance.comparison import Difference
from grader.learning.watch.engine import Event, Graded
from grader.learning.watch.judge_process import Dropped, Refused, Started
from grader.model import WAITS, Attempt, CheckResult, Outcome, Verdict

_MAX_LINES, _MAX_CHARACTERS = 200, 16_000
"""Of a message: whatever a check lets through, a screen can hold it."""


class Stage(Enum):
    """Where the grading of what was saved last has got to."""

    WAITING = auto()
    GRADING = auto()
    GRADED = auto()
    REFUSED = auto()


@dataclass
class WatchState:
    """An exercise, its project, and the latest of it.

    While an attempt is under way the one before it still stands, so that there is something to read.
    """

    exercise: Exercise
    project: Path
    stage: Stage = Stage.WAITING
    attempt: Attempt | None = None
    """The last that came to its end."""
    before: dict[str, str] | None = None
    """The outcomes of the attempt before that one."""
    why: str = ""
    """Why there is no verdict, or what else there is to know of it."""
    checks: tuple[Check, ...] = ()
    results: dict[str, CheckResult] = field(default_factory=dict)
    """The results of the attempt under way."""

    def apply(self, event: Event) -> None:
        """Note what happened."""
        if isinstance(event, Started):
            self.stage, self.why, self.checks, self.results = Stage.GRADING, "", event.checks, {}
        elif isinstance(event, CheckResult):
            self.results[event.id] = event
        elif isinstance(event, Graded):
            self.stage, self.why = Stage.GRADED, event.trouble or event.attempt.reason or ""
            self.attempt, self.before = event.attempt, event.before
            self.results = {check.id: check for check in event.attempt.checks}
        elif isinstance(event, Dropped):
            self.stage, self.why, self.results = Stage.GRADING, "", {}
        elif isinstance(event, Refused):
            self.stage, self.why, self.attempt, self.results = Stage.REFUSED, event.why, None, {}

    @property
    def name(self) -> str:
        """Number and name of the exercise."""
        return f"{self.exercise.number:02} {self.exercise.slug}"

    @property
    def passed(self) -> bool:
        """Whether the last attempt got full marks."""
        return self.attempt is not None and self.attempt.verdict is Verdict.PASSED

    def verdict(self) -> str:
        """In a few words, how it stands."""
        if self.stage is Stage.GRADING:
            return f"grading, {len(self.results)} of {len(self.checks)} checks done" if self.results else "grading"
        if self.stage is Stage.WAITING:
            return "waiting for the judge"
        attempt = self.attempt
        if attempt is None or attempt.score is None:
            return "ungraded"
        points = f"{attempt.score} of {attempt.max_score} points"
        passed = sum(check.outcome is Outcome.PASSED for check in attempt.checks)
        return f"{attempt.verdict}, {points}, {passed} of {len(attempt.checks)} checks"

    def rows(self) -> Iterator[tuple[str, int, CheckResult | None]]:
        """Of each check its title, its points, and its result once there is one."""
        if self.checks:
            yield from ((check.title, check.points, self.results.get(check.id)) for check in self.checks)
        else:
            yield from ((result.title, result.max_points, result) for result in self.results.values())

    def difference(self) -> Difference:
        """What went up and down since the attempt before, once that is known."""
        if self.stage is not Stage.GRADED or self.attempt is None:
            return Difference()
        return comparison.compare(self.before, self.attempt)

    def first_failure(self) -> CheckResult | None:
        """The first check that is lost, of the attempt under way or else the last."""
        results = (result for *_, result in self.rows() if result is not None)
        lost = [check for check in results if check.outcome in (Outcome.FAILED, Outcome.TIMEOUT)]
        return next((check for check in lost if not (check.message or "").startswith(WAITS)), next(iter(lost), None))

    def explanation(self) -> str:
        """Why the last attempt failed, first what is to be fixed first; empty where that isn't known."""
        attempt = self.attempt if self.stage is Stage.GRADED else None
        if attempt is None:
            return ""
        said = [cause.text for cause in attempt.causes]
        said += [attempt.diagnosis.says] if attempt.diagnosis is not None else []
        return visible("\n\n".join(said))

    def message(self, check: CheckResult) -> str:
        """What a lost check says, in full, with what its commands need to be repeated."""
        message = messages.placed(check.message or "", f"PROJECT={shlex.quote(str(self.project.absolute()))}")
        return shorten(visible(message), lines=_MAX_LINES, characters=_MAX_CHARACTERS)

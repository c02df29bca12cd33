"""What an attempt won and lost, compared with the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.model import Attempt, CheckResult, Outcome


@dataclass(frozen=True, slots=True)
class Difference:
    """The checks that passed and didn't before, and those that don't any more."""

    won: tuple[CheckResult, ...] = ()
    lost: tuple[CheckResult, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.won or self.lost)

    @property
    def points_won(self) -> int:
        """Points that were won."""
        return sum(check.max_points for check in self.won)

    @property
    def points_lost(self) -> int:
        """Points that were lost."""
        return sum(check.max_points for check in self.lost)

    def __str__(self) -> str:
        """In a few words: points up and down, and the first check of each."""
        parts = [
            f"{points} point{'s' * (points != 1)} {way} ({_named(checks)})"
            for points, way, checks in ((self.points_won, "up", self.won), (self.points_lost, "down", self.lost))
            if checks
        ]
        return ", ".join(parts)


def compare(before: Mapping[str, str] | None, attempt: Attempt) -> Difference:
    """What went up and down since the last attempt.

    Args:
        before: the outcomes of its checks, by their ids; None or empty: there was none. A check that was not in it, or
            could not be judged in one of the two, went neither up nor down.
        attempt: the one of now.
    """
    known = before or {}
    won = tuple(check for check in attempt.checks if _passed(check) and known.get(check.id) in _FAILED)
    lost = tuple(check for check in attempt.checks if check.outcome in _FAILED and known.get(check.id) == _PASSED)
    return Difference(won, lost)


_PASSED = str(Outcome.PASSED)
_FAILED = (str(Outcome.FAILED), str(Outcome.TIMEOUT))


def _passed(check: CheckResult) -> bool:
    return check.outcome is Outcome.PASSED


def _named(checks: tuple[CheckResult, ...]) -> str:
    first = checks[0].title.rstrip(".")
    return first if len(checks) == 1 else f"{first}, and {len(checks) - 1} more"

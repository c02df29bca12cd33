"""The texts of the parts of the screen, with styles. Textual is needed here."""

from __future__ import annotations

from textual.content import Content

from grader.display import visible
from grader.explaining import messages
from grader.learning.guidance.comparison import Difference
from grader.learning.watch.state import Stage, WatchState
from grader.model import WAITS, Cause, CheckResult, Outcome

_MARKS = {
    Outcome.PASSED: ("✓", "$text-success"),
    Outcome.FAILED: ("✗", "$text-error"),
    Outcome.TIMEOUT: ("✗", "$text-error"),
    Outcome.ERROR: ("!", "$text-warning"),
    Outcome.SKIPPED: ("–", "$text-muted"),
}
_NOT_STARTED = ("·", "$text-muted")
_UNDER_WAY = ("…", "")
_HEADING = "bold $text-error"
_BRIEF_LINES, _BRIEF_CHARACTERS = 4, 240
"""Of what was expected, and of what came: with the cause above them both fit on a small screen."""
_UP, _DOWN = ("▲", "$text-success"), ("▼", "$text-error")


def verdict(state: WatchState) -> Content:
    """How it stands, on one line."""
    mark, style = _UNDER_WAY
    if state.stage is Stage.GRADED and state.attempt is not None and state.attempt.score is not None:
        mark, style = _MARKS[Outcome.PASSED if state.passed else Outcome.FAILED]
    elif state.stage in (Stage.GRADED, Stage.REFUSED):
        mark, style = _MARKS[Outcome.ERROR]
    return Content.styled(f"{mark} {state.name}: {state.verdict()}", style)


def changes(difference: Difference) -> Content:
    """Points up, points down; empty if there are none."""
    up = Content.styled(f"{_UP[0]} {difference.points_won} points up", _UP[1])
    down = Content.styled(f"{_DOWN[0]} {difference.points_lost} points down", _DOWN[1])
    ways = [text for text, checks in ((up, difference.won), (down, difference.lost)) if checks]
    return Content("   ").join(ways) + " since the last attempt" if ways else Content("")


def checks(state: WatchState) -> Content:
    """All checks, with what is known of each."""
    difference = state.difference()
    return Content("\n").join([_row(*row, difference) for row in state.rows()])


def failure(state: WatchState) -> Content:
    """The first failure in full: what went wrong, expected and got before all that explains it."""
    check = state.first_failure()
    if check is None:
        return Content(_passed(state) if state.passed else "")
    causes = state.causes()
    heads, rests = zip(*map(_cause, causes), strict=True) if causes else ((), ())
    waits = bool(causes) and (check.message or "").startswith(WAITS)
    lost, message = (Content(""), "") if waits else _lost(state, check)
    others = [part for pair in zip(heads[1:], rests[1:], strict=True) for part in pair]
    parts = [*heads[:1], lost, *rests[:1], *others, Content(state.diagnosis()), Content(message)]
    return Content("\n\n").join([part for part in parts if part.plain])


def _cause(cause: Cause) -> tuple[Content, Content]:
    """What went wrong, and behind it why, and what to try and to read."""
    shown = "".join(f"\n    {line}" for line in cause.shows.split("\n")) if cause.shows else ""
    ways = [f"{verb:<6}{text}" for verb, text in (("try", cause.try_it), ("read", cause.link)) if text]
    return (
        Content.assemble((visible(cause.says), _HEADING), visible(shown)),
        Content(visible("\n".join(filter(None, [cause.why, *ways])))),
    )


def _lost(state: WatchState, check: CheckResult) -> tuple[Content, str]:
    """What was expected and what came, and behind it the rest of what a lost check says."""
    what = "not in time" if check.outcome is Outcome.TIMEOUT else "not yet"
    title = f"{check.title} ({what}, {check.max_points} points)"
    rows, rest = messages.brief(state.message(check), lines=_BRIEF_LINES, characters=_BRIEF_CHARACTERS)
    return Content.assemble((title, _HEADING), f"\n{rows}" if rows else ""), rest


def _passed(state: WatchState) -> str:
    said = state.exercise.about.afterwards
    learned = f"\n\nYou know now:\n\n{said.learned.strip()}\n\n{said.link}" if said is not None else ""
    return f"All checks passed. n: the next exercise; s: our own solution.{learned}"


def _row(title: str, most: int, result: CheckResult | None, difference: Difference) -> Content:
    if result is None:
        return Content.styled(f"{_NOT_STARTED[0]} {'':>7}    {title}", _NOT_STARTED[1])
    mark, style = _MARKS[result.outcome]
    way, way_style = _UP if result in difference.won else _DOWN if result in difference.lost else (" ", "")
    note = f" ({result.message})" if result.outcome is Outcome.SKIPPED else ""
    points = f"{result.points}/{most}"
    return Content.assemble((f"{mark} {points:>7}", style), (f" {way}", way_style), f"  {title}{note}")

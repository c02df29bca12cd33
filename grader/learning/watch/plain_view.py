"""`kata watch --plain`: one line after the other, for a screen reader, a dumb terminal or a pipe."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable
from threading import Thread
from typing import TextIO

from grader.catalog import Exercise
from grader.errors import InfrastructureError, KataError
from grader.explaining import places
from grader.learning.guidance import hints
from grader.learning.watch.engine import Broken, Event, XrayDone
from grader.learning.watch.judge_process import Started
from grader.learning.watch.session import Session
from grader.learning.watch.state import Stage
from grader.model import WAITS, CheckResult, Outcome

_KEYS = (
    "Type a letter and Enter: n next exercise, h hint, a hints again, x x-ray, i instructions, l list, r reset, "
    "s solution, g grade again, q quit."
)
_MAX_LINE_BYTES = 1 << 12
_WAIT_SECONDS = 0.5
"""Seconds after which a wait looks whether it was interrupted, on systems where nothing wakes it."""
_NO_MORE_INPUT = None


class PlainView:
    """Says what happens, and takes orders from the keyboard if there is one.

    Args:
        session: what is being worked on; closed by the caller.
        out: where lines are written.
        typed: the descriptor from which orders are read.
        ends: whether the watch ends when nothing more can come from there.
    """

    def __init__(self, session: Session, out: TextIO, keyboard: int | None, *, ends_with_input: bool) -> None:
        self._session = session
        self._out = out
        self._keyboard = keyboard
        self._ends_with_input = ends_with_input
        self._inbox: queue.SimpleQueue[tuple[Exercise, Event] | str | None] = queue.SimpleQueue()
        self._answer_to_question: Callable[[str], None] | None = None
        """Takes the next line as an answer."""

    def tell(self, exercise: Exercise, event: Event) -> None:
        """Take what the engine tells, in any thread."""
        self._inbox.put((exercise, event))

    def run(self) -> None:
        """Watch until somebody wants to quit.

        Raises:
            InfrastructureError: the watch broke off.
        """
        if self._keyboard is not None:
            # A thread that waits there when we end does no harm, since it holds no lock of Python's streams.
            Thread(target=self._read, args=(self._keyboard,), daemon=True).start()
        self._say(_KEYS)
        self._open(self._session.state.exercise)
        while (news := self._next()) is not _NO_MORE_INPUT:
            if not isinstance(news, str):
                self._show(*news)
            elif not self._obey(news.strip().lower()):
                return

    def _next(self) -> tuple[Exercise, Event] | str | None:
        while True:
            try:
                return self._inbox.get(timeout=_WAIT_SECONDS)
            except queue.Empty:
                continue

    def _read(self, descriptor: int) -> None:
        rest = b""
        try:
            while chunk := os.read(descriptor, _MAX_LINE_BYTES):
                *lines, rest = (rest + chunk)[-_MAX_LINE_BYTES:].split(b"\n")
                for line in lines:
                    self._inbox.put(line.decode("utf-8", "replace"))
        except OSError:
            pass
        if self._ends_with_input:
            self._inbox.put(_NO_MORE_INPUT)

    def _say(self, *lines: str) -> None:
        for line in lines:
            self._out.write(f"{line}\n")
        self._out.flush()

    # What happens.

    def _open(self, exercise: Exercise) -> None:
        self._session.open(exercise)
        state = self._session.state
        self._say(
            "",
            f"Exercise {state.name}: {exercise.about.title}.",
            f"Instructions: {places.from_here(exercise.folder / 'README.md')}",
            *(f"Edit: {places.from_here(state.project / name)}" for name in exercise.about.learner),
        )

    def _show(self, exercise: Exercise, event: Event) -> None:
        if isinstance(event, Broken):
            raise InfrastructureError(event.why)
        if not self._session.apply(exercise, event):
            return
        state = self._session.state
        if isinstance(event, Started):
            self._say("", "Grading.")
        elif isinstance(event, XrayDone):
            self._say("", event.text)
        elif state.stage is not Stage.GRADING:
            self._report()

    def _report(self) -> None:
        state = self._session.state
        self._say(f"{state.verdict().capitalize()}.")
        if state.why:
            self._say(state.why)
        difference = state.difference()
        for way, checks in (("Up", difference.won), ("Down", difference.lost)):
            self._say(*(f"{way} {check.max_points} points: {check.title}" for check in checks))
        for *_, result in state.rows():
            if result is not None:
                self._say(_line(result))
        first = state.first_failure()
        if first is not None:
            what = "not in time" if first.outcome is Outcome.TIMEOUT else "not yet"
            self._say(*filter(None, ["", state.explanation()]))
            if not (first.message or "").startswith(WAITS):
                self._say("", f"First to fix: {first.title} ({what}, {first.max_points} points)", state.message(first))

    # What is typed.

    def _obey(self, order: str) -> bool:
        """Do what was typed; whether to go on."""
        if self._answer_to_question is not None:
            answer, self._answer_to_question = self._answer_to_question, None
            answer(order)
            return True
        if order in ("q", "quit"):
            return False
        doing = {
            "n": self._next_exercise,
            "h": lambda: self._say("", self._session.hint()),
            "a": self._hints_again,
            "x": self._session.xray,
            "i": lambda: self._say("", self._session.instructions()),
            "l": self._list,
            "r": self._reset,
            "s": lambda: self._say("", self._session.solution()),
            "g": self._session.again,
        }.get(order)
        try:
            if doing is not None:
                doing()
            elif order.isdigit():
                self._open(self._session.exercise(order))
            elif order:
                self._say(_KEYS)
        except KataError as error:
            self._say(str(error))
        return True

    def _next_exercise(self) -> None:
        following = self._session.next_exercise()
        if following is None:
            self._say("All exercises are passed.")
        else:
            self._open(following)

    def _hints_again(self) -> None:
        for hint in self._session.read_hints():
            self._say("", f"{hints.heading(hint)}:", hint.text.strip())
        if not self._session.read_hints():
            self._say("You have read no hint on this yet. Type h for one.")

    def _list(self) -> None:
        for row in self._session.listing():
            self._say(f"{row.exercise.number:02} {row.exercise.slug}: {row.words}")
        self._say("Type a number and Enter to choose one.")

    def _reset(self) -> None:
        def answered(answer: str) -> None:
            try:
                self._say(self._session.reset() if answer in ("y", "yes") else "Nothing was changed.")
            except KataError as error:
                self._say(str(error))

        self._say(f"{self._session.reset_question()} Type y or n.")
        self._answer_to_question = answered


def _line(result: CheckResult) -> str:
    note = f" ({result.message})" if result.outcome is Outcome.SKIPPED else ""
    return f"{result.outcome}, {result.points} of {result.max_points} points: {result.title}{note}"

"""What the executions of one attempt share: turns to run, and a budget of time."""

from __future__ import annotations

import contextvars
import heapq
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from grader.model import AttemptLimits
from grader.sandbox import Meter

position: contextvars.ContextVar[int] = contextvars.ContextVar("position", default=1 << 30)
"""Where the observation that is being made stands among all; executions that checks themselves ask for come last."""


class Budget:
    """Adds up what the executions of an attempt take.

    Args:
        limits: what they may take together.
    """

    def __init__(self, limits: AttemptLimits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._taken: list[tuple[float, float]] = []
        self.spent = ""
        """What to tell the learner once the budget is spent: the same for all checks that are lost by it."""

    @property
    def taken(self) -> tuple[float, float]:
        """Seconds by the clock, and of processor time, that all executions took so far."""
        with self._lock:
            return self._sums()

    def meter(self) -> Meter:
        """For another execution; says that it must end when the budget is spent, by this execution or by others."""
        with self._lock:
            mine = len(self._taken)
            self._taken.append((0.0, 0.0))

        def used(clock: float, processor: float) -> bool:
            with self._lock:
                self._taken[mine] = (clock, processor)
                self.spent = self.spent or self._trouble()
                return bool(self.spent)

        return used

    def _sums(self) -> tuple[float, float]:
        return sum(clock for clock, _ in self._taken), sum(processor for _, processor in self._taken)

    def _trouble(self) -> str:
        clock, processor = self._sums()
        if processor > self._limits.cpu:
            return _message(f"{self._limits.cpu:g} s of processor time")
        return _message(f"{self._limits.wall:g} s by the clock") if clock > self._limits.wall else ""


def _message(seconds: str) -> str:
    return (
        f"Your project used up the {seconds} that all programs and builds of one attempt may take together, so what "
        "this check looks at was stopped or not started. "
        "Run your programs by hand, and make those faster that take long."
    )


@dataclass(order=True)
class _Ticket:
    position: int
    number: int
    called: threading.Event = field(default_factory=threading.Event, compare=False)


class Turns:
    """Lets so many executions run at the same time.

    Of those that wait, that of the observation declared first is next. So in an attempt that uses up its budget it is
    always the same ones that don't run any more.

    Args:
        at_once: how many.
    """

    def __init__(self, at_once: int) -> None:
        self._lock = threading.Lock()
        self._free = at_once
        self._numbers = itertools.count()
        self._waiting: list[_Ticket] = []

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it."""
        ticket = self._take()
        try:
            ticket.called.wait()
            yield
        finally:  # also if the wait was interrupted
            self._give_back(ticket)

    def _take(self) -> _Ticket:
        with self._lock:
            ticket = _Ticket(position.get(), next(self._numbers))
            heapq.heappush(self._waiting, ticket)
            self._call()
        return ticket

    def _give_back(self, ticket: _Ticket) -> None:
        with self._lock:
            if ticket.called.is_set():
                self._free += 1
            else:
                self._waiting.remove(ticket)
                heapq.heapify(self._waiting)
            self._call()

    def _call(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            heapq.heappop(self._waiting).called.set()

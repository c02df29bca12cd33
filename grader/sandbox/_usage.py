"""What an execution takes: seconds by the clock, and of processor time, as far as they are its own doing."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeAlias

Meter: TypeAlias = Callable[[float, float], bool]
"""Is told ten times a second, and at the end, what an execution took: seconds by the clock, and of processor time.

Returns whether the execution must end.
"""
_MOST_PROCESSES = 1000
"""How many are looked at: in the `process` tier nothing limits their number, and a look must not take long."""


def unmetered(_clock: float, _processor: float) -> bool:
    """Let an execution take what its own limits allow."""
    return False


class Look(NamedTuple):
    """What can be seen of an execution's processes at one moment."""

    processor: float
    """Seconds of processor time that they took so far."""
    ready: bool
    """Whether one of them runs, or waits for a processor or a disk."""


class Usage:
    """Adds up what one execution takes.

    By the clock, time counts in which its processes run or sleep. Time in which one of them could go on, but the
    machine is busy with others, doesn't count: a right answer must not become a wrong one by that.

    Args:
        meter: is told.
        look: what can be seen of the processes now; None where the system shows nothing of them (macOS, Windows).
    """

    def __init__(self, meter: Meter, look: Callable[[], Look | None]) -> None:
        self._meter = meter
        self._look = look
        self._clock = self._processor = 0.0
        self._until = 0.0
        self._ready = True
        """Whether it could go on at the last look; before the first one it starts."""

    def exceeded(self, seconds: float) -> bool:
        """Whether the execution must end, which runs for that long now."""
        look = self._look()
        self._ready = look is not None and look.ready
        return self._add(seconds, look)

    def ended(self, seconds: float) -> None:
        """The execution ended after that time."""
        self._add(seconds, self._look())

    def _add(self, seconds: float, look: Look | None) -> bool:
        passed, self._until = seconds - self._until, seconds
        took = max(0.0, look.processor - self._processor) if look else 0.0
        self._processor += took
        self._clock += min(passed, took) if self._ready else passed
        return self._meter(self._clock, self._processor)


def look_at(processes: Iterable[int]) -> Look | None:
    """Look at processes by their numbers; None if none of them can be seen. See stat in proc_pid_stat(5)."""
    ticks, ready, found = 0, False, False
    for pid in itertools.islice(processes, _MOST_PROCESSES):
        with contextlib.suppress(OSError):
            state, *fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
            # Its own time and that of children that it waited for, each as a program and in the kernel.
            ticks += sum(map(int, fields[10:14]))
            ready, found = ready or state in (b"R", b"D"), True
    return Look(ticks / os.sysconf("SC_CLK_TCK"), ready) if found else None

"""Watch a running process on POSIX: feed its stdin, read its streams up to their caps, see its end or its limits."""

from __future__ import annotations

import os
import selectors
import subprocess  # noqa: TID251 - the process that is watched is a Popen
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from grader.errors import SandboxError
from grader.model import Ending, Limits
from grader.sandbox._usage import Usage

_CHUNK = 1 << 16
_CHECK_INTERVAL = 0.1
"""Seconds between looks at what no descriptor announces: memory held, and being told to stop."""
_DRAIN_SECONDS = 1.0
"""Seconds at most to read what a dead process left in its pipes, should a stranger hold one open."""


@dataclass(slots=True)
class Stream:
    """One pipe to read: what came, cut at the cap."""

    descriptor: int
    cap: int
    received: bytearray = field(default_factory=bytearray)
    full: bool = False
    """Whether more came than the cap allows."""
    on_read: Callable[[], None] = lambda: None
    """Called after each read."""

    def read(self) -> bool:
        """Read once; False at the end of the stream, or when there is more than the cap."""
        chunk = os.read(self.descriptor, _CHUNK)
        room = self.cap - len(self.received)
        self.received += chunk[:room]
        self.full = len(chunk) > room
        self.on_read()
        return bool(chunk) and not self.full


class Watch:
    """One selector over a process and all its pipes.

    Args:
        process: the process; its stdin, if it is a pipe, is fed and closed.
        streams: the pipes to read, which the watch closes at the end.
        stdin: what to feed.
    """

    def __init__(self, process: subprocess.Popen[bytes], streams: tuple[Stream, ...], stdin: bytes) -> None:
        self._process = process
        self._streams = streams
        self._stdin = memoryview(stdin)
        self._selector = selectors.DefaultSelector()
        for stream in streams:
            os.set_blocking(stream.descriptor, False)
            self._selector.register(stream.descriptor, selectors.EVENT_READ, stream)
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            self._selector.register(process.stdin, selectors.EVENT_WRITE, None)
        self.seconds = 0.0
        """How long the process was watched until its end."""
        self._end = _end_descriptor(process.pid)
        if self._end is not None:
            self._selector.register(self._end, selectors.EVENT_READ, None)

    def until_end(self, limits: Limits, stopping: Event, exceeded: Callable[[], bool], usage: Usage) -> Ending | None:
        """Watch until the process ends by itself, meets a limit, or is told to stop (then None).

        Args:
            limits: the wall limit is seen to here.
            stopping: set when everything must end.
            exceeded: whether all processes of the execution together hold more memory than they may.
            usage: adds up what it takes.
        """
        began = time.monotonic()
        try:
            return self._until_end(began, limits, stopping, exceeded, usage)
        finally:
            self.seconds = time.monotonic() - began

    def _until_end(
        self, began: float, limits: Limits, stopping: Event, exceeded: Callable[[], bool], usage: Usage
    ) -> Ending | None:
        deadline = began + limits.wall
        next_beat = began + _CHECK_INTERVAL
        while not self._ended():
            now = time.monotonic()
            if now >= deadline:
                return Ending.TIMEOUT
            if now >= next_beat:
                if stopping.is_set():
                    return None
                if exceeded():
                    return Ending.MEMORY
                if usage.exceeded(now - began):
                    return Ending.BUDGET
                next_beat = now + _CHECK_INTERVAL
            self._serve(min(deadline, next_beat) - now)
            if self._overflowed:
                return Ending.OUTPUT
        return Ending.EXITED

    def drain(self) -> None:
        """Read what is left after the end, for a second at most, and close everything."""
        deadline = time.monotonic() + _DRAIN_SECONDS
        while any(isinstance(key.data, Stream) for key in self._selector.get_map().values()):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            self._serve(left)
        self._selector.close()
        for stream in self._streams:
            os.close(stream.descriptor)
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._end is not None:
            os.close(self._end)

    def outcome(self, ending: Ending | None) -> Ending:
        """How it ended, after `drain`: what `until_end` said, unless more than a stream's cap came at the last moment.

        Raises:
            SandboxError: it was told to stop.
        """
        if ending is None:
            raise SandboxError("The execution was stopped because the grading was.")
        return Ending.OUTPUT if ending is Ending.EXITED and self._overflowed else ending

    @property
    def _overflowed(self) -> bool:
        return any(stream.full for stream in self._streams)

    def serve_for(self, seconds: float) -> None:
        """Read what comes within that time."""
        self._serve(seconds)

    def _ended(self) -> bool:
        return self._process.poll() is not None

    def _serve(self, seconds: float) -> None:
        if self._end is None:  # without a pidfd the end is noticed by looking
            seconds = min(seconds, 0.01)
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, Stream):
                if not key.data.read():
                    self._selector.unregister(key.fd)
            elif key.fd == self._end:
                self._selector.unregister(key.fd)
            else:
                self._feed()

    def _feed(self) -> None:
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 - it was registered
        try:
            self._stdin = self._stdin[os.write(stdin.fileno(), self._stdin[:_CHUNK]) :]
        except BrokenPipeError:
            self._stdin = self._stdin[:0]
        if not self._stdin:
            self._selector.unregister(stdin)
            stdin.close()


def _end_descriptor(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):  # not Linux, or a kernel before 5.3
        return None

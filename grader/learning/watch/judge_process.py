"""A judge process that stays ready: it has everything imported, grades on request, and can drop a grading.

It is a process of its own because pytest wants the main thread and replaces the streams, while what shows the results
owns the terminal; and because a process can be ended, whatever it does.
"""

from __future__ import annotations

import contextlib
import io
import os
import queue
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import grading, sandbox
from grader.catalog import Exercise
from grader.errors import KataError
from grader.grading import Conditions
from grader.judge.checking import declarations
from grader.judge.checking.declarations import Check
from grader.model import Attempt, CheckResult

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_SECONDS_TO_CLEAN_UP = 10.0
_WIDTH = 90
"""Columns of an x-ray."""


@dataclass(frozen=True, slots=True)
class Started:
    """A grading has begun; these checks will be tried."""

    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A grading was given up because that was asked for."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It can't be graded; says why in a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class XrayText:
    """What the import system does in the project."""

    text: str
    page: str
    """The same as HTML."""


Final = Attempt | XrayText | Dropped | Refused
Message = Started | CheckResult | Final
"""What a judge says to a request; a `Final` is the last of it."""


@dataclass(frozen=True, slots=True)
class _Request:
    number: int
    folder: Path
    exercise: Exercise
    xray: bool
    """Whether not points are wanted, but an x-ray."""


def start_resource_tracker() -> None:
    """Start what watches over the start of processes; to be called while stderr is a real stream.

    Once an application has put its own in that place, it could not be started any more.
    """
    if os.name == "posix":
        from multiprocessing import resource_tracker

        with _safe_path():
            resource_tracker.ensure_running()


class Judge:
    """Our end of the pipe to a judge.

    Args:
        conditions: how it is to grade.
    """

    def __init__(self, conditions: Conditions) -> None:
        import multiprocessing

        context = multiprocessing.get_context("spawn")  # a fork would take threads and the terminal along
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, conditions), name="kata-judge", daemon=True)
        with _safe_path():
            self._process.start()
        self.pid = self._process.pid or 0
        theirs.close()

    def ask(self, number: int, folder: Path, exercise: Exercise, *, xray: bool = False) -> None:
        """Ask for a grading, once the request before was answered in full.

        Args:
            number: of the request; they must rise.
            folder: the project.
            exercise: what it is graded as.
            xray: ask for an x-ray instead.

        Raises:
            OSError: the judge is dead.
        """
        self.connection.send(_Request(number, folder, exercise, xray))

    def drop(self, number: int) -> None:
        """Ask it to give up all requests up to that number.

        Raises:
            OSError: the judge is dead.
        """
        self.connection.send(number)

    def receive(self) -> Message:
        """What it says next to the request before.

        Raises:
            EOFError, OSError: the judge is dead.
        """
        said: Message = self.connection.recv()
        return said

    def close(self, patience: float = _SECONDS_TO_CLEAN_UP) -> None:
        """Let it clean up and end, which it does by itself when nobody hears it any more.

        Args:
            patience: seconds after which it is killed; what it leaves then is cleaned up by the sandbox's own process.
        """
        self.connection.close()
        self._process.join(patience)
        self._process.kill()
        self._process.join()
        self._process.close()


@contextlib.contextmanager
def _safe_path() -> Iterator[None]:
    """Keep a Python that is started from taking modules from the current folder, where a learner has their own."""
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTHONSAFEPATH"]


def _serve(connection: Connection[Any, Any], conditions: Conditions) -> None:
    """The life of a judge, in its own process."""
    _detach_from_terminal()
    os.environ.pop("PYTHONSAFEPATH", None)
    os.umask(0o022)  # executions that run as another user are to read what is made
    server = _Server(connection, conditions)
    # The handler may run at any time, also while a lock that it needs is held.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.end, daemon=True).start())
    threading.Thread(target=server.listen, daemon=True).start()
    try:
        server.serve()
    finally:
        server.close()


def _detach_from_terminal() -> None:
    """Nothing that happens here may be seen on it, and nothing typed there may reach us."""
    if hasattr(os, "setsid"):
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


class _Server:
    """Grades one request after the other, in the main thread, while another thread listens.

    Args:
        connection: to the engine.
        conditions: how to grade.
    """

    def __init__(self, connection: Connection[Any, Any], conditions: Conditions) -> None:
        self._connection = connection
        self._conditions = conditions
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._confinement: sandbox.Sandbox | None = None
        self._dropped = 0
        """All requests up to this number are to be given up."""
        self._current = 0

    def listen(self) -> None:
        """Take requests until nobody is left to ask."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                asked = self._connection.recv()
                if isinstance(asked, _Request):
                    self._requests.put(asked)
                else:
                    self._drop(asked)
        self.end()

    def end(self) -> None:
        """Give up what is under way, and end."""
        self._drop(self._current)
        self._requests.put(None)

    def serve(self) -> None:
        """Grade until the end."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while (request := self._requests.get()) is not None:
                self._connection.send(self._answer(request))

    def close(self) -> None:
        """Leave nothing behind."""
        with self._lock:
            if self._confinement is not None:
                self._confinement.close()

    def _drop(self, number: int) -> None:
        with self._lock:
            self._dropped = max(self._dropped, number)
            if self._current and self._current <= number and self._confinement is not None:
                self._confinement.stop()

    def _answer(self, request: _Request) -> Final:
        try:
            with self._lock:
                if request.number <= self._dropped:
                    return Dropped()
                self._current = request.number
                confinement = self._open_sandbox()
            said: Final = (self._xray if request.xray else self._grade)(request, confinement)
        except KataError as error:
            said = Refused(str(error))
        except (BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:  # noqa: BLE001 - one that we didn't think of must not end the watch
            said = Refused(f"The judge failed, not you: {type(error).__name__}: {error}")
        return said if self._was_wanted(request) else Dropped()

    def _open_sandbox(self) -> sandbox.Sandbox:
        if self._confinement is None:
            self._confinement = sandbox.choose(self._conditions.tier, hidden=self._conditions.hidden)
        return self._confinement

    def _was_wanted(self, request: _Request) -> bool:
        """Whether the grading that ended was wanted to its end; if not, its sandbox is used up."""
        with self._lock:
            self._current = 0
            wanted = request.number > self._dropped
            if not wanted and self._confinement is not None:
                self._confinement.close()
                self._confinement = None
        return wanted

    def _grade(self, request: _Request, confinement: sandbox.Sandbox) -> Attempt:
        modules = declarations.load_all(request.exercise.hidden_tests)
        self._connection.send(Started(tuple(check for module in modules for check in module.checks)))
        return grading.grade(
            request.folder,
            request.exercise,
            interpreter=self._conditions.interpreter,
            sandbox=confinement,
            on_check=self._connection.send,
        )

    def _xray(self, request: _Request, confinement: sandbox.Sandbox) -> XrayText:
        from rich.console import Console

        from grader.reports.xray import page, terminal
        from grader.xray.running import xray

        interpreter = self._conditions.interpreter
        seen = xray(request.folder, request.exercise, words=(), interpreter=interpreter, sandbox=confinement)
        text = io.StringIO()
        terminal.show(seen, Console(file=text, width=_WIDTH, color_system=None, highlight=False, emoji=False))
        return XrayText(text.getvalue().strip("\n"), page.render(seen))

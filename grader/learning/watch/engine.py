"""Grade a project whenever it changes: the engine of `kata watch`, which knows nothing of how it is shown."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from threading import Lock, Thread

from grader import progress
from grader.catalog import Exercise
from grader.errors import UsageError
from grader.grading import Conditions
from grader.learning.watch import judge_process
from grader.learning.watch.file_changes import FolderWatch
from grader.learning.watch.judge_process import Dropped, Final, Judge, Message, Refused, Started, XrayText
from grader.model import Attempt, CheckResult

_DROP_TIMEOUT = 5.0
"""Then a judge that can't let go of a grading is ended."""
_END_TIMEOUT = 2.0
"""Then it is killed."""
_MAX_JUDGES = 2
"""Judges that may die over the same files."""
_WATCH_FAILED = "The watch broke off; start it again. What happened: {0}: {1}"


@dataclass(frozen=True, slots=True)
class Graded:
    """An attempt came to its end."""

    attempt: Attempt
    before: dict[str, str] | None
    """The outcomes of the attempt before, by the checks' ids; None where there was none."""
    trouble: str | None = None
    """What is wrong with the file of the learner's history, as a sentence."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The engine itself has ended, and there is nothing more to come."""

    why: str


class _Order(Enum):
    CHANGED = auto()
    XRAY = auto()
    END = auto()


class _Task(Enum):
    GRADE = auto()
    XRAY = auto()


@dataclass(frozen=True, slots=True)
class XrayDone:
    """What came of an x-ray: one, or why there is none."""

    xray: XrayText | Refused

    @property
    def text(self) -> str:
        """What to show of it."""
        return self.xray.text if isinstance(self.xray, XrayText) else self.xray.why

    @property
    def page(self) -> str:
        """The same as HTML; empty where there is none."""
        return self.xray.page if isinstance(self.xray, XrayText) else ""


Event = Started | CheckResult | Graded | Dropped | Refused | XrayDone | Broken


class Engine:
    """Watches and grades one exercise of a workspace at a time, in a thread of its own.

    A change during a grading makes an end of that and begins anew, in the same judge.

    Args:
        workspace: holds the projects, and the learner's history.
        conditions: how to grade.
        tell: called in the engine's thread with all that happens, and the exercise that it happens to.
        poll: look for changes instead of waiting for events.
    """

    def __init__(
        self, workspace: Path, conditions: Conditions, tell: Callable[[Exercise, Event], None], *, poll: bool = False
    ) -> None:
        judge_process.start_resource_tracker()
        self._workspace = workspace
        self._conditions = conditions
        self._tell = tell
        self._poll = poll
        self._orders: queue.SimpleQueue[Exercise | _Order] = queue.SimpleQueue()
        self._wake_reader, self._wake_writer = Pipe(duplex=False)
        """Wakes the engine when there is an order."""
        self._posting = Lock()
        self._exercise: Exercise
        self._watch: FolderWatch | None = None
        self._judge: Judge | None = None
        self._number = 0
        self._under_way: _Task | None = None
        self._deadline: float | None = None
        """When what is to be dropped must have been."""
        self._wanted: set[_Task] = set()
        self._judges_left = _MAX_JUDGES
        self._thread = Thread(target=self._run, name="watch engine", daemon=True)

    def open(self, exercise: Exercise) -> None:
        """Turn to an exercise, whose project need not be there, and grade it at once; also to grade it again."""
        if not self._thread.ident:
            self._exercise = exercise
            self._thread.start()
        self._send(exercise)

    def request_xray(self) -> None:
        """Make an x-ray of the exercise that is open, once it is graded."""
        self._send(_Order.XRAY)

    def close(self) -> None:
        """End the watch and all its processes; waits for them. Nothing is told any more afterwards."""
        if self._thread.ident:
            self._send(_Order.END)
            self._thread.join()
        self._wake_writer.close()
        self._wake_reader.close()

    @property
    def judge(self) -> int:
        """The number of the judge's process; 0 without one."""
        return self._judge.pid if self._judge is not None else 0

    def _send(self, order: Exercise | _Order) -> None:
        with self._posting:
            self._orders.put(order)
            self._wake_writer.send_bytes(b"!")

    def _run(self) -> None:
        try:
            while self._wait_and_act():
                pass
        except Exception as error:  # noqa: BLE001 - the view has to end
            self._tell(self._exercise, Broken(_WATCH_FAILED.format(type(error).__name__, error)))
        finally:
            if self._watch is not None:
                self._watch.close()
            if self._judge is not None:
                self._judge.close()

    def _wait_and_act(self) -> bool:
        """Wait until something happens and see to it; whether there is to be another turn."""
        sources = [self._wake_reader] if self._judge is None else [self._wake_reader, self._judge.connection]
        patience = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
        ready = wait(sources, patience)
        if self._wake_reader in ready:
            self._wake_reader.recv_bytes()
            order = self._orders.get()
            if order is _Order.END:
                return False
            self._handle_order(order)
        if self._judge is not None and self._judge.connection in ready:
            self._receive(self._judge)
        if not ready:
            self._replace_judge()
        if self._wanted and self._under_way is None:
            self._start_task(_Task.GRADE if _Task.GRADE in self._wanted else _Task.XRAY)
        return True

    def _handle_order(self, order: Exercise | _Order) -> None:
        """Grade what is there now, whatever is under way; or look at it when nothing is."""
        self._judges_left = _MAX_JUDGES
        if order is _Order.XRAY:
            self._wanted.add(_Task.XRAY)
            return
        dropped = self._exercise
        if isinstance(order, Exercise):
            self._switch_to(order)
        self._wanted.add(_Task.GRADE)
        if self._under_way is not None and self._deadline is None and self._judge is not None:
            self._deadline = time.monotonic() + _DROP_TIMEOUT
            if self._under_way is _Task.XRAY and dropped is self._exercise:
                self._wanted.add(_Task.XRAY)  # of what is there now
            self._tell(dropped, Dropped())
            try:
                self._judge.drop(self._number)
            except OSError:
                self._replace_judge()

    def _switch_to(self, exercise: Exercise) -> None:
        if self._watch is not None and exercise is self._exercise:
            return
        if self._watch is not None:
            self._watch.close()
        self._exercise = exercise
        self._wanted.clear()
        folder = self._workspace / exercise.name
        self._watch = FolderWatch(folder, lambda: self._send(_Order.CHANGED), poll=self._poll)

    def _start_task(self, task: _Task) -> None:
        self._wanted.discard(task)
        folder = self._workspace / self._exercise.name
        if not folder.is_dir():
            self._answer(task, Refused(f"There is no project folder {folder}; a reset makes it anew."))
            return
        self._number += 1
        self._under_way = task
        self._judge = self._judge or Judge(self._conditions)
        try:
            self._judge.ask(self._number, folder, self._exercise, xray=task is _Task.XRAY)
        except OSError:
            self._replace_judge()

    def _receive(self, judge: Judge) -> None:
        try:
            said = judge.receive()
        except (EOFError, OSError):
            self._replace_judge()
            return
        task = self._under_way
        assert task is not None  # noqa: S101 - a judge says nothing unasked
        dropped = self._deadline is not None
        if isinstance(said, Final):
            self._under_way = self._deadline = None
        if not dropped:
            self._answer(task, said)

    def _replace_judge(self) -> None:
        """Go on without a judge that died or doesn't answer; another one begins anew, but not for ever."""
        if self._judge is not None:
            self._judge.close(_END_TIMEOUT)
            self._judge = None
        task = self._under_way
        if task is not None and self._deadline is None:
            self._judges_left -= 1
            if self._judges_left:
                self._wanted.add(task)
            else:
                self._answer(task, Refused("The judge died twice; see whether memory ran out, and save again."))
        self._under_way = self._deadline = None

    def _answer(self, task: _Task, said: Message) -> None:
        if isinstance(said, Attempt):
            self._tell(self._exercise, self._recorded(said))
        elif isinstance(said, XrayText) or (task is _Task.XRAY and isinstance(said, Refused)):
            self._tell(self._exercise, XrayDone(said))
        else:
            self._tell(self._exercise, said)

    def _recorded(self, attempt: Attempt) -> Graded:
        """Write an attempt to the learner's history."""
        exercise, before = self._exercise, None
        try:
            with progress.changing(self._workspace) as known:
                entry = known.entry(exercise.slug)
                before = entry.outcomes or None
                known.entries[exercise.slug] = progress.with_attempt(entry, attempt, exercise.about.version)
        except UsageError as error:
            return Graded(attempt, before, str(error))
        return Graded(attempt, before, known.trouble)

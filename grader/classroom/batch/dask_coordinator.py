"""Grade on several machines: send contents to the workers of a Dask scheduler, and collect their attempts.

Each order is meant for one worker, and only so many are on their way, so that the scheduler's memory stays as it is. A
worker is asked first whether it would grade alike. What comes back is JSON, read as that; a reply is forgotten by the
cluster once it is in the ledger.
"""

from __future__ import annotations

import functools
import gc
import importlib
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grader import grading
from grader.classroom.batch import dask_worker, scheduling
from grader.classroom.batch.grading import Graders, Task
from grader.classroom.batch.remote_messages import (
    Order,
    Reply,
    Terms,
    dask_mismatches,
    dask_versions,
    encode,
    report_digest,
)
from grader.classroom.batch.scheduling import Schedule
from grader.classroom.records.store import Store
from grader.display import visible
from grader.errors import InfrastructureError, UsageError
from grader.grading import Conditions
from grader.model import Attempt

_Client = Any
"""Dask's; it says nothing of types."""
_Future = Any

_CONNECT_TIMEOUT = 10.0
"""Seconds."""
_FETCH_TIMEOUT = 2.0
"""Seconds to wait for what is said to be there, before it is looked whether its worker still is."""
_POLL_INTERVAL = 0.5
"""Seconds between looks at who is there."""
_WORKER_TIMEOUT = 60.0
"""Seconds to wait for a worker, or for an answer of the scheduler's."""
_WORKERS_DIED = f"{scheduling.MAX_DEATHS} workers died while they had it, or lost it; see their logs."
_RUN_AGAIN = "What was graded is in the ledger: see to the scheduler and its workers, and run this again."


@contextmanager
def dask_graders(address: str, catalogue: Path | None, say: Callable[[str], None]) -> Iterator[Graders]:
    """Graders that are the workers of a Dask scheduler, for as long as the block lasts.

    Args:
        address: the scheduler's, like `tcp://host:8786`; `tls://…` with Dask's own settings.
        catalogue: the folder that the exercises come from; None: those that come with the tool.
        say: told of each worker that can't be used, in a sentence.

    Raises:
        UsageError: that is no address.
        InfrastructureError: Dask isn't installed, or there is no scheduler that it could talk to.
    """
    client = _connect(address)
    gc.enable()  # the command does without, and Dask leaves cycles behind with each message
    try:
        yield _DaskWorkers(client, address, catalogue, say).grade
    finally:
        with suppress(Exception):  # whatever a scheduler that is gone makes of it
            client.close(timeout=_CONNECT_TIMEOUT)


def _connect(address: str) -> _Client:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        says = f'--dask needs Dask ({error}); install it: pip install "import-kata[classroom]"'
        raise InfrastructureError(says) from error
    # What it has to say about lost connections we say in sentences.
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    outcome = _run_with_timeout(1.5 * _CONNECT_TIMEOUT, functools.partial(_try_to_connect, distributed, address))
    if outcome is None:
        raise InfrastructureError(f"What listens at {address} doesn't answer as a Dask scheduler does. {_RUN_AGAIN}")
    if isinstance(outcome, (ValueError, TypeError)):
        says = f"{address} can't be connected to: {outcome}. Give an address like tcp://host:8786."
        raise UsageError(says) from outcome
    if isinstance(outcome, Exception):
        says = f"There is no Dask scheduler at {address} ({visible(str(outcome))}). Start one: dask scheduler"
        raise InfrastructureError(says) from outcome
    client, packages = outcome
    if differ := ", ".join(dask_mismatches(dask_versions(), packages)):
        client.close(timeout=_CONNECT_TIMEOUT)
        raise InfrastructureError(f"The scheduler at {address} has {differ}; install the same version there.")
    return client


def _try_to_connect(distributed: Any, address: str) -> tuple[_Client, dict[str, str]] | Exception:
    """A client, and which versions its scheduler has; or why there is none."""
    try:
        client = distributed.Client(address, timeout=_CONNECT_TIMEOUT, set_as_default=False, name="import-kata")
        return client, client.sync(client.scheduler.versions, callback_timeout=_CONNECT_TIMEOUT)["packages"]
    except Exception as error:  # noqa: BLE001 - whatever may listen there
        return error


_Result = TypeVar("_Result")


def _run_with_timeout(seconds: float, make: Callable[[], _Result]) -> _Result | None:
    """What is made in time, else None: Dask waits for ever for an answer in its own protocol."""
    made: queue.SimpleQueue[_Result] = queue.SimpleQueue()
    threading.Thread(target=lambda: made.put(make()), daemon=True).start()
    try:
        return made.get(timeout=seconds)
    except queue.Empty:
        return None


@dataclass(frozen=True, slots=True)
class _PendingCall:
    """Something that was sent to a worker."""

    future: _Future
    worker: str
    task: Task | None
    """What is graded; None: a question to the worker."""
    is_import_check: bool = False
    """Whether it is the question if there is an import-kata at all: it can be put without one."""


class _DaskWorkers:
    """The workers of a scheduler, and what is on its way to them."""

    def __init__(self, client: _Client, address: str, catalogue: Path | None, say: Callable[[str], None]) -> None:
        self._client = client
        self._address = address
        self._catalogue = catalogue
        self._say = say
        self._run = os.urandom(8).hex()
        self._terms = b""
        self._schedule = Schedule()
        self._threads: dict[str, int] = {}
        """Who is there, and how many orders each works on at once."""
        self._contacted: set[str] = set()
        self._ready: set[str] = set()
        self._had_grader = False
        """Whether there was ever somebody who grades."""
        self._last_grader_seen = 0.0
        """When somebody was last there who grades, or might."""
        self._last_refresh = 0.0
        self._pending: dict[str, _PendingCall] = {}
        self._completed: queue.SimpleQueue[_Future] = queue.SimpleQueue()

    def grade(self, tasks: Sequence[Task], store: Store, conditions: Conditions) -> Generator[tuple[Task, Attempt]]:
        """Grade tasks; see `grading.Graders`.

        Raises:
            InfrastructureError: the scheduler went, or there is nobody who could grade.
        """
        self._set_terms(tasks, conditions)
        self._schedule.add(tasks)
        try:
            while self._schedule.is_open:
                yield from self._refresh_workers()
                yield from self._send_tasks(store)
                with suppress(queue.Empty):
                    yield from self._collect(self._completed.get(timeout=_POLL_INTERVAL))
        finally:
            for call in self._pending.values():
                call.future.release()
                if call.task is None:  # nobody waits for the answer any more
                    self._contacted.discard(call.worker)
            self._pending.clear()

    def _set_terms(self, tasks: Sequence[Task], conditions: Conditions) -> None:
        if not self._terms:
            exercises = {task.exercise.slug: report_digest(task.exercise) for task in tasks}
            catalogue = None if self._catalogue is None else str(self._catalogue)
            terms = Terms(self._run, catalogue, exercises, conditions.interpreter.version, conditions.tier)
            self._terms = encode(terms)
        self._last_grader_seen = time.monotonic()

    def _refresh_workers(self) -> Iterator[tuple[Task, Attempt]]:
        """See who came and who went."""
        if time.monotonic() < self._last_refresh + _POLL_INTERVAL or not self._list_workers():
            return
        self._last_refresh = time.monotonic()
        for call in [call for call in self._pending.values() if call.worker not in self._threads]:
            yield from self._record_loss(call)
        self._contacted &= self._threads.keys()
        self._ready &= self._threads.keys()
        for worker in self._threads.keys() - self._contacted:
            self._contacted.add(worker)
            # A worker dies of a function that it can't import, so first it imports the module.
            self._submit(worker, None, importlib.import_module, dask_worker.__name__)
        self._check_for_graders()

    def _list_workers(self) -> bool:
        """Ask the scheduler; False while Dask still tries to find one that went."""
        if self._client.status == "running":
            with suppress(OSError, TimeoutError):
                self._threads = dict(self._client.sync(self._client.scheduler.ncores, callback_timeout=_WORKER_TIMEOUT))
                return True
        if self._client.status not in ("running", "connecting"):
            raise InfrastructureError(f"The scheduler at {self._address} has gone away. {_RUN_AGAIN}")
        return False

    def _check_for_graders(self) -> None:
        if self._ready or any(call.task is None for call in self._pending.values()):
            self._last_grader_seen = time.monotonic()
        elif self._threads and not self._had_grader:
            raise InfrastructureError(f"None of the workers of {self._address} can grade this class. {_RUN_AGAIN}")
        elif time.monotonic() > self._last_grader_seen + _WORKER_TIMEOUT:
            says = f"The scheduler at {self._address} has no worker that can grade this class; start one: dask worker"
            raise InfrastructureError(f"{says} {self._address}. {_RUN_AGAIN}")

    def _send_tasks(self, store: Store) -> Iterator[tuple[Task, Attempt]]:
        """Give each worker as much as it should hold."""
        for worker in sorted(self._ready):
            while task := self._schedule.next_for(worker, self._threads[worker]):
                try:
                    packed = store.archive(task.digest)
                except InfrastructureError as error:
                    self._schedule.done(worker, task)
                    yield task, grading.ungraded(task.exercise, str(error))
                    continue
                order = encode(Order(task.exercise.slug, task.digest, len(packed)))
                self._submit(worker, task, dask_worker.grade, self._terms, order, packed)

    def _submit(self, worker: str, task: Task | None, function: Callable[..., object], *arguments: Any) -> None:
        key = f"kata-{self._run}-{os.urandom(6).hex()}"
        # Its own key and no other worker: Dask must neither take two for one nor try again by itself.
        future = self._client.submit(function, *arguments, key=key, workers=[worker], retries=0)
        self._pending[key] = _PendingCall(future, worker, task, is_import_check=function is importlib.import_module)
        future.add_done_callback(self._completed.put)

    def _collect(self, future: _Future) -> Iterator[tuple[Task, Attempt]]:
        """Make of what came back what there is to say, and only then let the cluster forget it."""
        call = self._pending.get(str(future.key))
        if call is None:  # its worker is known to be dead
            return
        if future.status in ("cancelled", "lost"):  # with the scheduler, or its worker died when it was through
            yield from self._requeue(call)
            return
        if call.is_import_check and future.status == "finished":  # what it imported stays there
            del self._pending[str(future.key)]
            future.release()
            self._submit(call.worker, None, dask_worker.check_worker, self._terms, dask_versions())
            return
        try:
            reply = msgspec.json.decode(future.result(timeout=_FETCH_TIMEOUT), type=Reply)
        except TimeoutError:  # its worker may have died before it was fetched: that will be seen
            self._completed.put(future)
            return
        except Exception as error:  # noqa: BLE001 - whatever a machine with other software on it raises
            yield from self._record_loss(call, error)
            return
        yield from self._accept_reply(call, reply)
        future.release()

    def _accept_reply(self, call: _PendingCall, reply: Reply) -> Iterator[tuple[Task, Attempt]]:
        del self._pending[str(call.future.key)]
        if reply.refused:
            self._exclude(call.worker, reply.refused)
        if call.task is None:
            if not reply.refused:
                self._ready.add(call.worker)
                self._had_grader = True
            return
        if reply.refused:
            self._schedule.returned(call.worker, call.task)
            return
        self._schedule.done(call.worker, call.task)
        exercise = call.task.exercise
        if reply.attempt is None or reply.attempt.exercise != exercise.slug:
            yield call.task, grading.ungraded(exercise, reply.died or "The answer to it was about something else.")
        else:
            yield call.task, reply.attempt

    def _requeue(self, call: _PendingCall) -> Iterator[tuple[Task, Attempt]]:
        del self._pending[str(call.future.key)]
        if call.task is None:
            self._contacted.discard(call.worker)
        else:
            self._schedule.returned(call.worker, call.task)
        yield from ()

    def _record_loss(self, call: _PendingCall, error: Exception | None = None) -> Iterator[tuple[Task, Attempt]]:
        """Its worker died, or raised something; whose fault that is will be seen."""
        del self._pending[str(call.future.key)]
        call.future.release()
        what = "" if error is None else f" ({type(error).__name__}: {visible(str(error))})"
        if call.task is None:
            if error is not None:
                self._exclude(call.worker, f"It has no import-kata that can be asked{what}; install it there.")
        elif not self._schedule.died(call.worker, call.task):
            yield call.task, grading.ungraded(call.task.exercise, _WORKERS_DIED + what)

    def _exclude(self, worker: str, why: str) -> None:
        if worker in self._ready or worker in self._contacted:
            self._say(f"worker {worker} is left out: {why}")
        self._ready.discard(worker)

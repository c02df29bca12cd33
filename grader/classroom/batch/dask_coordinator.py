"""Grade on several machines: another source of attempts for `batch.grade`, by way of a Dask scheduler.

Each order is meant for one worker, and only so many are on their way, so that the scheduler's memory stays as it is. A
worker is asked first whether it would grade alike. What comes back is JSON, read as that; a reply is forgotten by the
cluster when whoever asked for it has noted it.
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
from grader.classroom.batch import assignment, dask_worker
from grader.classroom.batch.assignment import Assignment
from grader.classroom.batch.grading import Graders, Task
from grader.classroom.batch.messages import Order, Reply, Terms, dask_differs, dask_versions, digest, encoded
from grader.classroom.records.store import Store
from grader.display import visible
from grader.errors import InfrastructureError, UsageError
from grader.grading import Conditions
from grader.model import Attempt

_Client = Any
"""Dask's; it says nothing of types."""
_Future = Any

_TO_CONNECT = 10.0
"""Seconds."""
_TO_FETCH = 2.0
"""Seconds to wait for what is said to be there, before it is looked whether its worker still is."""
_LOOK = 0.5
"""Seconds between looks at who is there."""
_PATIENCE = 60.0
"""Seconds to wait for a worker, or for an answer of the scheduler's."""
_KILLS = f"{assignment.DEATHS} workers died while they had it, or lost it; see their logs."
_AGAIN = "What was graded is in the ledger: see to the scheduler and its workers, and run this again."


@contextmanager
def machines(address: str, catalogue: Path | None, say: Callable[[str], None]) -> Iterator[Graders]:
    """Graders that are the workers of a Dask scheduler, for as long as the block lasts.

    Args:
        address: the scheduler's, like `tcp://host:8786`; `tls://…` with Dask's own settings.
        catalogue: the folder that the exercises come from; None: those that come with the tool.
        say: told of each worker that can't be used, in a sentence.

    Raises:
        UsageError: that is no address.
        InfrastructureError: Dask isn't installed, or there is no scheduler that it could talk to.
    """
    client = _connected(address)
    gc.enable()  # the command does without, and Dask leaves cycles behind with each message
    try:
        yield _Machines(client, address, catalogue, say).graded
    finally:
        with suppress(Exception):  # whatever a scheduler that is gone makes of it
            client.close(timeout=_TO_CONNECT)


def _connected(address: str) -> _Client:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        says = f'--dask needs Dask ({error}); install it: pip install "import-kata[classroom]"'
        raise InfrastructureError(says) from error
    # What it has to say about lost connections we say in sentences.
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    outcome = _within(1.5 * _TO_CONNECT, functools.partial(_client, distributed, address))
    if outcome is None:
        raise InfrastructureError(f"What listens at {address} doesn't answer as a Dask scheduler does. {_AGAIN}")
    if isinstance(outcome, (ValueError, TypeError)):
        says = f"{address} can't be connected to: {outcome}. Give an address like tcp://host:8786."
        raise UsageError(says) from outcome
    if isinstance(outcome, Exception):
        says = f"There is no Dask scheduler at {address} ({visible(str(outcome))}). Start one: dask scheduler"
        raise InfrastructureError(says) from outcome
    client, packages = outcome
    if differ := ", ".join(dask_differs(dask_versions(), packages)):
        client.close(timeout=_TO_CONNECT)
        raise InfrastructureError(f"The scheduler at {address} has {differ}; install the same version there.")
    return client


def _client(distributed: Any, address: str) -> tuple[_Client, dict[str, str]] | Exception:
    """A client, and which versions its scheduler has; or why there is none."""
    try:
        client = distributed.Client(address, timeout=_TO_CONNECT, set_as_default=False, name="import-kata")
        return client, client.sync(client.scheduler.versions, callback_timeout=_TO_CONNECT)["packages"]
    except Exception as error:  # noqa: BLE001 - whatever may listen there
        return error


_Made = TypeVar("_Made")


def _within(seconds: float, make: Callable[[], _Made]) -> _Made | None:
    """What is made in time, else None: Dask waits for ever for an answer in its own protocol."""
    made: queue.SimpleQueue[_Made] = queue.SimpleQueue()
    threading.Thread(target=lambda: made.put(make()), daemon=True).start()
    try:
        return made.get(timeout=seconds)
    except queue.Empty:
        return None


@dataclass(frozen=True, slots=True)
class _Flight:
    """Something that was sent to a worker."""

    future: _Future
    worker: str
    task: Task | None
    """What is graded; None: a question to the worker."""
    is_first: bool = False
    """Whether it is the question if there is an import-kata at all: it can be put without one."""


class _Machines:
    """The workers of a scheduler, and what is on its way to them."""

    def __init__(self, client: _Client, address: str, catalogue: Path | None, say: Callable[[str], None]) -> None:
        self._client = client
        self._address = address
        self._catalogue = catalogue
        self._say = say
        self._run = os.urandom(8).hex()
        self._terms = b""
        self._assignment = Assignment()
        self._threads: dict[str, int] = {}
        """Who is there, and how many orders each works on at once."""
        self._asked: set[str] = set()
        self._fit: set[str] = set()
        self._anybody = False
        """Whether there was ever somebody who grades."""
        self._seen = 0.0
        """When somebody was last there who grades, or might."""
        self._looked = 0.0
        self._flights: dict[str, _Flight] = {}
        self._ended: queue.SimpleQueue[_Future] = queue.SimpleQueue()

    def graded(self, tasks: Sequence[Task], store: Store, conditions: Conditions) -> Generator[tuple[Task, Attempt]]:
        """See `batch.Graders`.

        Raises:
            InfrastructureError: the scheduler went, or there is nobody who could grade.
        """
        self._agree_on(tasks, conditions)
        self._assignment.add(tasks)
        try:
            while self._assignment.is_open:
                yield from self._look_around()
                yield from self._send(store)
                with suppress(queue.Empty):
                    yield from self._landed(self._ended.get(timeout=_LOOK))
        finally:
            for flight in self._flights.values():
                flight.future.release()
                if flight.task is None:  # nobody waits for the answer any more
                    self._asked.discard(flight.worker)
            self._flights.clear()

    def _agree_on(self, tasks: Sequence[Task], conditions: Conditions) -> None:
        if not self._terms:
            exercises = {task.exercise.slug: digest(task.exercise) for task in tasks}
            catalogue = None if self._catalogue is None else str(self._catalogue)
            terms = Terms(self._run, catalogue, exercises, conditions.interpreter.version, conditions.tier)
            self._terms = encoded(terms)
        self._seen = time.monotonic()

    def _look_around(self) -> Iterator[tuple[Task, Attempt]]:
        """See who came and who went."""
        if time.monotonic() < self._looked + _LOOK or not self._knows_who_is_there():
            return
        self._looked = time.monotonic()
        for flight in [flight for flight in self._flights.values() if flight.worker not in self._threads]:
            yield from self._lost(flight)
        self._asked &= self._threads.keys()
        self._fit &= self._threads.keys()
        for worker in self._threads.keys() - self._asked:
            self._asked.add(worker)
            # Of a function that a worker can't import it dies, whosever worker it is.
            self._fly(worker, None, importlib.import_module, dask_worker.__name__)
        self._check_that_somebody_grades()

    def _knows_who_is_there(self) -> bool:
        """Ask the scheduler; False while Dask still tries to find one that went."""
        if self._client.status == "running":
            with suppress(OSError, TimeoutError):
                self._threads = dict(self._client.sync(self._client.scheduler.ncores, callback_timeout=_PATIENCE))
                return True
        if self._client.status not in ("running", "connecting"):
            raise InfrastructureError(f"The scheduler at {self._address} has gone away. {_AGAIN}")
        return False

    def _check_that_somebody_grades(self) -> None:
        if self._fit or any(flight.task is None for flight in self._flights.values()):
            self._seen = time.monotonic()
        elif self._threads and not self._anybody:
            raise InfrastructureError(f"None of the workers of {self._address} can grade this class. {_AGAIN}")
        elif time.monotonic() > self._seen + _PATIENCE:
            says = f"The scheduler at {self._address} has no worker that can grade this class; start one: dask worker"
            raise InfrastructureError(f"{says} {self._address}. {_AGAIN}")

    def _send(self, store: Store) -> Iterator[tuple[Task, Attempt]]:
        """Give each worker as much as it should hold."""
        for worker in sorted(self._fit):
            while task := self._assignment.next_for(worker, self._threads[worker]):
                try:
                    packed = store.packed(task.digest)
                except InfrastructureError as error:
                    self._assignment.done(worker, task)
                    yield task, grading.ungraded(task.exercise, str(error))
                    continue
                order = encoded(Order(task.exercise.slug, task.digest, len(packed)))
                self._fly(worker, task, dask_worker.grade, self._terms, order, packed)

    def _fly(self, worker: str, task: Task | None, function: Callable[..., object], *arguments: Any) -> None:
        key = f"kata-{self._run}-{os.urandom(6).hex()}"
        # Its own key and no other worker: Dask must neither take two for one nor try again by itself.
        future = self._client.submit(function, *arguments, key=key, workers=[worker], retries=0)
        self._flights[key] = _Flight(future, worker, task, is_first=function is importlib.import_module)
        future.add_done_callback(self._ended.put)

    def _landed(self, future: _Future) -> Iterator[tuple[Task, Attempt]]:
        """Make of what came back what there is to say, and only then let the cluster forget it."""
        flight = self._flights.get(str(future.key))
        if flight is None:  # its worker is known to be dead
            return
        if future.status in ("cancelled", "lost"):  # with the scheduler, or its worker died when it was through
            yield from self._came_back(flight)
            return
        if flight.is_first and future.status == "finished":  # what it imported stays there
            del self._flights[str(future.key)]
            future.release()
            self._fly(flight.worker, None, dask_worker.enlist, self._terms, dask_versions())
            return
        try:
            reply = msgspec.json.decode(future.result(timeout=_TO_FETCH), type=Reply)
        except TimeoutError:  # its worker may have died before it was fetched: that will be seen
            self._ended.put(future)
            return
        except Exception as error:  # noqa: BLE001 - whatever a machine with other software on it raises
            yield from self._lost(flight, error)
            return
        yield from self._read(flight, reply)
        future.release()

    def _read(self, flight: _Flight, reply: Reply) -> Iterator[tuple[Task, Attempt]]:
        del self._flights[str(flight.future.key)]
        if reply.refused:
            self._leave_out(flight.worker, reply.refused)
        if flight.task is None:
            if not reply.refused:
                self._fit.add(flight.worker)
                self._anybody = True
            return
        if reply.refused:
            self._assignment.returned(flight.worker, flight.task)
            return
        self._assignment.done(flight.worker, flight.task)
        exercise = flight.task.exercise
        if reply.attempt is None or reply.attempt.exercise != exercise.slug:
            yield flight.task, grading.ungraded(exercise, reply.died or "The answer to it was about something else.")
        else:
            yield flight.task, reply.attempt

    def _came_back(self, flight: _Flight) -> Iterator[tuple[Task, Attempt]]:
        del self._flights[str(flight.future.key)]
        if flight.task is None:
            self._asked.discard(flight.worker)
        else:
            self._assignment.returned(flight.worker, flight.task)
        yield from ()

    def _lost(self, flight: _Flight, error: Exception | None = None) -> Iterator[tuple[Task, Attempt]]:
        """Its worker died, or raised something; whose fault that is will be seen."""
        del self._flights[str(flight.future.key)]
        flight.future.release()
        what = "" if error is None else f" ({type(error).__name__}: {visible(str(error))})"
        if flight.task is None:
            if error is not None:
                self._leave_out(flight.worker, f"It has no import-kata that can be asked{what}; install it there.")
        elif not self._assignment.died(flight.worker, flight.task):
            yield flight.task, grading.ungraded(flight.task.exercise, _KILLS + what)

    def _leave_out(self, worker: str, why: str) -> None:
        if worker in self._fit or worker in self._asked:
            self._say(f"worker {worker} is left out: {why}")
        self._fit.discard(worker)

"""A process that grades for a coordinator on another machine: `python -P -m grader.classroom.batch.remote_judge TERMS`.

It reads orders from its standard input, each a line of JSON and the archive's bytes, and answers each by a line of
JSON; the first line says whether it would grade alike. It ends when its input does, or when nothing came for a while.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO, NoReturn

import msgspec

import grader
from grader import catalog, grading, sandbox
from grader.catalog import Exercise
from grader.classroom.batch.remote_messages import Order, Reply, Terms, encode, exercise_mismatch, report_digest
from grader.environment import interpreters
from grader.environment.interpreters import Interpreter
from grader.errors import IntakeError, KataError
from grader.model import Attempt
from grader.sandbox import Sandbox
from grader.workers import signals

_IDLE_TIMEOUT = 60.0
"""Seconds without an order after which nobody is expected to want anything."""

Orders = queue.SimpleQueue[tuple[Order, bytes]]


def main() -> int:
    """Grade until nobody wants anything any more; gives the exit status."""
    terms = msgspec.json.decode(sys.argv[1], type=Terms)
    signals.on_first_signal(_interrupt, signal.SIGTERM)
    # Ctrl-C reaches the whole terminal's group; the Dask worker decides, and closes our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(0o022)  # executions that run as another uid must be able to read what is made
    with suppress(KeyboardInterrupt, BrokenPipeError), _open_replies() as replies:
        try:
            exercises, interpreter, hidden = _check_terms(terms)
            with closing(sandbox.choose(terms.tier, hidden=hidden)) as confinement:
                _send(replies, Reply())
                for order, packed in _orders():
                    exercise = exercises[order.exercise]
                    _send(replies, Reply(_grade(order, packed, exercise, interpreter, confinement)))
        except KataError as error:
            _send(replies, Reply(refused=str(error)))
    return 0


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


def _open_replies() -> BinaryIO:
    """Where replies go; what anybody prints goes to the log, so that nothing can come between them."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies


def _send(replies: BinaryIO, reply: Reply) -> None:
    replies.write(encode(reply) + b"\n")
    replies.flush()


def _check_terms(terms: Terms) -> tuple[dict[str, Exercise], Interpreter, tuple[Path, ...]]:
    """What is graded by, as it is here.

    Raises:
        KataError: it is not what the coordinator has; says what differs.
    """
    if terms.tool != grader.__version__:
        raise KataError(f"It has import-kata {grader.__version__}, not {terms.tool}; install that one there.")
    loaded = catalog.load(None if terms.catalogue is None else Path(terms.catalogue))
    exercises = {each.slug: each for each in loaded.exercises if each.slug in terms.exercises}
    differ = exercise_mismatch(terms.exercises, {slug: report_digest(each) for slug, each in exercises.items()})
    if differ:
        raise KataError(differ)
    interpreter = interpreters.find(terms.python)
    if interpreter.version != terms.python:
        raise KataError(f"It has Python {interpreter.version}, not {terms.python}; install that one there.")
    return exercises, interpreter, loaded.hidden


def _orders() -> Iterator[tuple[Order, bytes]]:
    """The orders as they come, until the input ends, which also interrupts what is under way."""
    read: Orders = queue.SimpleQueue()
    threading.Thread(target=_read_orders, args=[read], daemon=True).start()
    while True:
        try:
            yield read.get(timeout=_IDLE_TIMEOUT)
        except queue.Empty:
            return


def _read_orders(received: Orders) -> None:
    while line := sys.stdin.buffer.readline():
        order = msgspec.json.decode(line, type=Order)
        packed = sys.stdin.buffer.read(order.size)
        if len(packed) == order.size:
            received.put((order, packed))
    # The Dask worker that wanted it is gone, perhaps killed during a grading.
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGTERM)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


def _grade(order: Order, packed: bytes, exercise: Exercise, interpreter: Interpreter, confinement: Sandbox) -> Attempt:
    with tempfile.TemporaryDirectory(prefix="kata-", dir=confinement.folder) as temporary:
        archive = Path(temporary) / f"{order.digest}.zip"
        try:
            archive.write_bytes(packed)
            return grading.grade(archive, exercise, interpreter=interpreter, sandbox=confinement)
        except (OSError, IntakeError) as error:
            return grading.ungraded(exercise, str(error))


if __name__ == "__main__":
    sys.exit(main())

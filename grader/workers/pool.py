"""Grade many projects, on one core or several; the results are in the order of the requests whatever finishes first."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from grader import grading, sandbox
from grader.catalog import Exercise
from grader.environment.interpreters import Interpreter
from grader.model import Attempt
from grader.workers import signals

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

# multiprocessing and concurrent.futures are imported where they are used: a single exercise is graded without.

_SECONDS_TO_CLEAN_UP = 10.0
_DIED_TWICE = "The worker that graded it died twice; see whether memory ran out, and grade again."


@dataclass(frozen=True, slots=True)
class Request:
    """One project to grade."""

    folder: Path
    exercise: Exercise
    interpreter: Interpreter


def grade_all(
    requests: Sequence[Request],
    *,
    tier: str,
    hidden: tuple[Path, ...],
    jobs: int = 1,
    done: Callable[[Attempt], None] = lambda _: None,
) -> tuple[Attempt, ...]:
    """Grade all requests, in their order; the arguments are those of `grade_as_completed`.

    Args:
        requests: what to grade.
        tier: see `grade_as_completed`.
        hidden: see `grade_as_completed`.
        jobs: see `grade_as_completed`.
        done: told of each attempt as it ends.

    Raises:
        IntakeError: a project can't be taken in.
        CatalogError: an exercise is broken.
        SandboxError: the tier does not work here.
    """
    attempts = {}
    # Closed here: an interrupt during `done` must end the workers, too.
    with closing(grade_as_completed(requests, tier=tier, hidden=hidden, jobs=jobs)) as ended:
        for index, attempt in ended:
            done(attempt)
            attempts[index] = attempt
    return tuple(attempts[index] for index in range(len(requests)))


def grade_as_completed(
    requests: Sequence[Request], *, tier: str, hidden: tuple[Path, ...], jobs: int = 1
) -> Generator[tuple[int, Attempt]]:
    """Grade all requests; gives each attempt as it ends, with the request's index.

    Args:
        requests: what to grade.
        tier: the sandbox to take; see `sandbox.choose`.
        hidden: folders that no execution may see into.
        jobs: how many processes grade at once; with one, or one request, none but this one.

    Raises:
        IntakeError: a project can't be taken in.
        CatalogError: an exercise is broken.
        SandboxError: the tier does not work here.
    """
    # Once for all workers: what fails in one of them for once must not make it take a weaker tier.
    tier = sandbox.resolve_tier(tier)
    if jobs == 1 or len(requests) == 1:
        yield from enumerate(_grade_in_this_process(requests, tier, hidden))
        return
    missing = dict(enumerate(requests))
    for index, attempt in _grade_in_workers(missing.copy(), tier, hidden, jobs):
        del missing[index]
        yield index, attempt
    # A dead worker takes its neighbours' work along: what is missing gets a worker each, to see who kills it.
    for index, request in missing.items():
        again = dict(_grade_in_workers({index: request}, tier, hidden, 1))
        yield index, again.get(index) or grading.ungraded(request.exercise, _DIED_TWICE)


def _grade_in_this_process(requests: Sequence[Request], tier: str, hidden: tuple[Path, ...]) -> Iterator[Attempt]:
    with closing(sandbox.choose(tier, hidden=hidden)) as confinement, _readable_by_all():
        for request in requests:
            yield grading.grade(request.folder, request.exercise, interpreter=request.interpreter, sandbox=confinement)


@contextmanager
def _readable_by_all() -> Iterator[None]:
    """Let executions that run as another uid read what is made, whatever the user's umask."""
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)


def _grade_in_workers(
    requests: dict[int, Request], tier: str, hidden: tuple[Path, ...], jobs: int
) -> Iterator[tuple[int, Attempt]]:
    import concurrent.futures.process

    with _pool(min(jobs, len(requests)), tier, hidden) as pool:
        futures = {pool.submit(_grade_one, request): index for index, request in requests.items()}
        for future in concurrent.futures.as_completed(futures):
            try:
                attempt = future.result()
            except concurrent.futures.process.BrokenProcessPool:
                continue
            yield futures[future], attempt


@contextmanager
def _pool(jobs: int, tier: str, hidden: tuple[Path, ...]) -> Iterator[ProcessPoolExecutor]:
    import concurrent.futures
    import multiprocessing

    # A fork starts with everything imported, but only a process without threads can be forked safely.
    forkable = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if forkable else "spawn")
    if not forkable:
        # A Python that is started here must not take the current folder's modules, a learner's `json` among them.
        os.environ["PYTHONSAFEPATH"] = "1"
    pool = concurrent.futures.ProcessPoolExecutor(jobs, context, _start_worker, (tier, hidden))
    try:
        yield pool
    except BaseException:
        workers = multiprocessing.active_children()
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(_SECONDS_TO_CLEAN_UP)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


_confinement: sandbox.Sandbox
"""A worker's sandbox, for as long as it lives."""


def _start_worker(tier: str, hidden: tuple[Path, ...]) -> None:
    from multiprocessing.util import Finalize

    global _confinement  # noqa: PLW0603 - the one thing that an initializer can leave behind
    signals.on_first_signal(_end, signal.SIGTERM)  # the pool sends more than one
    # Ctrl-C reaches the whole terminal's group; the parent decides, and ends its workers by SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(0o022)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with _interruptible():
        _confinement = sandbox.choose(tier, hidden=hidden)
        Finalize(None, _confinement.close, exitpriority=1)


_busy = False
"""Whether a worker has something under way, which would leave processes and folders behind."""


def _end() -> None:
    # The pool takes an exception that is raised just outside of what is interruptible for a result, and waits on.
    threading.Thread(target=_leave_when_idle, daemon=True).start()
    if _busy:
        raise KeyboardInterrupt
    _leave()


def _leave_when_idle() -> NoReturn:
    deadline = time.monotonic() + _SECONDS_TO_CLEAN_UP
    while _busy and time.monotonic() < deadline:
        time.sleep(signals.SECONDS_TO_LEAVE_A_CALLBACK)
    _leave()


_leaving = threading.Lock()
"""Taken by the first thread that leaves, for good: two that clean up at once would find each other's files gone."""


def _leave() -> NoReturn:
    _leaving.acquire()
    try:
        with suppress(NameError):  # where it has not come that far
            _confinement.close()
    finally:
        os._exit(1)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let what is under way clean up after itself before an interrupted worker ends."""
    global _busy  # noqa: PLW0603 - a signal handler gets no arguments of ours
    try:
        _busy = True
        yield
    except KeyboardInterrupt:
        # The pool would hand an exception to the parent and wait for more to do.
        _leave()
    finally:
        _busy = False


def _end_with_parent() -> None:
    """A worker whose parent was killed has nobody to grade for."""
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent is not None  # noqa: S101 - this is a worker
    parent.join()
    signals.wake_main_thread(signal.SIGTERM)


def _grade_one(request: Request) -> Attempt:
    with _interruptible():
        return grading.grade(request.folder, request.exercise, interpreter=request.interpreter, sandbox=_confinement)

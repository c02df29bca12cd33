"""Runs inside a Dask worker: passes orders to judges, which are separate processes, and their replies back.

A worker's process has threads, and is perhaps a daemon that must not have children by `multiprocessing`; grading
changes what belongs to a whole process (its signals, umask, pytest's state) and so takes place in none of its threads.
A judge grades one project at a time and is kept for the next. All that passes is JSON and the submissions' archives.
"""

from __future__ import annotations

import os
import subprocess  # noqa: TID251 - starts our own judge, never learner code
import sys
import threading
from contextlib import suppress

import msgspec

from grader.classroom.batch.remote_messages import Reply, dask_mismatches, dask_versions, encode

_MAX_JUDGES = 2
"""How many judges may die of one order; the first may also have ended for want of orders."""
_JUDGES_DIED = "The judge that graded it died twice; see whether memory ran out on that machine."


class _Judge:
    """A process that grades under the terms it was started with."""

    def __init__(self, terms: bytes) -> None:
        # -P: a Python that is started here must not take the current folder's modules.
        argv = [sys.executable, "-P", "-m", "grader.classroom.batch.remote_judge", terms.decode()]
        # What changes how Python runs must not change grades, such as -O, which takes the checks' titles.
        env = {name: value for name, value in os.environ.items() if name == "PYTHONPATH" or name[:6] != "PYTHON"}
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)
        self.first_reply = self._reply() or encode(Reply(refused="Its judge does not start; see the worker's log."))

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, order: bytes, archive: bytes) -> bytes | None:
        """What it replies; None if it died."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe, as asked for
        with suppress(OSError):
            self._process.stdin.write(order + b"\n" + archive)
            self._process.stdin.flush()
        return self._reply()

    def end(self) -> None:
        """End it; it cleans up after itself."""
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        self._process.wait()

    def _reply(self) -> bytes | None:
        assert self._process.stdout is not None  # noqa: S101 - a pipe, as asked for
        line = self._process.stdout.readline()
        return line if line.endswith(b"\n") else None


_idle: dict[bytes, list[_Judge]] = {}
"""Judges without an order, by their terms."""
_idle_lock = threading.Lock()


def check_worker(terms: bytes, dask: dict[str, str]) -> bytes:
    """Whether this machine would grade alike, as a `Reply`: its first judge is asked, and kept."""
    differ = ", ".join(dask_mismatches(dask, dask_versions()))
    if differ:
        return encode(Reply(refused=f"It has {differ}; install the same version there."))
    judge = _take_judge(terms)
    _return_judge(terms, judge)
    return judge.first_reply


def grade(terms: bytes, order: bytes, archive: bytes) -> bytes:
    """Grade a content, as a `Reply`.

    Args:
        terms: a `Terms`, encoded.
        order: an `Order`, encoded.
        archive: the packed submission.
    """
    for _ in range(_MAX_JUDGES):
        judge = _take_judge(terms)
        if msgspec.json.decode(judge.first_reply, type=Reply).refused:
            judge.end()
            return judge.first_reply
        reply = judge.ask(order, archive)
        if reply is not None:
            _return_judge(terms, judge)
            return reply
        judge.end()
    return encode(Reply(died=_JUDGES_DIED))


def _take_judge(terms: bytes) -> _Judge:
    """A judge that nobody else asks."""
    with _idle_lock:
        _remove_dead_judges()
        kept = _idle.get(terms)
        if kept:
            return kept.pop()
    return _Judge(terms)


def _return_judge(terms: bytes, judge: _Judge) -> None:
    with _idle_lock:
        _idle.setdefault(terms, []).append(judge)


def _remove_dead_judges() -> None:
    """Those of earlier runs end by themselves after a while."""
    for terms, judges in list(_idle.items()):
        for judge in [judge for judge in judges if not judge.is_alive]:
            judge.end()
            judges.remove(judge)
        if not judges:
            del _idle[terms]

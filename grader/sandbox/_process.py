"""The `process` tier: a separate process with an environment of its own, bounded in time and output, killed as a group.

It works everywhere and promises nothing against malice. Where the judge is root, it can at least run executions as
another user; see `_other_user`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess  # noqa: TID251 - this is where processes start
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock

from grader.errors import SandboxError
from grader.model import Command, Ending, Execution
from grader.sandbox import _other_user, _programs
from grader.sandbox._memory.looking import descendants
from grader.sandbox._usage import Meter, Usage, look_at, unmetered

SECONDS_TO_STOP = 10.0
"""How long closing a sandbox waits for executions under way: they need up to three seconds when told to stop."""


class ProcessSandbox:
    """Runs commands as they are."""

    tier = "process"
    at_once = 1

    def __init__(self) -> None:
        self._uid = _other_user.configured_uid()
        self._folder = tempfile.TemporaryDirectory(prefix="kata-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name).resolve()
        self._stopping = Event()
        # Two executions of an attempt name the same scratch folders, and here those are real ones.
        self._one_at_a_time = Lock()

    def run(self, command: Command, meter: Meter = unmetered) -> Execution:
        """Run the command; see `Sandbox.run`."""
        with self._one_at_a_time:
            if self._stopping.is_set():
                raise SandboxError("The sandbox was stopped.")
            _programs.wait_until_written(command.argv[0])
            return self._run(command, meter)

    def _run(self, command: Command, meter: Meter) -> Execution:
        for folder in command.scratch:
            _make_empty(folder)
        began = time.monotonic()
        if sys.platform == "win32":
            from grader.sandbox._windows import run_and_watch  # exists on Windows only
        else:
            run_and_watch = _run_and_watch
        if self._uid is None:
            ending, status, (stdout, stderr, report) = run_and_watch(command, self._stopping, meter)
        else:
            ending, status, (stdout, stderr, report) = self._run_as_other(command, self._uid, meter)
        for folder in command.scratch:
            shutil.rmtree(folder, ignore_errors=True)
        return Execution(command, ending, status, stdout, stderr, report, time.monotonic() - began)

    def _run_as_other(self, command: Command, uid: int, meter: Meter) -> tuple[Ending, int, tuple[bytes, bytes, bytes]]:
        _other_user.grant_access(uid, self.folder, (command.cwd, *command.reads), command.scratch)
        try:
            drop = _other_user.setpriv_command(uid)
            ending, status, (out, err, said) = _run_and_watch(
                replace(command, argv=drop + command.argv), self._stopping, meter
            )
        finally:
            _other_user.kill_all(uid)
        return ending, status, (out, err.removeprefix(b"setpriv: failed to execute "), said)

    def stop(self) -> None:
        """Kill whatever runs; see `Sandbox.stop`."""
        self._stopping.set()

    def close(self) -> None:
        """Stop, and remove the folder; see `Sandbox.close`."""
        self.stop()
        # A `run` that waited for it may have been interrupted.
        if self._one_at_a_time.acquire(timeout=SECONDS_TO_STOP):
            self._one_at_a_time.release()
        self._folder.cleanup()


def _make_empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _run_and_watch(command: Command, stopping: Event, meter: Meter) -> tuple[Ending, int, tuple[bytes, bytes, bytes]]:
    from grader.sandbox._streams import Stream, Watch  # pidfd and pipes: not on Windows

    pipes = [os.pipe() for _ in range(3)]
    read_ends, (stdout, stderr, report) = [read for read, _ in pipes], [write for _, write in pipes]
    try:
        process = subprocess.Popen(
            [str(report) if argument == "{report}" else argument for argument in command.argv],
            cwd=command.cwd,
            env=command.env | {"PWD": str(command.cwd)},  # as a shell would, and bubblewrap does
            stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            pass_fds=(report,) if command.report else (),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        for descriptor in read_ends:
            os.close(descriptor)
        # As a shell would say it: the program could not be started.
        return Ending.EXITED, 127, (b"", f"{command.argv[0]}: {error}".encode(), b"")
    finally:
        for descriptor in (stdout, stderr, report):
            os.close(descriptor)
    caps = (command.limits.output, command.limits.output, command.limits.report)
    streams = tuple(Stream(end, cap) for end, cap in zip(read_ends, caps, strict=True))
    watch = Watch(process, streams, command.stdin)
    usage = Usage(meter, lambda: look_at(descendants(process.pid)) if process.returncode is None else None)
    try:
        ending = watch.until_end(command.limits, stopping, lambda: False, usage)
    finally:
        # Also after a normal end: what the program left running is part of the execution.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        watch.drain()
    usage.ended(watch.seconds)
    ending = watch.outcome(ending)
    status = process.returncode if process.returncode >= 0 else 128 - process.returncode
    if ending is not Ending.EXITED:
        status = 128 + signal.SIGKILL  # whether it was about to end by itself or not
    out, err, said = (bytes(stream.received) for stream in streams)
    return ending, status, (out, err, said)

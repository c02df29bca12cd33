"""The life of one bubblewrap process: start it, watch it, end it and all that is in its namespaces."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess  # noqa: TID251 - this is where processes start
import time
from threading import Event

from grader.errors import SandboxError
from grader.model import Command, Ending
from grader.sandbox._memory.bound import Bound
from grader.sandbox._streams import Stream, Watch
from grader.sandbox._usage import Meter, Usage

_GRACE_SECONDS = 1.0
"""Seconds to wait for bubblewrap to name the child that has to be killed, and for the namespace to be gone."""
_STATUS_CAP = 1 << 16


class Launch:
    """One process and its descriptors.

    Args:
        opened: closes them in the end, whatever happens.
        stopping: set when everything must end.
        memory: bounds what its processes hold.
    """

    def __init__(self, opened: contextlib.ExitStack, stopping: Event, memory: Bound) -> None:
        self._opened = opened
        self._memory = memory
        self._stopping = stopping
        self._child_ends = opened.enter_context(contextlib.ExitStack())
        """Our copies of what the child inherits: to be closed once it has them."""
        self._inherited: list[int] = []
        pipes = [os.pipe() for _ in range(4)]
        self._read_ends = [read for read, _ in pipes]
        self._unwatched = opened.enter_context(contextlib.ExitStack())
        """Our ends of the pipes, until the watch takes them over: a number closed twice may be another thread's."""
        for read, write in pipes:
            self._unwatched.callback(os.close, read)
            self._child_ends.callback(os.close, write)
        self._stdout, self._stderr, self.report_descriptor, self.status_descriptor = (write for _, write in pipes)
        self._init: int | None = None
        """A pidfd of the namespace's init."""
        self.go_descriptor: int | None = None
        """What bubblewrap reads a byte from before it starts the program, if it is to wait."""
        self._go: int | None = None
        if memory.waits:
            self.go_descriptor, self._go = self._open_go()
        self.streams: tuple[Stream, ...] = ()

    def _open_go(self) -> tuple[int, int]:
        read, write = os.pipe()
        self._child_ends.callback(os.close, read)
        self._opened.callback(os.close, write)
        self._inherited.append(read)
        return read, write

    def lend(self, content: bytes) -> int:
        """A descriptor from which the child reads that content."""
        descriptor = os.memfd_create("lent")
        self._child_ends.callback(os.close, descriptor)
        with open(descriptor, "wb", closefd=False) as writer:
            writer.write(content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        self._inherited.append(descriptor)
        return descriptor

    def lend_folder(self, path: os.PathLike[str]) -> int:
        """A descriptor of a folder; opened without following a link, so that it is the folder that was checked."""
        try:
            descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise SandboxError(f"{path} can't be shown to an execution: {error.strerror}.") from error
        self._child_ends.callback(os.close, descriptor)
        self._inherited.append(descriptor)
        return descriptor

    def run(self, argv: list[str], command: Command, mark: dict[str, str], meter: Meter) -> tuple[Ending, int]:
        """Start bubblewrap with these arguments and see it through.

        Args:
            argv: bubblewrap's.
            command: what it is to run.
            mark: the only variables of bubblewrap itself, by which its processes are found should we die.
            meter: is told what the program takes.

        Raises:
            SandboxError: it could not be started, or could not start the program.
        """
        report = [self.report_descriptor] if command.report else []
        try:
            process = subprocess.Popen(
                [*self._memory.way_in, *argv],
                env=mark,
                cwd="/",
                stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
                stdout=self._stdout,
                stderr=self._stderr,
                pass_fds=(*self._inherited, self.status_descriptor, *report),
                start_new_session=True,
            )
        except OSError as error:
            raise SandboxError(f"bubblewrap could not be started: {error.strerror}.") from error
        self._child_ends.close()
        limits = command.limits
        caps = (limits.output, limits.output, limits.report, _STATUS_CAP)
        self.streams = tuple(Stream(end, cap) for end, cap in zip(self._read_ends, caps, strict=True))
        self.streams[3].on_read = self._find_init
        watch = Watch(process, self.streams, command.stdin)
        self._unwatched.pop_all()
        usage = Usage(meter, self._memory.usage)
        ending: Ending | None = None
        try:
            ending = watch.until_end(command.limits, self._stopping, self._memory.exceeded, usage)
        finally:
            if ending is not Ending.EXITED:
                self._kill(process, watch)
            process.wait()
            self._wait_for_init()
            self._memory.left()
            watch.drain()
        usage.ended(watch.seconds)
        ending = watch.outcome(ending)
        if ending is Ending.EXITED and self._memory.met():
            ending = Ending.MEMORY
        return ending, self._exit_code() if ending is Ending.EXITED else 128 + signal.SIGKILL

    def _find_init(self) -> None:
        """Take hold of the namespace's init as soon as bubblewrap has named it, while its number can't be another's.

        It has yet to make the program's surroundings, so the program needn't wait for us as a rule.
        """
        child = self._status().get("child-pid")
        if self._init is None and child is not None:
            with contextlib.suppress(OSError):
                self._init = os.pidfd_open(child)
                self._opened.callback(os.close, self._init)
            self._memory.enter(child)
            if self._go is not None:
                with contextlib.suppress(BrokenPipeError):
                    os.write(self._go, b"x")

    def _kill(self, process: subprocess.Popen[bytes], watch: Watch) -> None:
        """Kill the namespace's init, and with it all processes in there; only then bubblewrap itself.

        The other way round, init is left an orphan if bubblewrap dies before it has tied the two together.
        """
        deadline = time.monotonic() + _GRACE_SECONDS
        while self._init is None and process.poll() is None and time.monotonic() < deadline:
            watch.serve_for(0.01)
        if self._init is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._init, signal.SIGKILL)
        self._memory.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _wait_for_init(self) -> None:
        """Bubblewrap ends with its program; init, and with it what that left running, ends a moment later."""
        if self._init is not None:
            select.select([self._init], [], [], _GRACE_SECONDS)
            with contextlib.suppress(OSError):  # where it could not be adopted, it isn't ours to wait for
                os.waitid(os.P_PIDFD, self._init, os.WEXITED | os.WNOHANG)

    def _status(self) -> dict[str, int]:
        """What bubblewrap said so far, in whole lines of JSON."""
        said: dict[str, int] = {}
        for line in bytes(self.streams[3].received).split(b"\n")[:-1]:
            said.update(json.loads(line))
        return said

    def _exit_code(self) -> int:
        code = self._status().get("exit-code")
        if code is None:
            said = bytes(self.streams[1].received).decode("utf-8", "replace").strip()
            raise SandboxError(f"bubblewrap could not run the program: {said or 'it gave no reason.'}")
        return code

"""The life of one bubblewrap process: start it, watch it, end it and all that is in its namespaces."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess  # noqa: TID251 - this is where processes start
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from grader.errors import SandboxError
from grader.model import Command, Ending
from grader.sandbox._streams import Stream, Watch

_GRACE_SECONDS = 1.0
"""Seconds to wait for bubblewrap to name the child that has to be killed, and for the namespace to be gone."""
_STATUS_CAP = 1 << 16
_BYTES_OF_A_FILE = 1 << 12
"""What a file in memory counts for: its inode, its name, and the time that it takes to be removed again."""


class Launch:
    """One process and its descriptors.

    Args:
        opened: closes them in the end, whatever happens.
        stopping: set when everything must end.
        in_memory: where the namespace has file systems in memory.
    """

    def __init__(self, opened: contextlib.ExitStack, stopping: Event, in_memory: Sequence[str]) -> None:
        self._opened = opened
        self._in_memory = in_memory
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
        self.streams: tuple[Stream, ...] = ()

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

    def run(self, argv: list[str], command: Command, mark: dict[str, str]) -> tuple[Ending, int]:
        """Start bubblewrap with these arguments and see it through.

        Args:
            argv: bubblewrap's.
            command: what it is to run.
            mark: the only variables of bubblewrap itself, by which its processes are found should we die.

        Raises:
            SandboxError: it could not be started, or could not start the program.
        """
        report = [self.report_descriptor] if command.report else []
        try:
            process = subprocess.Popen(
                argv,
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
        ending: Ending | None = None
        try:
            ending = watch.until_end(command.limits, self._stopping, lambda: self._memory_held(command.limits.memory))
        finally:
            if ending is not Ending.EXITED:
                self._kill(process, watch)
            process.wait()
            self._wait_for_init()
            watch.drain()
        ending = watch.outcome(ending)
        return ending, self._exit_code() if ending is Ending.EXITED else 128 + signal.SIGKILL

    def _find_init(self) -> None:
        """Take hold of the namespace's init as soon as bubblewrap has named it, while its number can't be another's."""
        child = self._status().get("child-pid")
        if self._init is None and child is not None:
            with contextlib.suppress(OSError):
                self._init = os.pidfd_open(child)
                self._opened.callback(os.close, self._init)

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
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _wait_for_init(self) -> None:
        """Bubblewrap ends with its program; what that left running ends with init, which takes a moment longer.

        Whatever has lost its parent is init's child by now, so where init has none, there is nothing to wait for.
        """
        child = self._status().get("child-pid")
        if self._init is not None and child is not None and any(_children(child)):
            select.select([self._init], [], [], _GRACE_SECONDS)

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

    def _memory_held(self, enough: int) -> int:
        """Bytes that all processes hold; where that seems to be more than enough, it is counted exactly.

        Forked processes share most of what they hold, so a sum is too high, but what is right takes long to find out.
        """
        child = self._status().get("child-pid")
        if child is None:
            return 0
        processes, files = list(_descendants(child)), self._files_held(child)
        held = files + sum(map(_resident_memory, processes))
        return held if held <= enough else files + sum(map(_proportional_memory, processes))

    def _files_held(self, child: int) -> int:
        """Bytes that files in memory cost the kernel beyond what they hold: sizes are bounded, numbers are not."""
        files = 0
        for place in self._in_memory:
            with contextlib.suppress(OSError):
                # Held open, so that both answers are about the same one: what is there changes while bubblewrap starts.
                descriptor = os.open(f"/proc/{child}/root{place}", os.O_PATH | os.O_CLOEXEC)
                try:
                    # Until bubblewrap has changed its root, this is a file system of ours, with all the files of ours.
                    if os.fstat(descriptor).st_dev != _device(place):
                        found = os.statvfs(descriptor)
                        files += found.f_files - found.f_ffree
                finally:
                    os.close(descriptor)
        return files * _BYTES_OF_A_FILE


def _device(place: str) -> int | None:
    """The number of our own file system at that place."""
    try:
        return Path(place).stat().st_dev
    except OSError:
        return None


def _descendants(pid: int) -> Iterator[int]:
    yield pid
    for child in _children(pid):
        yield from _descendants(child)


def _children(pid: int) -> Iterator[int]:
    """The children of all threads of a process; none if it is gone. See children in proc_pid_task(5)."""
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - many, and often
            yield from map(int, Path(f"/proc/{pid}/task/{task}/children").read_bytes().split())


def _resident_memory(pid: int) -> int:
    """Bytes of memory that a process holds; see statm in proc(5)."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _proportional_memory(pid: int) -> int:
    """Bytes of memory that a process holds, each page divided by how many hold it; see smaps in proc_pid_smaps(5)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) << 10
    return _resident_memory(pid)  # one that hides it from us is charged in full

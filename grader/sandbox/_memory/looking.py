"""Count the memory of an execution by looking at its processes, its files in memory and its sockets.

This is for machines without a cgroup to use. A look takes a fraction of a second, whatever the processes do.
"""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_BYTES_OF_A_FILE = 1 << 12
"""What a file in memory counts for: its inode, its name, and the time that it takes to be removed again."""
_PROCESSOR_SECONDS, _SECONDS = 0.25, 1.0
"""How long pages that processes share are counted; the second is for a busy machine."""
_DEFAULT_BUFFER = 212_992


class Look:
    """What an execution holds, as far as it can be seen from outside.

    Args:
        limit: bytes that it may hold.
        in_memory: where it has file systems in memory.
    """

    def __init__(self, limit: int, in_memory: Sequence[str]) -> None:
        self._limit = limit
        self._in_memory = in_memory

    def exceeded(self, init: int) -> bool:
        """Whether it holds more than the limit.

        Forked processes share most of what they hold, so the sum of what each has is too high. Counting each page once
        takes long where there are many pages and processes; where it takes too long, the sum is taken after all.

        Args:
            init: the first process of the execution's namespace.
        """
        room = self._limit - _files_held(init, self._in_memory) - _sockets_held(init)
        processes = list(descendants(init))
        return sum(map(_resident, processes)) > room and _exceed(processes, room)

    def too_many_files(self, init: int) -> bool:
        """Whether there are more files in memory than may be beside a cgroup, whose accounts double what one costs."""
        return 2 * _files_held(init, self._in_memory) > self._limit


def _exceed(processes: Sequence[int], room: int) -> bool:
    """Whether processes hold more than there is room for, each page counted once; also if that takes too long."""
    enough, late = time.thread_time() + _PROCESSOR_SECONDS, time.monotonic() + _SECONDS
    for pid in processes:
        room -= _share(pid)
        if room < 0 or time.thread_time() > enough or time.monotonic() > late:
            return True
    return False


def _files_held(init: int, places: Sequence[str]) -> int:
    """Bytes that files in memory cost the kernel beyond what they hold: sizes are bounded, numbers are not."""
    files = 0
    for place in places:
        with contextlib.suppress(OSError):
            # Held open, so that both answers are about the same one: what is there changes during bubblewrap's start.
            descriptor = os.open(f"/proc/{init}/root{place}", os.O_PATH | os.O_CLOEXEC)
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


def _sockets_held(init: int) -> int:
    """Bytes that may lie unread in the sockets of a network namespace, closed ones included.

    Local sockets and UDP's don't tell how much they hold, so each counts for all that it may: twice its buffer, since a
    packet may be as large as that and is taken in while there is any room. TCP's buffers grow, and tell what they hold.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        numbers = Path(f"/proc/{init}/net/sockstat").read_bytes().split()
        sockets = int(numbers[2])  # sockets: used N
        return sockets * 2 * _buffer() + (_queued(init) if sockets else 0)
    return 0


@functools.cache
def _buffer() -> int:
    """The usual size of a socket's buffer; the filter of system calls refuses any other."""
    try:
        return max(int(Path(f"/proc/sys/net/core/{name}_default").read_bytes()) for name in ("rmem", "wmem"))
    except OSError:
        return _DEFAULT_BUFFER


def _queued(init: int) -> int:
    """Bytes sent and not yet read in all TCP connections of a network namespace; see proc_net_tcp in the kernel."""
    queued = 0
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{init}/net/{table}").read_bytes().splitlines()[1:]:
                sent, _, received = line.split()[4].partition(b":")
                queued += int(sent, 16) + int(received, 16)
    return queued


def descendants(pid: int) -> Iterator[int]:
    """A process and all that descend from it, as long as their parents are there."""
    waiting = [pid]
    while waiting:
        yield (pid := waiting.pop())
        waiting += children(pid)


def children(pid: int) -> Iterator[int]:
    """The children of all threads of a process; none if it is gone. See children in proc_pid_task(5)."""
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - many, and often
            yield from map(int, Path(f"/proc/{pid}/task/{task}/children").read_bytes().split())


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; see statm in proc(5)."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _share(pid: int) -> int:
    """Bytes of memory that a process holds, each page divided by how many hold it; see smaps in proc_pid_smaps(5)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) << 10
    return _resident(pid)  # one that hides it from us is charged in full

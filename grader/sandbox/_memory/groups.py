"""A cgroup for each execution: made before its program starts, and gone when it has ended."""

from __future__ import annotations

import itertools
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from grader.model import Limits
from grader.sandbox._memory import homes

_SECONDS_TO_END = 1.0
_NEARLY_FULL = 4 << 20
"""Bytes: memory is taken in pieces of up to 2 MiB, and the one that doesn't fit any more isn't counted."""
_OWN_PROCESSES = 8
"""bubblewrap's own, and some to spare: the limit of processes that a program meets is set for its user."""
_ENTER = 'while [ -n "$1" ]; do echo 0 >"$1"; shift; done 2>/dev/null; shift; exec "$@"'
"""Arguments: files to write to, an empty one, and the program."""


class Groups:
    """Makes groups in one place, as long as that works.

    Args:
        prefix: what their names begin with.
    """

    def __init__(self, prefix: str) -> None:
        found = homes.find()
        self._home = found if isinstance(found, homes.Home) else None
        self.why_not = "" if isinstance(found, homes.Home) else found
        """Why there are none, in a few words; empty if there are."""
        self._prefix = prefix
        self._numbers = itertools.count(1)
        self._left: list[Group] = []

    @property
    def version(self) -> int | None:
        """Of the cgroups that are made; None if none are."""
        return self._home.version if self._home else None

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What the paths of all groups begin with, for whoever has to remove them in our place."""
        return tuple(str(folder / self._prefix) for folder in self._home.folders) if self._home else ()

    def make(self, limits: Limits, files: int) -> Group | None:
        """A group with these limits; None if there are none here.

        Args:
            limits: those of the execution.
            files: bytes that its files in memory may hold beside.
        """
        if self._home is None:
            return None
        name = f"{self._prefix}{next(self._numbers)}"
        group = Group(self._home.version, [folder / name for folder in self._home.folders], limits.memory)
        try:
            group.make(limits, files)
        except OSError as error:
            self.give_up(error)
            self.remove(group)
            return None
        return group

    def give_up(self, error: OSError) -> None:
        """Make no more groups, because of an error that isn't the execution's: what can be seen is counted."""
        self._home, self.why_not = None, f"one can't be used: {error}"

    def remove(self, group: Group) -> None:
        """Remove a group, and end whatever is still in it."""
        if not group.removed():
            self._left.append(group)

    def close(self) -> None:
        """Remove what could not be removed before."""
        self._left = [group for group in self._left if not group.removed()]


class Group:
    """The group of one execution: a folder for version 2, one for each controller for version 1.

    Args:
        version: of the cgroup file system.
        folders: where it is; memory first.
        limit: bytes that its processes may hold, files in memory apart.
    """

    def __init__(self, version: int, folders: list[Path], limit: int) -> None:
        self._version = version
        # Texts, since paths take longer to put together than the files take to read.
        self._folders = [str(folder) for folder in folders]
        self._limit = limit
        self._memory = self._folders[0]

    def make(self, limits: Limits, files: int) -> None:
        """Make the folders, and set the limits.

        Raises:
            OSError: that isn't possible.
        """
        for folder in self._folders:
            os.mkdir(folder)  # noqa: PTH102 - a text: see above
        if self._version == 1:
            self._limit_version_1(limits.memory + files)
        else:
            self._set("memory.max", limits.memory + files)
            self._set("memory.oom.group", 1)
            with suppress(FileNotFoundError):  # where the kernel doesn't count what is swapped out
                self._set("memory.swap.max", 0)
        for folder in self._folders:
            with suppress(FileNotFoundError):
                _write(f"{folder}/pids.max", limits.processes + _OWN_PROCESSES)

    def _limit_version_1(self, size: int) -> None:
        self._set("memory.limit_in_bytes", size)
        self._set("memory.kmem.tcp.limit_in_bytes", size)  # counted apart, and not at all without a limit
        try:
            self._set("memory.memsw.limit_in_bytes", size)
        except FileNotFoundError:  # where the kernel doesn't count what is swapped out
            self._set("memory.swappiness", 0)

    @property
    def way_in(self) -> tuple[str, ...]:
        """What to start a program with so that it enters the group itself, if that is of use; it may fail silently.

        In version 1 a thread that moves itself needs no lock. Who moves another process waits for all processors, some
        10 ms at times, and lets nobody start or end a process meanwhile; so does every move in version 2.
        """
        if self._version != 1:
            return ()
        return "/bin/sh", "-c", _ENTER, "sh", *(f"{folder}/tasks" for folder in self._folders), ""

    def enter(self, pid: int) -> None:
        """Take a process in, and all that it will start, as far as it isn't in there.

        Raises:
            OSError: that isn't possible; a `ProcessLookupError` if it has ended.
        """
        for folder in self._folders:
            if b"%d" % pid not in _read(f"{folder}/cgroup.procs").split():
                _write(f"{folder}/cgroup.procs", pid)

    def exceeded(self) -> bool:
        """Whether processes met the limit, or hold more than they may: pages of files are not theirs."""
        if self.met():
            return True
        if self._version == 1:
            held = int(self._get("memory.usage_in_bytes")) + int(self._get("memory.kmem.tcp.usage_in_bytes"))
            return held - self._count("memory.stat", b"cache") > self._limit
        return int(self._get("memory.current")) - self._count("memory.stat", b"file") > self._limit

    def met(self) -> bool:
        """Whether the kernel ended a process at this group's own limit, and not because the machine has no more."""
        if self._version == 1:
            return self._count("memory.oom_control", b"oom_kill") > 0 and self._full_version_1()
        return self._count("memory.events", b"oom_kill") > 0 and self._count("memory.events", b"oom") > 0

    def _full_version_1(self) -> bool:
        """Whether it was ever full; newer kernels don't count any more how often."""
        most = [self._get("memory.max_usage_in_bytes")]
        with suppress(FileNotFoundError):
            most.append(self._get("memory.memsw.max_usage_in_bytes"))
        return max(map(int, most)) + _NEARLY_FULL >= int(self._get("memory.limit_in_bytes"))

    def processor(self) -> float | None:
        """Seconds of processor time that its processes took, those that ended included; None if it isn't counted."""
        with suppress(OSError, ValueError):
            if self._version == 2:  # noqa: PLR2004 - of the file system
                return self._count("cpu.stat", b"usage_usec") / 1e6
            for folder in self._folders:
                with suppress(FileNotFoundError):
                    return int(_read(f"{folder}/cpuacct.usage")) / 1e9
        return None

    def kill(self) -> None:
        """End all processes of the group."""
        with suppress(OSError):
            if self._version == 1:
                self._kill_each()
                return
            try:
                self._set("cgroup.kill", 1)
            except OSError:  # before Linux 5.14; what is frozen starts nothing new
                self._set("cgroup.freeze", 1)
                self._kill_each()

    def _kill_each(self) -> None:
        for pid in map(int, self._get("cgroup.procs").split()):
            if pid > 0:  # 0 stands for those that aren't in our namespace, and means our own group to kill()
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def removed(self) -> bool:
        """Remove the group, and end whatever is still in it; whether it is gone."""
        deadline = time.monotonic() + _SECONDS_TO_END
        while not all(map(_gone, self._folders)):
            if time.monotonic() > deadline:
                return False
            self.kill()
            time.sleep(0.001)
        return True

    def _set(self, name: str, value: int) -> None:
        _write(f"{self._memory}/{name}", value)

    def _get(self, name: str) -> bytes:
        return _read(f"{self._memory}/{name}")

    def _count(self, name: str, key: bytes) -> int:
        """The number that stands after a word in a file of such lines."""
        words = self._get(name).split()
        return int(words[words.index(key) + 1]) if key in words else 0


def _read(file: str) -> bytes:
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 1 << 16)
    finally:
        os.close(descriptor)


def _write(file: str, value: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, b"%d" % value)
    finally:
        os.close(descriptor)


def _gone(folder: str) -> bool:
    try:
        os.rmdir(folder)  # noqa: PTH106 - a text: see above
    except FileNotFoundError:
        pass
    except OSError:
        return False
    return True

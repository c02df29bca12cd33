"""The `bubblewrap` tier: namespaces by `bwrap`, limits by `prlimit`, a system call filter, and never kernel uid 0.

Paths are the same inside and outside, so nothing has to be translated; only what a command names is there at all.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath
from threading import Condition, Event

from grader.errors import SandboxError
from grader.model import Command, Ending, Execution, Limits
from grader.sandbox import _programs, _seccomp
from grader.sandbox._cleanup import Cleaner, adopt_orphans, new_prefix
from grader.sandbox._launch import Launch
from grader.sandbox._memory.bound import Bound
from grader.sandbox._memory.groups import Groups
from grader.sandbox._process import SECONDS_TO_STOP
from grader.sandbox._usage import Meter, unmetered

# What a dynamically linked program needs of the system; /usr/lib is in /usr on every merged system.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_HOSTS = b"127.0.0.1 localhost\n::1 localhost\n"
_TEMPORARY, _TEMPORARY_BYTES = "/tmp", 64 << 20  # noqa: S108 - a mount of its own
_SHARED_MEMORY, _SHARED_MEMORY_BYTES = "/dev/shm", 16 << 20  # noqa: S108 - a mount of its own
_RESERVED_BYTES = 64 << 20
"""Addresses that the C library sets aside for the memory of each thread, nearly all of it never to be used."""
# Any uid that nobody has will do; the upper half of the 31-bit range is not used by login, container or system ranges.
_FIRST_UNUSED_UID, _UNUSED_UIDS = 0x40000000, 0x3FFF0000
_NOT_FOUND = 127
_NOT_EXECUTED = (126, _NOT_FOUND)


class BubblewrapSandbox:
    """Runs commands where they see nothing but what they name.

    Args:
        hidden: folders to cover, should one lie in what a command may read.
    """

    tier = "bubblewrap"
    at_once = None

    def __init__(self, hidden: tuple[Path, ...] = ()) -> None:
        self._as_root = os.geteuid() == 0
        self._programs = {name: _programs.find_needed(name) for name in _programs.needed(as_root=self._as_root)}
        place = _temporary_root()
        prefix = new_prefix()
        self._groups = Groups(prefix)
        self._cleaner = Cleaner(str(place / prefix), self._groups.prefixes)
        self._folder = tempfile.TemporaryDirectory(prefix=prefix, dir=place, ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        adopt_orphans()
        self._stopping = Event()
        self._hidden = hidden
        self._system, self._devices = tuple(_system_mounts()), tuple(_devices())
        # Uids of our own: executions can't signal or read those of another grading.
        self._first_uid = _FIRST_UNUSED_UID + secrets.randbelow(_UNUSED_UIDS) if self._as_root else os.geteuid()
        self._uids: list[int] = []
        """Of the executions under way."""
        self._changed = Condition()

    def run(self, command: Command, meter: Meter = unmetered) -> Execution:
        """Run the command; see `Sandbox.run`."""
        began = time.monotonic()
        with contextlib.ExitStack() as opened:
            uid = opened.enter_context(self._reserved_uid())
            trouble = _programs.cannot_start(command)
            if trouble:
                return Execution(command, Ending.EXITED, _NOT_FOUND, b"", trouble.encode("utf-8", "replace"), b"", 0.0)
            _programs.wait_until_written(command.argv[0])
            memory = opened.enter_context(contextlib.closing(self._bound(command)))
            launch = Launch(opened, self._stopping, memory)
            mounts = list(self._mounts(command, launch))
            argv = self._argv(command, uid, mounts, launch)
            ending, status = launch.run(argv, command, self._cleaner.mark, meter)
        stdout, stderr, report = (bytes(stream.received) for stream in launch.streams[:3])
        if status in _NOT_EXECUTED:
            stderr = stderr.removeprefix(b"prlimit: failed to execute ")
        return Execution(command, ending, status, stdout, stderr, report, time.monotonic() - began)

    def stop(self) -> None:
        """Kill whatever runs; see `Sandbox.stop`."""
        self._stopping.set()

    def close(self) -> None:
        """Stop, and remove the folder; see `Sandbox.close`."""
        self.stop()
        # A `run` that waited for them may have been interrupted, and bubblewrap that dies with us would leave orphans.
        with self._changed:
            all_ended = self._changed.wait_for(lambda: not self._uids, SECONDS_TO_STOP)
        self._groups.close()
        self._folder.cleanup()
        if all_ended:
            self._cleaner.dismiss()

    @property
    def memory(self) -> str:
        """What bounds the memory of many processes here, in a few words; true after a first execution."""
        version = self._groups.version
        if version is None:
            return f"by looking ten times a second: {self._groups.why_not}"
        return f"by a cgroup, version {version}"

    @contextlib.contextmanager
    def _reserved_uid(self) -> Iterator[int]:
        """A uid for one execution. Processes are counted by uid: none may be charged for another's."""
        with self._changed:
            if self._stopping.is_set():
                raise SandboxError("The sandbox was stopped.")
            uid = next(uid for uid in itertools.count(self._first_uid) if not self._as_root or uid not in self._uids)
            self._uids.append(uid)
        try:
            yield uid
        finally:
            with self._changed:
                self._uids.remove(uid)
                self._changed.notify_all()

    def _bound(self, command: Command) -> Bound:
        files = {_TEMPORARY: _TEMPORARY_BYTES, _SHARED_MEMORY: _SHARED_MEMORY_BYTES}
        files |= dict.fromkeys(map(str, command.scratch), command.limits.disk)
        return Bound(self._groups, command.limits, files)

    def _argv(self, command: Command, uid: int, mounts: list[str], launch: Launch) -> list[str]:
        filter_ = _seccomp.program()
        options = [*self._namespaces(), *mounts, "--chdir", str(command.cwd), "--clearenv"]
        for name, value in command.env.items():
            options += ["--setenv", name, value]
        if filter_ is not None:
            options += ["--seccomp", str(launch.lend(filter_))]
        options += ["--json-status-fd", str(launch.status_descriptor)]
        if launch.go_descriptor is not None:
            options += ["--block-fd", str(launch.go_descriptor)]
        inside = [*self._drop_privileges(uid), *self._limits(command.limits), *command.argv]
        # Options go through a descriptor: what bwrap was started with stays readable in its /proc entry.
        arguments = launch.lend(os.fsencode("\0".join([*options, ""])))
        program = [str(launch.report_descriptor) if argument == "{report}" else argument for argument in inside]
        return [self._programs["bwrap"], "--args", str(arguments), "--", *program]

    def _namespaces(self) -> list[str]:
        options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        options += ["--hostname", "localhost"]
        options += ["--die-with-parent", "--new-session"]
        if self._as_root:
            # In a user namespace root would stay kernel uid 0, which limits and many files of /proc/sys do not stop.
            options += ["--cap-drop", "ALL"]
            for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
                options += ["--cap-add", capability]
            return options
        return [*options, "--unshare-user", "--disable-userns"]

    def _drop_privileges(self, uid: int) -> list[str]:
        if not self._as_root:
            return []
        drop = ["--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
        return [self._programs["setpriv"], f"--reuid={uid}", f"--regid={uid}", *drop, "--"]

    def _limits(self, limits: Limits) -> list[str]:
        # Inside, so that processes are counted for the dropped uid or the user namespace only.
        return [
            self._programs["prlimit"],
            f"--data={limits.memory}",
            f"--as={limits.memory + limits.processes * _RESERVED_BYTES}",
            f"--nproc={limits.processes}",
            f"--fsize={limits.file_size}",
            f"--cpu={limits.cpu}",
            f"--nofile={limits.open_files}",
            "--core=0",
            f"--stack={8 << 20}",
            "--memlock=0",
            "--msgqueue=0",
            "--",
        ]

    def _mounts(self, command: Command, launch: Launch) -> Iterator[str]:
        yield from self._system
        yield from ("--perms", "0444", "--file", str(launch.lend(_HOSTS)), "/etc/hosts")
        # The owner of a user namespace may turn the switches of what else is in it.
        yield from ("--perms", "0755", "--dir", "/proc") if command.sealed else ("--proc", "/proc")
        yield from ("--ro-bind", "/proc/sys", "/proc/sys", *self._devices)
        yield from _temporary(_SHARED_MEMORY, _SHARED_MEMORY_BYTES)
        yield from _temporary(_TEMPORARY, _TEMPORARY_BYTES)
        made = {PurePosixPath("/"), PurePosixPath("/etc"), PurePosixPath(_TEMPORARY)}
        kinds = dict.fromkeys(command.reads, "--ro-bind-fd") | dict.fromkeys(command.scratch, "--tmpfs")
        for path in sorted(kinds, key=lambda path: len(path.parts)):
            if _inside(path, ("/usr",)) and kinds[path] == "--ro-bind-fd":
                continue  # seen already
            yield from _folder(PurePosixPath(path.parent), made)
            if kinds[path] == "--tmpfs":
                yield from _temporary(str(path), command.limits.disk)
            else:
                yield from (kinds[path], str(launch.lend_folder(path)), str(path))
        for hidden in self._hidden:
            if _inside(hidden, ("/usr", *command.reads)) and hidden.exists():
                yield from ("--perms", "0555", "--size", "4096", "--tmpfs", str(hidden), "--remount-ro", str(hidden))
        if not command.sealed:  # the namespace's init is bubblewrap itself
            yield from ("--perms", "0555", "--size", "4096", "--tmpfs", "/proc/1", "--remount-ro", "/proc/1")
        yield from ("--remount-ro", "/dev", "--remount-ro", "/")


def _system_mounts() -> Iterator[str]:
    """The system's programs, libraries and settings, which are the same for every execution."""
    for system in _SYSTEM:
        if os.path.islink(system):  # noqa: PTH114 - a string all the way
            yield from ("--symlink", os.readlink(system), system)  # noqa: PTH115 - as above
        elif os.path.isdir(system):  # noqa: PTH112 - as above
            yield from ("--ro-bind", system, system)
    yield from ("--perms", "0755", "--dir", "/etc")
    for settings in _SETTINGS:
        yield from ("--ro-bind-try", settings, settings)


def _temporary_root() -> Path:
    """Where temporary folders go.

    What is named is taken if it will do: Python tries it by a file of its own, which a SIGKILL just then leaves there.
    """
    named = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - names in it are not to be guessed
    will_do = Path(named).is_dir() and os.access(named, os.W_OK | os.X_OK)
    return Path(named if will_do else tempfile.gettempdir()).resolve()


def _folder(path: PurePosixPath, made: set[PurePosixPath]) -> Iterator[str]:
    """Make a folder and its parents readable for all: bubblewrap run by root would keep them to root."""
    if path in made:
        return
    if not _inside(path, ("/usr",)):
        yield from _folder(path.parent, made)
        yield from ("--perms", "0755", "--dir", str(path))
    made.add(path)


def _temporary(path: str, size: int) -> tuple[str, ...]:
    return ("--perms", "1777", "--size", str(size), "--tmpfs", path)


def _devices() -> Iterator[str]:
    """As bubblewrap's own `--dev`, but for pseudo-terminals: all sandboxes share the machine's stock of those."""
    yield from ("--perms", "0755", "--tmpfs", "/dev")
    for name in _DEVICES:
        yield from ("--dev-bind", f"/dev/{name}", f"/dev/{name}")
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        yield from ("--symlink", f"/proc/self/fd/{descriptor}", f"/dev/{name}")
    yield from ("--symlink", "/proc/self/fd", "/dev/fd")


def _inside(path: PurePath, folders: tuple[object, ...]) -> bool:
    return any(path.is_relative_to(str(folder)) for folder in folders)

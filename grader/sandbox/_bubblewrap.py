"""The `bubblewrap` tier: namespaces by `bwrap`, limits by `prlimit`, a system call filter, and never kernel uid 0.

Paths are the same inside and outside, so nothing has to be translated; only what a command names is there at all.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess  # noqa: TID251 - this is where processes start
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from threading import Event

from grader.errors import SandboxError
from grader.model import Command, Ending, Execution, Limits
from grader.sandbox import _seccomp
from grader.sandbox._streams import Stream, Watch

# What a dynamically linked program needs of the system; /usr/lib is in /usr on every merged system.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime")
_PROGRAMS = ("bwrap", "prlimit", "setpriv")
_TEMPORARY_BYTES = 64 << 20
_SHARED_MEMORY_BYTES = 16 << 20
# Any uid that nobody has will do; the upper half of the 31-bit range is not used by login, container or system ranges.
_FIRST_UNUSED_UID = 0x40000000
_KILL_GRACE = 1.0
"""Seconds to wait for bubblewrap to name the child that has to be killed."""
_NOT_EXECUTED = (126, 127)
_STATUS_CAP = 1 << 16


class BubblewrapSandbox:
    """Runs commands where they see nothing but what they name.

    Args:
        hidden: folders to cover, should one lie in what a command may read.
    """

    tier = "bubblewrap"

    def __init__(self, hidden: tuple[Path, ...] = ()) -> None:
        self._programs = {name: _find(name) for name in _PROGRAMS}
        self._stopping = Event()
        self._hidden = hidden
        self._as_root = os.geteuid() == 0
        # One uid for each sandbox: its executions can't count against, signal or read those of another grading.
        self._uid = _FIRST_UNUSED_UID + secrets.randbelow(0x3FFFFFFF) if self._as_root else os.geteuid()

    def run(self, command: Command) -> Execution:
        """Run the command; see `Sandbox.run`."""
        if self._as_root:
            for folder in command.writes:
                _give(folder, self._uid)
        began = time.monotonic()
        launch = _Launch(self._stopping)
        with contextlib.ExitStack() as opened:
            mounts = list(self._mounts(command, opened, launch))
            ending, status = launch.run(self._argv(command, mounts, launch), command)
        stdout, stderr, report = (bytes(stream.received) for stream in launch.streams[:3])
        if status in _NOT_EXECUTED:
            stderr = stderr.removeprefix(b"prlimit: failed to execute ")
        return Execution(command, ending, status, stdout, stderr, report, time.monotonic() - began)

    def close(self) -> None:
        """Kill whatever still runs."""
        self._stopping.set()

    def _argv(self, command: Command, mounts: list[str], launch: _Launch) -> list[str]:
        filter_ = _seccomp.program()
        options = [*self._namespaces(), *mounts, "--chdir", str(command.cwd), "--clearenv"]
        for name, value in command.env.items():
            options += ["--setenv", name, value]
        if filter_ is not None:
            options += ["--seccomp", str(launch.lend(filter_))]
        options += ["--json-status-fd", str(launch.status_descriptor)]
        inside = [*self._drop_privileges(), *self._limits(command.limits), *command.argv]
        # Options go through a descriptor: what bwrap was started with stays readable in its /proc entry.
        arguments = launch.lend("\0".join([*options, ""]).encode("utf-8", "surrogateescape"))
        program = [argument.replace("{report}", str(launch.report_descriptor)) for argument in inside]
        return [self._programs["bwrap"], "--args", str(arguments), "--", *program]

    def _namespaces(self) -> list[str]:
        options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        options += ["--die-with-parent", "--new-session"]
        if self._as_root:
            # In a user namespace root would stay kernel uid 0, whom limits and many files of /proc/sys do not stop.
            options += ["--cap-drop", "ALL"]
            for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
                options += ["--cap-add", capability]
            return options
        return [*options, "--unshare-user", "--disable-userns"]

    def _drop_privileges(self) -> list[str]:
        if not self._as_root:
            return []
        uid = str(self._uid)
        drop = ["--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
        return [self._programs["setpriv"], "--reuid", uid, "--regid", uid, *drop, "--"]

    def _limits(self, limits: Limits) -> list[str]:
        # Inside, so that processes are counted for the dropped uid or the user namespace only.
        return [
            self._programs["prlimit"],
            f"--as={limits.memory}",
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

    def _mounts(self, command: Command, opened: contextlib.ExitStack, launch: _Launch) -> Iterator[str]:
        made: set[PurePosixPath] = {PurePosixPath("/")}
        for system in _SYSTEM:
            if os.path.islink(system):  # noqa: PTH114 - a string all the way
                yield from ("--symlink", os.readlink(system), system)  # noqa: PTH115
            elif os.path.isdir(system):  # noqa: PTH112
                yield from ("--ro-bind", system, system)
        yield from _folder(PurePosixPath("/etc"), made)
        for settings in _SETTINGS:
            yield from ("--ro-bind-try", settings, settings)
        yield from ("--proc", "/proc", "--dev", "/dev")
        yield from _temporary("/dev/shm", _SHARED_MEMORY_BYTES)  # noqa: S108 - a mount of its own
        yield from _temporary("/tmp", _TEMPORARY_BYTES)  # noqa: S108
        made.add(PurePosixPath("/tmp"))  # noqa: S108
        binds = dict.fromkeys(command.reads, "--ro-bind-fd") | dict.fromkeys(command.writes, "--bind-fd")
        kinds = binds | dict.fromkeys(command.scratch, "--tmpfs")
        for path in sorted(kinds, key=lambda path: len(path.parts)):
            if _inside(path, ("/usr",)) and kinds[path] == "--ro-bind-fd":
                continue  # seen already
            yield from _folder(PurePosixPath(path.parent), made)
            if kinds[path] == "--tmpfs":
                yield from _temporary(str(path), command.limits.disk)
            else:
                yield from (kinds[path], str(launch.keep(_open_folder(path, opened))), str(path))
        for hidden in self._hidden:
            if _inside(hidden, ("/usr", *binds)) and hidden.exists():
                yield from ("--perms", "0555", "--size", "4096", "--tmpfs", str(hidden), "--remount-ro", str(hidden))
        # The namespace's init is bubblewrap itself.
        yield from ("--perms", "0555", "--size", "4096", "--tmpfs", "/proc/1", "--remount-ro", "/proc/1")
        yield from ("--remount-ro", "/dev", "--remount-ro", "/")


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


def _inside(path: PurePath, folders: tuple[object, ...]) -> bool:
    return any(path.is_relative_to(str(folder)) for folder in folders)


def _open_folder(path: Path, opened: contextlib.ExitStack) -> int:
    """Open without following a link, so that what is bound is the folder that was checked."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise SandboxError(f"{path} can't be shown to an execution: {error.strerror}.") from error
    opened.callback(os.close, descriptor)
    return descriptor


def _give(folder: Path, uid: int) -> None:
    """Make a folder and all in it that uid's own."""
    os.chown(folder, uid, uid, follow_symlinks=False)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(parent, name), uid, uid, follow_symlinks=False)  # noqa: PTH118 - names may be hostile bytes


def _find(program: str) -> str:
    found = shutil.which(
        program, path=os.environ.get("PATH", os.defpath) + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    )
    if found is None:
        package = "bubblewrap" if program == "bwrap" else "util-linux"
        raise SandboxError(f"the program {program} is missing; install your system's package {package}.")
    return found


@dataclass
class _Launch:
    """The descriptors and the life of one bubblewrap process."""

    stopping: Event
    streams: tuple[Stream, ...] = ()
    _lent: list[int] = field(default_factory=list)
    _kept: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        pipes = [os.pipe() for _ in range(4)]
        self._read_ends = [read for read, _ in pipes]
        self._stdout, self._stderr, self.report_descriptor, self.status_descriptor = (write for _, write in pipes)

    def lend(self, content: bytes) -> int:
        """A descriptor from which the child reads that content."""
        read, write = os.pipe()
        os.write(write, content)
        os.close(write)
        self._lent.append(read)
        return read

    def keep(self, descriptor: int) -> int:
        """Let the child inherit a descriptor that somebody else closes."""
        self._kept.append(descriptor)
        return descriptor

    def run(self, argv: list[str], command: Command) -> tuple[Ending, int]:
        ours = [*self._lent, self.status_descriptor, self.report_descriptor]
        passed = ours if command.report else [*self._lent, self.status_descriptor]
        try:
            process = subprocess.Popen(
                argv,
                env={},
                cwd="/",
                stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
                stdout=self._stdout,
                stderr=self._stderr,
                pass_fds=(*passed, *self._kept),
                start_new_session=True,
            )
        except OSError as error:
            for descriptor in self._read_ends:
                os.close(descriptor)
            raise SandboxError(f"bubblewrap could not be started: {error.strerror}.") from error
        finally:
            for descriptor in (*ours, self._stdout, self._stderr):
                os.close(descriptor)
        caps = (command.limits.output,) * 3 + (_STATUS_CAP,)
        self.streams = tuple(Stream(end, cap) for end, cap in zip(self._read_ends, caps, strict=True))
        return self._watch(process, command)

    def _watch(self, process: subprocess.Popen[bytes], command: Command) -> tuple[Ending, int]:
        watch = Watch(process, self.streams, command.stdin)
        ending: Ending | None = None
        try:
            ending = watch.until_end(command.limits, self.stopping, self._memory_held)
        finally:
            if ending is not Ending.EXITED:
                self._kill(process, watch)
            process.wait()
            watch.drain()
        if ending is None:
            raise SandboxError("The execution was stopped because the grading was.")
        if ending is not Ending.EXITED:
            return ending, 128 + signal.SIGKILL
        return ending, self._exit_code()

    def _kill(self, process: subprocess.Popen[bytes], watch: Watch) -> None:
        """Kill the namespace's init, and with it all processes in there; only then bubblewrap itself.

        The other way round, init is left an orphan if bubblewrap dies before it has tied the two together.
        """
        deadline = time.monotonic() + _KILL_GRACE
        while self._child() is None and process.poll() is None and time.monotonic() < deadline:
            watch.look(0.01)
        child = self._child()
        if child is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                descriptor = os.pidfd_open(child)
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
                os.close(descriptor)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _status(self) -> dict[str, int]:
        """What bubblewrap said so far, in whole lines of JSON."""
        said: dict[str, int] = {}
        for line in bytes(self.streams[3].received).split(b"\n")[:-1]:
            said.update(json.loads(line))
        return said

    def _child(self) -> int | None:
        return self._status().get("child-pid")

    def _exit_code(self) -> int:
        code = self._status().get("exit-code")
        if code is None:
            said = bytes(self.streams[1].received).decode("utf-8", "replace").strip()
            raise SandboxError(f"bubblewrap could not run the program: {said or 'it gave no reason.'}")
        return code

    def _memory_held(self) -> int:
        child = self._child()
        return 0 if child is None else sum(map(_resident, _descendants(child)))


def _descendants(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - many, and often
            with open(f"/proc/{pid}/task/{task}/children", "rb") as children:  # noqa: PTH123
                for child in children.read().split():
                    yield from _descendants(int(child))


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; see statm in proc(5)."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/statm", "rb") as statm:  # noqa: PTH123
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def self_check() -> str | None:
    """Run a real program in a real sandbox; a sentence if that fails, None if it works."""
    if _seccomp.program() is None:
        return "no system call filter is known for this processor."
    with tempfile.TemporaryDirectory(prefix="kata-") as folder:
        scratch = Path(folder).resolve() / "empty"
        look = "id -u; test -e /proc/1/environ || echo hidden; touch made && echo writable"
        command = Command(("/bin/sh", "-c", look), scratch, {}, scratch=(scratch,), limits=Limits(wall=5.0))
        try:
            seen = BubblewrapSandbox().run(command)
        except SandboxError as error:
            return str(error)
    uid, *facts = seen.stdout.decode("utf-8", "replace").split() or [""]
    if seen.status == 0 and uid not in ("", "0") and facts == ["hidden", "writable"]:
        return None
    said = seen.stderr.decode("utf-8", "replace").strip() or f"it said {seen.stdout!r}"
    return f"its self-check failed with status {seen.status}: {said}"

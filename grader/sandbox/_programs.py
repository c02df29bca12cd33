"""Programs: those that the sandbox needs, and whether that of a command can be started."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
import time
from contextlib import suppress

from grader.errors import SandboxError
from grader.model import Command

_SECONDS_TO_WRITE = 5.0


def cannot_start(command: Command) -> str:
    """Why no system could start that, as a shell would say it; empty if there is no such reason.

    A learner may have removed the folder that a check starts in; that is not the sandbox's fault.
    """
    words = [*command.argv, *command.env, *command.env.values(), str(command.cwd)]
    try:
        if any("\0" in word for word in words):
            return f"{command.argv[0]}: an argument or variable holds a null character"
        for word in words:
            os.fsencode(word)
    except UnicodeEncodeError as error:
        return f"{command.argv[0]}: {error}"
    if command.cwd not in command.scratch and not command.cwd.is_dir():
        return f"{command.cwd}: No such folder"
    return ""


def needed(*, as_root: bool) -> tuple[str, ...]:
    """The programs without which there is no sandbox."""
    return ("bwrap", "prlimit", "setpriv") if as_root else ("bwrap", "prlimit")


def find(program: str) -> str | None:
    """Where a program is, on the path or where systems have it."""
    return shutil.which(
        program, path=os.environ.get("PATH", os.defpath) + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    )


def find_needed(program: str) -> str:
    """Where a program is without which there is no sandbox.

    Raises:
        SandboxError: it is missing.
    """
    found = find(program)
    if found is None:
        raise SandboxError(f"The program {program} is missing.")
    return found


def wait_until_written(program: str) -> None:
    """Wait until no process has a program's file open for writing: until then the system can't start it.

    We wrote it, and closed it, but another thread may have started a process since, which has a copy of our descriptor
    until it runs its own program. The answer comes from the kernel: only of a file that nobody writes can one have a
    lease for reading (see F_SETLEASE in fcntl(2)). What the program says afterwards proves nothing.

    Raises:
        SandboxError: somebody keeps it open.
    """
    if sys.platform != "linux":
        return
    import fcntl  # not on Windows

    # A link leads to an interpreter, which is older than we are; a pipe or a device can't be started anyway.
    with suppress(OSError, ValueError):
        descriptor = os.open(program, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # the usual one, SIGIO, would end us
            deadline = time.monotonic() + _SECONDS_TO_WRITE
            while not _leased(descriptor):
                if time.monotonic() > deadline:
                    raise SandboxError(f"{program} can't be started: a process keeps it open for writing.")
                time.sleep(0.001)
        finally:
            os.close(descriptor)  # which gives the lease back


def _leased(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return False
    except OSError:  # not our file, or a file system without leases: others than us don't write it just now
        pass
    return True

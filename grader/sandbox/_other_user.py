"""Let the `process` tier run executions as another user, where the judge is root in somebody else's container.

Such containers forbid namespaces, so there is no bubblewrap. What is left is the oldest border of all: files that only
root may read stay unread, processes of others unkilled, and what runs on in the background is found by its user.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from grader.errors import SandboxError

VARIABLE = "KATA_LEARNER_UID"
"""An environment variable: the first of a thousand user ids that nobody else has. Unset: no other user is taken."""
_COUNT = 1000
_WHAT_TO_DO = "take an interpreter that all can use, and let KATA_CACHE be a folder that all can read"
_MAX_ROUNDS = 100


def configured_uid() -> int | None:
    """The user id for this judge's executions; None if they run as the judge's own.

    Raises:
        SandboxError: the variable is set, and can't be followed.
    """
    text = os.environ.get(VARIABLE)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < (1 << 31) - _COUNT):
        raise SandboxError(f"{VARIABLE} is {text!r}, which is no user id; set a number like 30000.")
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("setpriv") is None:
        raise SandboxError(f"{VARIABLE} needs root and setpriv (util-linux); be root, or unset it.")
    return int(text) + os.getpid() % _COUNT


def setpriv_command(uid: int) -> tuple[str, ...]:
    """What stands before a command line so that it runs as that user, without a group or a way back."""
    drop = ("--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--")
    return (shutil.which("setpriv") or "setpriv", f"--reuid={uid}", f"--regid={uid}", *drop)


def grant_access(uid: int, top: Path, reads: Iterable[Path], scratch: Iterable[Path]) -> None:
    """Let the user pass to what a command names below a folder of ours, and have its scratch folders.

    Raises:
        SandboxError: something lies where the user can't come to it; that isn't the learner's fault.
    """
    scratch = tuple(scratch)
    for path in (*reads, *scratch):
        for folder in path.parents:
            mode = folder.stat().st_mode
            if folder.is_relative_to(top):
                folder.chmod(mode | 0o011)
            elif not mode & stat.S_IXOTH:
                raise SandboxError(f"{path} lies in {folder}, which other users can't pass; {_WHAT_TO_DO}.")
    for folder in scratch:
        os.chown(folder, uid, uid)


def kill_all(uid: int) -> None:
    """Kill whatever still runs as that user, however it is related to us.

    Raises:
        SandboxError: something came back again and again.
    """
    for _ in range(_MAX_ROUNDS):
        found = list(_processes(uid))
        if not found:
            return
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    raise SandboxError("Processes of an execution multiply faster than they can be ended; start the container anew.")


def _processes(uid: int) -> Iterable[int]:
    """Those that run; the dead, who wait for their parent to look after them, do no harm."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if entry.stat().st_uid == uid and _is_running(entry):
                    yield int(entry.name)


def _is_running(entry: Path) -> bool:
    return (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] not in ("Z", "X")

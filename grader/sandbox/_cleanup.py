"""Clean up what bubblewrap leaves: processes that have ended, and everything else if the judge is killed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import subprocess  # noqa: TID251 - it outlives us

_SET_CHILD_SUBREAPER = 36
"""Of linux/prctl.h."""

# $1: the mark. $2: what the folder's path begins with. The others: the same of cgroups. Ends at once when told that all
# is well, and goes to work when nobody is left to tell. What was being started just then has the mark a moment later:
# hence several rounds.
_SCRIPT = """
read -r word && exit
mark=$1 folder=$2
shift 2
for pause in 0 0.1 0.3 1; do
    sleep $pause
    while found=$(grep -lsaF -- "$mark" /proc/[0-9]*/environ); [ -n "$found" ]; do
        for file in $found; do
            pid=${file#/proc/}
            kill -9 "${pid%/environ}"
        done
    done
    for prefix; do
        for group in "$prefix"*; do
            [ -d "$group" ] || continue
            while read -r pid; do
                [ "$pid" -gt 0 ] && kill -9 "$pid"
            done <"$group/cgroup.procs"
            until rmdir "$group" || [ $((tries += 1)) -gt 20 ]; do sleep 0.01; done
        done
    done
    rm -rf -- "$folder"*
done
"""


def new_prefix() -> str:
    """What the names of all that is to be removed with us have to begin with; nobody else's do."""
    return f"kata-{secrets.token_hex(6)}-"


class Cleaner:
    """Waits for our end; if it comes unannounced, kills what we started and removes our folder and our cgroups.

    bubblewrap ties its processes to its parent's life, but a few instants after they start; killed before, it leaves
    them waiting for ever. They are known by a mark in the environment that they were started with, which no execution
    sees.

    Args:
        folder: what the path of the folder begins with; it is made when somebody already waits for our end.
        groups: what the paths of cgroups begin with.
    """

    def __init__(self, folder: str, groups: tuple[str, ...]) -> None:
        name = f"KATA_{secrets.token_hex(8)}"
        self.mark = {name: "1"}
        """To be in the environment of everything that is to end with us."""
        # In a session of its own: what kills all of our process group is to leave it alone.
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "sh", f"{name}=", folder, *groups],
            env={"PATH": os.defpath},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """Say that all has been cleaned up."""
        if self._process.poll() is None:
            with contextlib.suppress(OSError):
                self._process.communicate(b"done\n")


def adopt_orphans() -> None:
    """Let what bubblewrap leaves, the inits of its namespaces, become children of this process.

    The kernel keeps a process that has ended until its parent asks how. These lose their parent, bubblewrap, and the
    first process of a container often never asks: there, one more would stay in the table after each execution.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

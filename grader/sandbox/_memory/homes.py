"""Find where cgroups can be made for executions: below which folder of a cgroup file system, of which version.

Version 2 has one tree for all controllers. There, processes and controllers don't go together: a group whose children
have limits holds no process itself. So the groups of executions are made beside ours, in the nearest group above that
limits its children already, or that was delegated to us. Version 1 has a tree for each controller, and they are made
below ours. See cgroups(7), and Documentation/admin-guide/cgroup-v2.rst in the kernel.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

VARIABLE = "KATA_CGROUPS"
"""An environment variable: `off` has memory counted by looking, also where there is a cgroup to use."""

_CONTROLLERS = ("memory", "pids", "cpu")
"""The first is the one without which there is no use in a group."""
_COUNTING = "cpuacct"
"""The controller of version 1 that counts processor time, often in one tree with `cpu`; version 2 counts it always."""
_OURS = "kata-processes"
"""The group for the processes that were in a delegated group when it got children with limits."""
_ROUNDS = 20
_DELEGATE = (
    "none is delegated to this process; `systemd-run --user --scope --property=Delegate=yes kata …` starts it with one"
)


class Home(NamedTuple):
    """Where groups are made."""

    version: int
    folders: tuple[Path, ...]
    """One for version 2. For version 1 one for each controller, memory first."""


class _Mount(NamedTuple):
    """A cgroup file system."""

    version: int
    place: Path
    top: str
    """The group that its root folder shows."""
    controllers: frozenset[str]
    """For version 1."""


@functools.cache
def find() -> Home | str:
    """Where this process can make groups that limit memory; if nowhere, why, in a few words."""
    if os.environ.get(VARIABLE) == "off":
        return f"{VARIABLE} is off"
    own = _own_groups()
    mounts = list(_mounts(Path("/proc/self/mountinfo").read_text()))
    trees = [mount for mount in mounts if "memory" in _words(mount.place / "cgroup.controllers")]
    for mount in trees:
        home = _of_version_2(mount, own.get("", ""))
        if home is not None:
            return Home(2, (home,))
    folders = tuple(_of_version_1(mounts, own))
    if folders:
        return Home(1, folders)
    return _DELEGATE if trees else "no cgroup file system can be written to here"


def _own_groups() -> dict[str, str]:
    """The groups of this process by controller, that of version 2 by the empty name."""
    found = {}
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            found.update(dict.fromkeys(controllers.split(","), path))
    return found


def _mounts(text: str) -> Iterator[_Mount]:
    """The cgroup file systems that can be written to, among all mounts; see proc_pid_mountinfo(5)."""
    for line in text.splitlines():
        ours, _, its = line.partition(" - ")
        _, _, _, top, place, here, *_ = ours.split()
        kind, _, options = its.split(" ", 2)
        if "ro" in (*here.split(","), *options.split(",")):
            continue
        path = Path(re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), place))
        if kind == "cgroup2":
            yield _Mount(2, path, top, frozenset())
        elif kind == "cgroup":
            yield _Mount(1, path, top, frozenset(options.split(",")))


def _folder(mount: _Mount, group: str) -> Path | None:
    """The folder of a group; None if the mount doesn't show it."""
    with suppress(ValueError):
        folder = mount.place / Path(group).relative_to(mount.top)
        return folder if ".." not in folder.parts and folder.is_dir() else None
    return None


def _of_version_1(mounts: list[_Mount], own: dict[str, str]) -> Iterator[Path]:
    """The folder of our own group in the tree of each controller; nothing without that of memory."""
    found: list[Path] = []
    for controller in (*_CONTROLLERS, _COUNTING):
        for mount in mounts:
            folder = _folder(mount, own.get(controller, ""))
            if controller in mount.controllers and folder is not None and os.access(folder, os.W_OK):
                if folder not in found:
                    found.append(folder)
                    yield folder
                break
        else:
            if controller == "memory":
                return


def _of_version_2(mount: _Mount, group: str) -> Path | None:
    """The nearest group above or at our own in which groups with limits can be made."""
    own = _folder(mount, group)
    if own is None:
        return None
    for folder in (own, *own.parents):
        if not folder.is_relative_to(mount.place) or not os.access(folder / "cgroup.procs", os.W_OK):
            return None
        if "memory" in _words(folder / "cgroup.subtree_control"):
            return folder if os.access(folder, os.W_OK) else None
        if folder == mount.place or _delegated(folder):
            return folder if _arranged(folder, own) else None
    return None


def _delegated(folder: Path) -> bool:
    """Whether systemd gave that group away; see "Delegation" in systemd's docs/CGROUP_DELEGATION.md."""
    for name in ("user.delegate", "trusted.delegate"):
        with suppress(OSError):
            if os.getxattr(folder, name) == b"1":
                return True
    return False


def _arranged(folder: Path, own: Path) -> bool:
    """Have a group's children limited, after its processes were moved to one of them; whether that worked."""
    try:
        for _ in range(_ROUNDS):
            # The root of the whole machine, which has no events, may have both processes and children with limits.
            if folder == own and (folder / "cgroup.events").exists():
                _move(folder, folder / _OURS)
            with suppress(BlockingIOError, OSError):
                (folder / "cgroup.subtree_control").write_text("+memory")
                break
        for controller in _CONTROLLERS[1:]:
            with suppress(OSError):
                (folder / "cgroup.subtree_control").write_text(f"+{controller}")
    except OSError:
        return False
    return "memory" in _words(folder / "cgroup.subtree_control")


def _move(group: Path, below: Path) -> None:
    below.mkdir(exist_ok=True)
    for pid in _words(group / "cgroup.procs"):
        with suppress(ProcessLookupError):
            (below / "cgroup.procs").write_text(pid)


def _words(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:
        return []

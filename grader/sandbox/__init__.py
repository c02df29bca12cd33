"""Run one program of the learner's side, confined and bounded.

`choose` gives the best tier that works here; everything else in the program knows a `Sandbox` only by its members.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from grader.errors import SandboxError, UsageError
from grader.model import Command, Ending, Execution
from grader.sandbox._process import ProcessSandbox
from grader.sandbox._usage import Meter, unmetered

if TYPE_CHECKING:
    from grader.sandbox._trouble import Trouble

REPORT = "{report}"
"""Stands in a command's arguments for the number of the report channel's descriptor."""

TIERS = ("bubblewrap", "process")
"""Best first."""


class Sandbox(Protocol):
    """A way of running commands."""

    tier: str
    folder: Path
    """A folder for the caller's own files; gone when it is closed, and also when this process is killed."""

    @property
    def at_once(self) -> int | None:
        """How many commands run at the same time, if the tier limits that; others wait in `run`."""

    def run(self, command: Command, meter: Meter = unmetered) -> Execution:
        """Run the command to its end, or to the first limit that it meets, and leave no process of it behind.

        Args:
            command: what to run.
            meter: is told what the command takes, and says when that is enough.

        Raises:
            SandboxError: the program could not be started, or its end could not be observed.
        """

    def close(self) -> None:
        """Stop for good, wait until nothing runs any more, and remove the folder."""

    def stop(self) -> None:
        """Kill whatever runs: each `run` under way raises `SandboxError`, and each later one."""


def choose(tier: str = "auto", *, hidden: tuple[Path, ...] = ()) -> Sandbox:
    """Open a sandbox.

    Args:
        tier: one of `TIERS`, or `auto` for the best that passes its self-check.
        hidden: folders that no execution may see into, wherever they lie (the hidden checks, the solutions).

    Raises:
        UsageError: there is no tier of that name.
        SandboxError: the tier asked for does not work here; says why.
    """
    if resolve_tier(tier) == "process":
        return ProcessSandbox()
    from grader.sandbox._bubblewrap import BubblewrapSandbox  # exists on Linux only

    return BubblewrapSandbox(hidden)


def resolve_tier(tier: str) -> str:
    """The tier that `choose` takes; give this one to other processes, so that `auto` means the same to all.

    Raises:
        UsageError: there is no tier of that name.
        SandboxError: the tier asked for does not work here; says why.
    """
    if tier not in (*TIERS, "auto"):
        raise UsageError(f"There is no sandbox tier {tier!r}; choose one of auto, {', '.join(TIERS)}.")
    why_not = None if tier == "process" else trouble()
    if tier == "bubblewrap" and why_not:
        raise SandboxError(f"The bubblewrap sandbox does not work here: {why_not}")
    return "process" if tier == "process" or why_not else "bubblewrap"


def why_not_bubblewrap() -> str | None:
    """Why the `bubblewrap` tier can't be used on this machine, and what to do; None if its self-check passed."""
    found = trouble()
    return None if found is None else str(found)


def memory_bound() -> str:
    """How the memory of all processes of an execution is bounded in the `bubblewrap` tier, found by an execution.

    Raises:
        SandboxError: that tier does not work here.
    """
    from grader.sandbox._bubblewrap import BubblewrapSandbox  # exists on Linux only

    with contextlib.closing(BubblewrapSandbox()) as sandbox:
        empty = sandbox.folder / "empty"
        sandbox.run(Command(("/bin/true",), empty, {}, scratch=(empty,)))
        return sandbox.memory


@functools.cache
def trouble() -> Trouble | None:
    """What keeps the `bubblewrap` tier from being used on this machine; None if its self-check passed."""
    if sys.platform != "linux":
        from grader.sandbox._trouble import Trouble

        return Trouble("it needs Linux", "The process tier is the only one on this system.")
    from grader.sandbox import _self_check  # exists on Linux only

    return _self_check.self_check()


__all__ = [
    "REPORT",
    "TIERS",
    "Command",
    "Ending",
    "Execution",
    "Meter",
    "Sandbox",
    "choose",
    "memory_bound",
    "resolve_tier",
    "trouble",
    "why_not_bubblewrap",
]

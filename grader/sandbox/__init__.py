"""Run one program of the learner's side, confined and bounded.

`choose` gives the best tier that works here; everything else in the program knows a `Sandbox` only by its members.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Protocol

from grader.errors import SandboxError, UsageError
from grader.model import Command, Ending, Execution
from grader.sandbox._process import ProcessSandbox

REPORT = "{report}"
"""Stands in a command's arguments for the number of the report channel's descriptor."""

TIERS = ("bubblewrap", "process")
"""Best first."""


class Sandbox(Protocol):
    """A way of running commands."""

    tier: str
    folder: Path
    """A folder of its own for whoever uses it; gone when it is closed, and also when this process is killed."""

    def run(self, command: Command) -> Execution:
        """Run the command to its end, or to the first limit that it meets, and leave no process of it behind.

        Raises:
            SandboxError: the program could not be started, or its end could not be observed.
        """

    def close(self) -> None:
        """Stop for good, and remove the folder."""

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
    if tier not in (*TIERS, "auto"):
        raise UsageError(f"There is no sandbox tier {tier!r}; choose one of auto, {', '.join(TIERS)}.")
    if tier == "process":
        return ProcessSandbox()
    why_not = why_not_bubblewrap()
    if why_not is None:
        from grader.sandbox._bubblewrap import BubblewrapSandbox  # noqa: PLC0415 - exists on Linux only

        return BubblewrapSandbox(hidden)
    if tier == "auto":
        return ProcessSandbox()
    raise SandboxError(f"The bubblewrap sandbox does not work here: {why_not}")


@functools.cache
def why_not_bubblewrap() -> str | None:
    """Why the `bubblewrap` tier can't be used on this machine, as a sentence; None if its self-check passed."""
    if sys.platform != "linux":
        return "it needs Linux; the process tier is the only one on this system."
    from grader.sandbox import _bubblewrap  # noqa: PLC0415 - exists on Linux only

    return _bubblewrap.self_check()


__all__ = ["REPORT", "TIERS", "Command", "Ending", "Execution", "Sandbox", "choose", "why_not_bubblewrap"]

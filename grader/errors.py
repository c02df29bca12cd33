"""What can go wrong, split by who is at fault.

    KataError
    ├── UsageError            the person at the keyboard: a wrong name, an unreadable folder      exit status 2
    │   ├── CatalogError      an exercise's own files are wrong (all errors at once)
    │   └── IntakeError       a project that can't be taken in
    │       └── NothingToGradeError    it holds none of the learner's files
    ├── InfrastructureError   ours: the exercise is `ungraded`                                    exit status 3
    │   ├── SandboxError      the sandbox did not start, or lost its child
    │   └── ToolchainError    the pinned build tools are missing and can't be made
    └── LearnerError          the learner's work: always a failed check, never a crash
        ├── PackagingError    a distribution that can't be built, read or installed
        └── BudgetError       all executions of an attempt together took too long

Every message is a sentence that says what happened, to what, and what to do next.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence


class KataError(Exception):
    """The root of all errors that this program raises on purpose."""


class UsageError(KataError):
    """What was asked for can't be done as asked: wrong usage or unreadable input."""


class CatalogError(UsageError):
    """One or more files of the catalogue are wrong; holds every fault, not just the first.

    Args:
        faults: one sentence each, beginning with the file.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)

    def __reduce__(self) -> tuple[type[CatalogError], tuple[tuple[str, ...]]]:
        """Come out of a worker process as it went in."""
        return CatalogError, (self.faults,)


class IntakeError(UsageError):
    """A project can't be taken in: too large, unreadable, or made of more than plain files."""


class NothingToGradeError(IntakeError):
    """A project holds none of the learner's files, so there is nothing to keep for a class."""


class InfrastructureError(KataError):
    """Our machinery failed; whatever was being graded stays ungraded."""


class SandboxError(InfrastructureError):
    """The sandbox could not start an execution, or lost sight of it."""


class ToolchainError(InfrastructureError):
    """The pinned build tools are missing and could not be made."""


class LearnerError(KataError):
    """The learner's work can't be used as asked; a check turns this into a failure."""


class PackagingError(LearnerError):
    """A distribution could not be built, read or installed."""


class BudgetError(LearnerError):
    """All executions of an attempt together took more time than they may; no other one is begun."""


_RAN_OUT = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM)


def ran_out(error: BaseException) -> bool:
    """Whether memory, disk or descriptors of this machine ran out: never the learner's fault, whatever they did."""
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _RAN_OUT)

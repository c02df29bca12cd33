"""Read single checks back from the reports of the ledger's gradings."""

from __future__ import annotations

import msgspec

from grader.classroom.records.ledger import Grading
from grader.errors import InfrastructureError
from grader.model import Cause, CheckResult, Diagnosis, Outcome

LOST = (Outcome.FAILED, Outcome.TIMEOUT)


class ReportedChecks(msgspec.Struct, frozen=True):
    """The part of a grading's report that pages are made of."""

    title: str
    number: int
    checks: tuple[CheckResult, ...]
    diagnosis: Diagnosis | None = None
    causes: tuple[Cause, ...] = ()

    @property
    def lost(self) -> tuple[CheckResult, ...]:
        """The checks that were lost."""
        return tuple(check for check in self.checks if check.outcome in LOST)


def read(grading: Grading) -> ReportedChecks:
    """What a grading's report says.

    Raises:
        InfrastructureError: it is no report as this version writes them.
    """
    try:
        return msgspec.json.decode(grading.report, type=ReportedChecks)
    except msgspec.DecodeError as error:
        says = f"Grading {grading.id} of {grading.exercise} in the ledger can't be read: {error}. Grade it again."
        raise InfrastructureError(says) from error

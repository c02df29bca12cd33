"""What became of a mutant."""

from __future__ import annotations

import msgspec

from grader.authoring.mutants.generation import Mutant
from grader.authoring.trials.results import key_of
from grader.environment.interpreters import Interpreter
from grader.model import Attempt, Outcome, Verdict


class Result(msgspec.Struct, frozen=True):
    """One grading of one mutant, with what was edited, so that the file can be read by itself."""

    key: str
    """Of all that it depends on: the edited answer, the checks, the catalogued mistakes, and the Python."""
    id: str
    python: str
    operator: str
    before: str
    after: str
    score: int | None
    """None if it could not be graded, for the reason given."""
    lost: tuple[str, ...] = ()
    """The checks that it lost."""
    overdue: bool = False
    """Whether all that it lost was lost for taking too long."""
    diagnosis: str = ""
    """The mistake that it was taken for."""
    reason: str = ""
    seconds: float = 0.0

    @property
    def noticed(self) -> bool:
        """Whether it lost a point."""
        return bool(self.lost)


def result_of(mutant: Mutant, interpreter: Interpreter, attempt: Attempt) -> Result:
    """What became of a mutant."""
    failed = [check for check in attempt.checks if check.outcome in (Outcome.FAILED, Outcome.TIMEOUT)]
    wrong = [
        check for check in failed if check.outcome is Outcome.FAILED and not (check.message or "").startswith("needs ")
    ]
    return Result(
        key=key_of(mutant.digest, mutant.exercise, interpreter),
        id=mutant.id,
        python=interpreter.version,
        operator=mutant.operator,
        before=mutant.before,
        after=mutant.after,
        score=None if attempt.verdict is Verdict.UNGRADED else attempt.score,
        lost=tuple(check.id for check in failed),
        overdue=bool(failed) and not wrong,
        diagnosis=attempt.diagnosis.mistake if attempt.diagnosis else "",
        reason=attempt.reason or "",
        seconds=round(attempt.seconds, 3),
    )

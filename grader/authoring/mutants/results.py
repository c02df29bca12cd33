"""What became of mutants, kept as lines of JSON, so that a run goes on where it was interrupted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from grader.authoring.mutants.generation import Mutant
from grader.catalog import Exercise
from grader.environment.interpreters import Interpreter
from grader.explaining.diagnosis import signatures_path
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


class Results:
    """A file of results.

    Args:
        path: the file; it is made when there is something to keep.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Result] = {}
        content = path.read_bytes() if path.exists() else b""
        self._cut_short = bool(content) and not content.endswith(b"\n")
        for line in content.splitlines():
            try:
                result = msgspec.json.decode(line, type=Result)
            except msgspec.DecodeError:
                continue  # cut short when a run was killed: graded again
            self._known[result.key] = result

    def get(self, key: str) -> Result | None:
        """What is known, if anything is."""
        return self._known.get(key)

    def add(self, result: Result) -> None:
        """Keep a result, at once; not one that says nothing of the mutant."""
        if result.score is None:
            return
        self._known[result.key] = result
        self._path.parent.mkdir(parents=True, exist_ok=True)
        start = b"\n" if self._cut_short else b""
        self._cut_short = False
        with self._path.open("ab") as file:
            file.write(start + msgspec.json.encode(result) + b"\n")


def key_of(digest: str, exercise: Exercise, interpreter: Interpreter) -> str:
    """Of all that a result depends on.

    Args:
        digest: of the answer's files.
        exercise: whose checks they are.
        interpreter: what the answer runs under.
    """
    whole = hashlib.sha256(f"{digest} {exercise.digest} {interpreter.version}".encode())
    for path in (exercise.folder / "mistakes/mistakes.toml", signatures_path(exercise)):
        whole.update(path.read_bytes() if path.exists() else b"")
    return whole.hexdigest()


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

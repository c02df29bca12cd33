"""Grade one project for one exercise. This is the only place where the parts meet."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from grader import intake, scoring
from grader.catalog import Exercise
from grader.environment import virtualenvs
from grader.environment.interpreters import Interpreter
from grader.errors import InfrastructureError
from grader.judge import running
from grader.judge.execution import LearnersSide
from grader.judge.projects import Project
from grader.model import Attempt, CheckResult, Diagnosis, Outcome, Verdict
from grader.sandbox import Sandbox


def grade(
    folder: Path,
    exercise: Exercise,
    *,
    interpreter: Interpreter,
    sandbox: Sandbox,
    ended: Callable[[CheckResult], None] = lambda _: None,
) -> Attempt:
    """Grade a project: the life of an attempt, from a folder or archive of somebody's to points.

    Args:
        folder: the project, or an archive of it; nothing in it is changed.
        exercise: what it is graded as.
        interpreter: runs the learner's code.
        sandbox: confines it.
        ended: told of each check as it ends.

    Raises:
        IntakeError: the project can't be taken in.
        CatalogError: the exercise itself is broken.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kata-", dir=sandbox.folder, ignore_cleanup_errors=True) as temporary:
        digest = ""
        try:
            project = prepare(folder, exercise, Path(temporary).resolve(), interpreter=interpreter, sandbox=sandbox)
            digest = project.side.digest
            checks = running.run(exercise, project, ended)
        except InfrastructureError as error:
            return _attempt(exercise, digest, (), began, str(error))
        attempt = _attempt(exercise, digest, checks, began)
        return replace(attempt, diagnosis=_diagnosis(exercise, attempt, interpreter))


def _diagnosis(exercise: Exercise, attempt: Attempt, interpreter: Interpreter) -> Diagnosis | None:
    if attempt.verdict is not Verdict.FAILED:
        return None
    from grader.explaining import diagnosis  # what is right must not wait for it

    return diagnosis.diagnose(exercise, attempt.checks, interpreter.version)


def prepare(folder: Path, exercise: Exercise, root: Path, *, interpreter: Interpreter, sandbox: Sandbox) -> Project:
    """Take a project in and make its environment: everything before the checks.

    Args:
        folder: the project, or an archive of it.
        exercise: what it is graded as.
        root: an empty folder for the attempt, ours alone.
        interpreter: runs the learner's code.
        sandbox: confines it.
    """
    intake.take_in(folder, root / "project", exercise.top_names)
    intake.lay_over(exercise.about.given, exercise.stub, root / "project")
    digest = intake.digest(root / "project")
    virtualenv = virtualenvs.create(interpreter, root / "env")
    side = LearnersSide(root, virtualenv, sandbox, exercise.limits, exercise.build_limits, digest)
    return Project(side, virtualenv, path=root / "project")


def _attempt(
    exercise: Exercise, digest: str, checks: tuple[CheckResult, ...], began: float, trouble: str | None = None
) -> Attempt:
    verdict = Verdict.UNGRADED if trouble else scoring.verdict(checks)
    earned, most = scoring.points(checks) if checks else (0, 100)
    errors = [check.message for check in checks if check.outcome is Outcome.ERROR]
    return Attempt(
        exercise=exercise.slug,
        number=exercise.number,
        title=exercise.about.title,
        weight=exercise.about.weight,
        verdict=verdict,
        score=None if verdict is Verdict.UNGRADED else earned,
        max_score=most,
        digest=digest,
        checks=checks,
        reason=trouble or next(iter(errors), None),
        seconds=time.monotonic() - began,
    )

"""Grade one project for one exercise. This is the only place where the parts meet."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader import scoring
from grader.catalog import Exercise
from grader.environment.interpreters import Interpreter
from grader.errors import InfrastructureError, UsageError
from grader.judge.checking import running
from grader.judge.execution import Seen
from grader.judge.preparation import prepare
from grader.judge.projects import Project
from grader.model import Attempt, CheckResult, Outcome, Verdict
from grader.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which many projects are graded alike."""

    interpreter: Interpreter
    tier: str
    """The sandbox to take; see `sandbox.choose`."""
    hidden: tuple[Path, ...] = ()
    """Folders that no execution may see into."""


def grade(
    folder: Path,
    exercise: Exercise,
    *,
    interpreter: Interpreter,
    sandbox: Sandbox,
    on_check: Callable[[CheckResult], None] = lambda _: None,
) -> Attempt:
    """Grade a project: the life of an attempt, from a folder or archive of somebody's to points.

    Args:
        folder: the project, or an archive of it; nothing in it is changed.
        exercise: what it is graded as.
        interpreter: runs the learner's code.
        sandbox: confines it.
        on_check: told of each check as it ends.

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
            ran: list[Seen] = []
            project.side.noticed = ran.append
            attempt = _scored(exercise, running.run(exercise, project, on_check))
            if attempt.verdict is Verdict.FAILED:
                attempt = _explained(exercise, attempt, project, ran)
        except UsageError:
            raise
        except InfrastructureError as error:
            attempt = ungraded(exercise, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the grading of others
            attempt = ungraded(exercise, f"The judge failed, not you: {type(error).__name__}: {error}.")
        return replace(attempt, digest=digest, seconds=time.monotonic() - began)


def _explained(exercise: Exercise, attempt: Attempt, project: Project, ran: Sequence[Seen]) -> Attempt:
    """The attempt with what is known of why it failed."""
    from grader.explaining import diagnosis, explain, vocabulary  # what is right must not wait for it

    try:
        familiar = diagnosis.diagnose(
            exercise,
            attempt.checks,
            project.virtualenv.interpreter.version,
            words=lambda: vocabulary.of_answer(project.path, exercise.about.given),
        )
        attempt = replace(attempt, diagnosis=familiar)
        causes, checks = explain.explain(exercise, project, attempt.checks, ran)
    except Exception:  # noqa: BLE001 - an explanation that we can't give must not cost anybody a grade
        return attempt
    return replace(attempt, causes=causes, checks=checks)


def ungraded(exercise: Exercise, reason: str) -> Attempt:
    """An attempt that came to nothing by a fault of ours.

    Args:
        exercise: what was to be graded.
        reason: why it wasn't, as a sentence.
    """
    return _attempt(exercise, verdict=Verdict.UNGRADED, reason=reason)


def _scored(exercise: Exercise, checks: tuple[CheckResult, ...]) -> Attempt:
    verdict = scoring.verdict(checks)
    earned, most = scoring.points(checks)
    errors = (check.message for check in checks if check.outcome is Outcome.ERROR)
    score = None if verdict is Verdict.UNGRADED else earned
    return _attempt(exercise, verdict=verdict, score=score, max_score=most, checks=checks, reason=next(errors, None))


def _attempt(
    exercise: Exercise,
    *,
    verdict: Verdict,
    score: int | None = None,
    max_score: int = 100,
    checks: tuple[CheckResult, ...] = (),
    reason: str | None = None,
) -> Attempt:
    about = exercise.about
    return Attempt(
        exercise=exercise.slug,
        number=exercise.number,
        title=about.title,
        weight=about.weight,
        verdict=verdict,
        score=score,
        max_score=max_score,
        digest="",
        checks=checks,
        reason=reason,
        version=about.version,
    )

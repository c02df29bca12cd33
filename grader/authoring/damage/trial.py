"""Grade damaged projects: whatever becomes of an answer, it gets a grade with a sentence, or is refused with one."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import grading, intake
from grader.authoring.consistency import Fault
from grader.authoring.damage.selection import MOST, Damage, damage_to
from grader.authoring.trials.haste import hurried
from grader.authoring.verification import judge_trace
from grader.catalog import Exercise
from grader.environment.interpreters import Interpreter
from grader.errors import IntakeError
from grader.model import Attempt, CheckResult, Outcome, Verdict
from grader.workers import pool

_WALL, _BUILD_WALL = 5.0, 30.0
"""Seconds for an execution and for a build, so that what hangs costs little."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which damaged projects are graded."""

    tier: str
    hidden: tuple[Path, ...]
    """See `pool.grade_all`."""
    jobs: int
    most: int = MOST
    """See `damage_to`."""
    seed: int = 0
    """See `damage_to`."""
    keep: Path | None = None
    """Where to lay those that show a fault, in a new folder for each."""


def prove(
    exercises: Sequence[Exercise],
    interpreters: Sequence[Interpreter],
    conditions: Conditions,
    *,
    begin: Callable[[int], Callable[[Attempt], None]] = lambda _: lambda _: None,
) -> tuple[Fault, ...]:
    """Prove that damage to an answer makes a grade with a sentence of it, and nothing else.

    Args:
        exercises: whose answers are damaged.
        interpreters: under each of which they are graded.
        conditions: under which they are graded.
        begin: told of how many attempts there will be; what it returns is told of each as it ends.

    Returns:
        What is wrong; nothing, if all is well.
    """
    tried = [(each, damage_to(each, seed=conditions.seed, most=conditions.most)) for each in exercises]
    done = begin(len(interpreters) * sum(1 + len(damage) for _, damage in tried))
    rounds = itertools.product(tried, interpreters)
    return tuple(fault for each, python in rounds for fault in _faults(*each, python, conditions, done))


def _faults(
    exercise: Exercise,
    damage: Sequence[Damage],
    python: Interpreter,
    conditions: Conditions,
    done: Callable[[Attempt], None],
) -> Iterator[Fault]:
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        folders = [each.lay_out(Path(temporary, str(index))) for index, each in enumerate(damage)]
        refused = {index: said for index, folder in enumerate(folders) if (said := _refusal(folder)) is not None}
        for said in refused.values():
            done(grading.ungraded(exercise, said))
        troubles = {index: _refusal_troubles(damage[index], said) for index, said in refused.items()}
        taken = [index for index in range(len(damage)) if index not in refused]
        graded = _graded(exercise, [folders[index] for index in taken], python, conditions, done)
        troubles |= zip(taken, graded, strict=True)
        for index, each in enumerate(damage):
            kept = _keep(each, folders[index], conditions.keep, index) if troubles[index] else ""
            where = f"{each.base}, {each.says}, under {python.version}{kept}"
            yield from (Fault(exercise.name, where, says) for says in troubles[index])


def _graded(
    exercise: Exercise,
    folders: Sequence[Path],
    python: Interpreter,
    conditions: Conditions,
    done: Callable[[Attempt], None],
) -> Iterator[tuple[str, ...]]:
    """What is wrong with the grade of each project."""
    in_haste = hurried(exercise, wall=_WALL, build_wall=_BUILD_WALL)
    requests = [pool.Request(folder, in_haste, python) for folder in (exercise.reference, *folders)]
    whole, *attempts = pool.grade_all(
        requests, tier=conditions.tier, hidden=conditions.hidden, jobs=conditions.jobs, done=done
    )
    skipped = {check.id for check in whole.checks if check.outcome is Outcome.SKIPPED}
    for attempt in attempts:
        yield tuple(_troubles(attempt, skipped))


def _refusal(folder: Path) -> str | None:
    """Why a project can't be taken in; None if it can."""
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        try:
            intake.take_in(folder, Path(temporary, "project"))
        except IntakeError as error:
            return str(error)
        except Exception:  # noqa: BLE001 - grading will meet it again, and say so
            return None
    return None


def _refusal_troubles(damage: Damage, said: str) -> tuple[str, ...]:
    if not damage.refusable:
        return (f"can't be taken in: {said}",)
    return () if said.strip().endswith((".", "?")) else (f"is refused, and not with a sentence: {said!r}",)


def _troubles(attempt: Attempt, skipped: set[str]) -> Iterator[str]:
    """What is wrong with a grade.

    Args:
        attempt: the grade.
        skipped: the checks that are skipped for an answer without damage.
    """
    broken = [check for check in attempt.checks if check.outcome is Outcome.ERROR]
    for message, ids in _by_message(broken).items():
        yield f"{ids}: {Outcome.ERROR}: {message}"
    if attempt.verdict is Verdict.UNGRADED and not broken:
        yield f"could not be graded: {attempt.reason}"
    left_out = [check for check in attempt.checks if check.outcome is Outcome.SKIPPED and check.id not in skipped]
    for message, ids in _by_message(left_out).items():
        yield f"{ids}: skipped ({message}): an answer must not decide what is skipped."
    lost = [check for check in attempt.checks if check.outcome in (Outcome.FAILED, Outcome.TIMEOUT)]
    for message, ids in _by_message(lost).items():
        if not message.strip():
            yield f"{ids}: failed without a message."
        elif trace := judge_trace(message):
            yield f"{ids}: the message shows the judge's {trace!r}."


def _by_message(checks: Sequence[CheckResult]) -> dict[str, str]:
    """What is said of checks, each with the names of all of which it is said."""
    messages = dict.fromkeys(check.message or "" for check in checks)
    return {each: ", ".join(check.id for check in checks if (check.message or "") == each) for each in messages}


def _keep(damage: Damage, folder: Path, keep: Path | None, index: int) -> str:
    """Keep a damaged project where the author wants it; says where."""
    if keep is None:
        return ""
    place = keep / damage.exercise.name / f"{index:03}"
    if not place.exists():
        shutil.copytree(folder, place, symlinks=True)
    return f" (kept in {place})"

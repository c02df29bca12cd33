"""What is to be graded, and grading it."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import sandbox, scoring, workers
from grader.catalog import Catalog, Exercise
from grader.environment.interpreters import Interpreter
from grader.errors import UsageError
from grader.model import Attempt, Run

DEFAULT_WORKSPACE = Path("workspace")
_WORTH_A_WORKER = 4
"""Attempts for each further worker process, whose start costs as much as about two."""


@dataclass(frozen=True, slots=True)
class Work:
    """One exercise and the project that is graded as it."""

    exercise: Exercise
    folder: Path


def from_workspace(
    catalog: Catalog, names: Sequence[str], workspace: Path | None
) -> tuple[tuple[Work, ...], tuple[Path, ...]]:
    """The projects of a workspace, and those of them that were made from their stubs just now.

    Only the default workspace is made or filled up; one that was named is somebody's own and left as it is.

    Raises:
        UsageError: the workspace, or a project in it that was asked for, isn't there.
    """
    exercises = catalog.find(names)
    if workspace is None:
        made = tuple(
            _lay_stub(exercise, DEFAULT_WORKSPACE)
            for exercise in exercises
            if not (DEFAULT_WORKSPACE / exercise.name).exists()
        )
        return tuple(Work(exercise, DEFAULT_WORKSPACE / exercise.name) for exercise in exercises), made
    if not workspace.is_dir():
        raise UsageError(
            f"There is no workspace {workspace}; name the folder that holds folders like {exercises[0].name}."
        )
    works = tuple(Work(exercise, workspace / exercise.name) for exercise in exercises)
    present = tuple(work for work in works if os.path.lexists(work.folder))
    if names and len(present) < len(works):
        missing = ", ".join(work.folder.name for work in works if work not in present)
        raise UsageError(f"The workspace {workspace} does not hold {missing}.")
    if not present:
        raise UsageError(f"The workspace {workspace} holds no folder like {exercises[0].name}.")
    return present, ()


def _lay_stub(exercise: Exercise, workspace: Path) -> Path:
    """Copy a stub, so that it appears whole or not at all."""
    target = workspace / exercise.name
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        fresh = workspace / f".{exercise.name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(exercise.stub, fresh, ignore=shutil.ignore_patterns("__pycache__"))
        fresh.rename(target)
    except OSError as error:
        raise UsageError(f"The workspace {workspace} can't be made: {error.strerror} ({error.filename}).") from error
    return target


def from_project(catalog: Catalog, names: Sequence[str], project: Path) -> tuple[Work, ...]:
    """One folder as the project of the one exercise named.

    Raises:
        UsageError: not exactly one exercise is named.
    """
    if len(names) != 1:
        raise UsageError("--project grades one folder or archive as one exercise; name that exercise.")
    return (Work(catalog.find(names)[0], project),)


def from_solutions(catalog: Catalog, names: Sequence[str]) -> tuple[Work, ...]:
    """Our own reference solutions."""
    return tuple(Work(exercise, exercise.reference) for exercise in catalog.find(names))


def grade(
    works: Sequence[Work],
    pythons: Sequence[Interpreter],
    *,
    tier: str,
    hidden: tuple[Path, ...],
    jobs: int | None = None,
    done: Callable[[Attempt], None] = lambda _: None,
) -> tuple[Run, ...]:
    """Grade the projects under each interpreter; see `workers.grade_all`."""
    began = time.monotonic()
    requests = [workers.Request(work.folder, work.exercise, python) for python in pythons for work in works]
    jobs = jobs or max(1, min(os.cpu_count() or 1, len(requests) // _WORTH_A_WORKER))
    attempts = workers.grade_all(requests, tier=tier, hidden=hidden, jobs=jobs, done=done)
    took, runs = sandbox.taken(tier), []
    for index, python in enumerate(pythons):
        part = attempts[index * len(works) : (index + 1) * len(works)]
        seconds = time.monotonic() - began
        runs.append(Run(python.version, took, part, scoring.score(part), scoring.overall(part), seconds))
    return tuple(runs)


def weaker_because(tier: str) -> str | None:
    """Why `auto` takes a weaker tier than this system could have, in a few words; None if it doesn't."""
    trouble = sandbox.trouble() if tier == "auto" and sys.platform == "linux" else None
    return None if trouble is None else trouble.what

"""Choose what to grade, grade it, and record it in the learner's history."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import progress, sandbox, scoring
from grader.workers import pool
from grader.catalog import Catalog, Exercise
from grader.environment.interpreters import Interpreter
from grader.errors import UsageError
from grader.intake.copies import shown
from grader.model import Attempt, Run
from grader.progress import Entry
from grader.learning.workspace import workspaces

_ATTEMPTS_PER_WORKER = 4
"""Attempts for each further worker process, whose start costs as much as about two."""


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise and the project that is graded as it."""

    exercise: Exercise
    folder: Path


def from_workspace(
    catalog: Catalog, names: Sequence[str], workspace: Path | None
) -> tuple[tuple[Task, ...], tuple[Path, ...]]:
    """The projects of a workspace, and those of them that were made from their stubs just now.

    Only a workspace that nobody named is made or filled up; one that was named is somebody's own and left as it is.

    Raises:
        UsageError: the workspace, or a project in it that was asked for, isn't there.
    """
    exercises = catalog.find(names)
    if workspace is None:
        place = workspaces.find()
        if not os.path.lexists(place):
            workspaces.make_workspace(place)
        made = workspaces.lay_missing(exercises, place)
        return tuple(Task(exercise, place / exercise.name) for exercise in exercises), made
    if not workspace.is_dir():
        raise UsageError(
            f"There is no workspace {workspace}; name the folder that holds folders like {exercises[0].name}."
        )
    tasks = tuple(Task(exercise, workspace / exercise.name) for exercise in exercises)
    present = tuple(task for task in tasks if os.path.lexists(task.folder))
    if names and len(present) < len(tasks):
        missing = ", ".join(task.folder.name for task in tasks if task not in present)
        raise UsageError(f"The workspace {workspace} does not hold {missing}.")
    if not present:
        raise UsageError(f"The workspace {workspace} holds no folder like {exercises[0].name}.")
    return present, ()


def from_existing_workspace(catalog: Catalog, name: str, workspace: Path | None) -> Task:
    """The project of one exercise in a workspace that is there; nothing is made.

    Raises:
        UsageError: the workspace or the project isn't there.
    """
    exercise = catalog.find([name])[0]
    place = workspaces.find() if workspace is None else workspace
    if not place.is_dir():
        place = workspaces.find_existing(workspace)
    if not os.path.lexists(place / exercise.name):
        raise UsageError(f"There is no {exercise.name} in {shown(place)}; `kata update` brings in what is missing.")
    return Task(exercise, place / exercise.name)


def from_project(catalog: Catalog, names: Sequence[str], project: Path) -> tuple[Task, ...]:
    """One folder as the project of the one exercise named.

    Raises:
        UsageError: not exactly one exercise is named.
    """
    if len(names) != 1:
        raise UsageError("--project grades one folder or archive as one exercise; name that exercise.")
    return (Task(catalog.find(names)[0], project),)


def from_solutions(catalog: Catalog, names: Sequence[str]) -> tuple[Task, ...]:
    """Our own reference solutions."""
    return tuple(Task(exercise, exercise.reference) for exercise in catalog.find(names))


def grade(
    tasks: Sequence[Task],
    pythons: Sequence[Interpreter],
    *,
    tier: str,
    hidden: tuple[Path, ...],
    jobs: int | None = None,
    done: Callable[[Attempt], None] = lambda _: None,
) -> tuple[Run, ...]:
    """Grade the projects under each interpreter; see `pool.grade_all`."""
    began = time.monotonic()
    requests = [pool.Request(task.folder, task.exercise, python) for python in pythons for task in tasks]
    jobs = jobs or max(1, min(os.cpu_count() or 1, len(requests) // _ATTEMPTS_PER_WORKER))
    attempts = pool.grade_all(requests, tier=tier, hidden=hidden, jobs=jobs, done=done)
    took, runs = sandbox.resolve_tier(tier), []
    for index, python in enumerate(pythons):
        part = attempts[index * len(tasks) : (index + 1) * len(tasks)]
        seconds = time.monotonic() - began
        runs.append(scoring.run(part, python=python.version, sandbox=took, seconds=seconds))
    return tuple(runs)


@dataclass(frozen=True, slots=True)
class Recording:
    """What the learner's history says of the exercises that were graded, and all others."""

    workspace: Path
    before: Mapping[str, Entry]
    """Before these attempts."""
    after: progress.Progress
    trouble: str | None = None
    """Why nothing was recorded, or what was wrong with the history, as a sentence."""


def record(workspace: Path, tasks: Sequence[Task], runs: Sequence[Run]) -> Recording:
    """Write attempts to the history of a workspace that keeps one, unless they are in it already. It never fails.

    Of the runs under several interpreters the one counts for an exercise that went worst.
    """
    known = progress.load(workspace)
    before, trouble = dict(known.entries), known.trouble
    _record_in(known, tasks, runs)
    if known.entries != before and progress.is_workspace(workspace):
        try:
            with progress.changing(workspace) as present:
                _record_in(present, tasks, runs)
            trouble = trouble or present.trouble
        except UsageError as error:
            trouble = str(error)
    return Recording(workspace, before, known, trouble)


def _record_in(known: progress.Progress, tasks: Sequence[Task], runs: Sequence[Run]) -> None:
    for index, task in enumerate(tasks):
        graded = [run.attempts[index] for run in runs if run.attempts[index].score is not None]
        if graded:
            worst = min(graded, key=lambda attempt: attempt.score or 0)
            exercise = task.exercise
            entry = known.entry(exercise.slug)
            known.entries[exercise.slug] = progress.with_attempt(entry, worst, exercise.about.version)


def why_weaker(tier: str) -> str | None:
    """Why `auto` takes a weaker tier than this system could have, in a few words; None if it doesn't."""
    trouble = sandbox.trouble() if tier == "auto" and sys.platform == "linux" else None
    return None if trouble is None else trouble.what

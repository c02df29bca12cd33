"""Take in what students handed in: matched to the roster by id, never by guessing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Exercise
from grader.classroom.ledger import Ledger, Received
from grader.classroom.roster import Person
from grader.classroom.store import Store
from grader.display import visible
from grader.errors import IntakeError, UsageError
from grader.intake.archives import SUFFIXES


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking a folder in."""

    new: int
    known: int
    """Handed in before, in the very same state and at the same time."""
    left: tuple[str, ...]
    """What was left out, and why, as sentences."""


def take_in(
    folder: Path,
    people: Sequence[Person],
    exercises: Sequence[Exercise],
    *,
    ledger: Ledger,
    store: Store,
    at: datetime.datetime,
) -> Taken:
    """Take in a folder that holds a folder or an archive for each student, named by the student's id.

    With one exercise each of them is a project, or holds one by the exercise's name; with several each holds projects
    by the exercises' names.

    Args:
        folder: what was handed in.
        people: the roster.
        exercises: for which it was.
        ledger: where it is noted.
        store: where it is kept.
        at: when it was received.

    Raises:
        UsageError: there is no such folder.
        InfrastructureError: it can't be kept or noted.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; name one that holds a folder or archive for each student.")
    known, left, counts = {person.id for person in people}, [], [0, 0]
    for path in sorted(folder.iterdir()):
        student = _student(path)
        if path.name.startswith("."):
            continue
        if student not in known:
            left.append(f"{visible(path.name)}: the roster has nobody of that id.")
            continue
        try:
            projects = _projects(path, exercises)
            for exercise, source in projects:
                received = Received(
                    student, exercise.slug, store.put(source, exercise), at, f"{folder.name}/{path.name}"
                )
                counts[not ledger.receive(received)] += 1
        except IntakeError as error:
            left.append(f"{visible(path.name)}: {error}")
            continue
        if not projects:
            left.append(f"{visible(path.name)}: it holds no project called like {exercises[0].name}.")
    return Taken(counts[0], counts[1], tuple(left))


def _student(path: Path) -> str:
    suffix = next((suffix for suffix in SUFFIXES if path.name.endswith(suffix)), "")
    return path.name.removesuffix(suffix) if path.is_file() else path.name


def _projects(path: Path, exercises: Sequence[Exercise]) -> list[tuple[Exercise, Path]]:
    if path.is_symlink():
        raise IntakeError("It is a link; hand in the files themselves.")
    if len(exercises) == 1:
        (exercise,) = exercises
        inner = path / exercise.name
        return [(exercise, inner if path.is_dir() and inner.is_dir() and not inner.is_symlink() else path)]
    if not path.is_dir():
        raise IntakeError("It is an archive, and several exercises are meant; name one by --exercise, or unpack it.")
    found = [(exercise, path / exercise.name) for exercise in exercises]
    return [(exercise, inner) for exercise, inner in found if inner.is_dir() and not inner.is_symlink()]

"""Find the projects in what somebody handed in for one exercise or for several."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import intake
from grader.catalog import Exercise
from grader.errors import IntakeError
from grader.intake import copies, locating


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was found in what somebody handed in."""

    exercise: Exercise
    """For which it was handed in."""
    path: Path
    """A folder or an archive in which it is; `locating.project_of` finds it there."""
    below: Path | None
    """As `intake.take_in` wants it: who handed something in may still change it. None: it lies in a folder of ours."""


def find_projects(path: Path, exercises: Sequence[Exercise], scratch: Path) -> list[Project]:
    """The projects in what one person handed in.

    With one exercise all of it is for that; with several there are folders or archives by the exercises' names in it,
    at any depth.

    Args:
        path: a folder or an archive; nothing in it is changed.
        exercises: for which it was handed in.
        scratch: an empty folder to work in.

    Raises:
        IntakeError: it can't be taken in, or what is meant isn't clear.
    """
    if path.is_symlink():
        raise IntakeError("It is a link; hand in the files themselves.")
    if len(exercises) == 1:
        return [Project(exercises[0], path, path.parent)]
    return _projects(path, exercises, scratch)


def _projects(path: Path, exercises: Sequence[Exercise], scratch: Path) -> list[Project]:
    below: Path | None = path.parent
    for number in range(2):
        if not path.is_dir():
            target = scratch / f"unpacked-{number}"
            intake.take_in(path, target, below=below)
            path, below = target, None
        there = list(_entries(path))
        found = [Project(each, place, below) for each in exercises for place in _called(there, each, path)]
        archives = [each for each in there if not each.is_dir() and locating.is_archive(each.name)]
        if found or len(archives) != 1:
            return found
        path = archives[0]
    return []


def _entries(folder: Path) -> Iterator[Path]:
    """What is below a folder, but for what tools leave there."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not copies.left_out(name, folder=True, top=False))
        kept = (name for name in names if not copies.left_out(name, folder=False, top=False))
        yield from (Path(top, name) for name in (*folders, *sorted(kept)) if not Path(top, name).is_symlink())


def _called(there: Sequence[Path], exercise: Exercise, top: Path) -> Iterator[Path]:
    """The folder or archive that has the name of an exercise, and is in no other one of that name."""
    called = [
        path
        for path in there
        if locating.is_called(path.name, exercise) and (path.is_dir() or locating.is_archive(path.name))
    ]
    outer = [path for path in called if not any(other in path.parents for other in called)]
    if len(outer) > 1:
        names = " and ".join(copies.shown(path.relative_to(top)) for path in outer[:3])
        raise IntakeError(f"It holds {exercise.name} {len(outer)} times ({names}), and which is meant isn't clear.")
    yield from outer

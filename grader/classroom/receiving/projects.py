"""Find the projects in what somebody handed in: a folder, an archive, or single files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader import intake
from grader.catalog import Exercise
from grader.classroom.receiving.submission_files import LEFT_OUT, without_number
from grader.errors import IntakeError
from grader.intake.archives import SUFFIXES, is_archive
from grader.intake.copies import shown


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was found in what somebody handed in."""

    exercise: Exercise
    """For which it was handed in."""
    path: Path
    """A folder or an archive."""
    below: Path | None
    """As `intake.take_in` wants it: who handed something in may still change it. None: it lies in a folder of ours."""


def find_projects(path: Path, exercises: Sequence[Exercise], scratch: Path) -> list[Project]:
    """The projects in what one person handed in.

    With one exercise it is the project, or holds one by the exercise's name; with several it holds projects by the
    exercises' names. A single file may stand for a project whose only file to edit it is.

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
        return [_project(path, exercises[0], scratch)]
    return _projects(path, exercises, scratch)


def _project(path: Path, exercise: Exercise, scratch: Path) -> Project:
    below = path.parent
    if not path.is_dir():
        return Project(exercise, path, below)
    there = _contents(path)
    if len(there) == 1 and _is_folder(there[0]) and there[0].name not in exercise.top_names:
        path, there = there[0], _contents(there[0])  # a folder around all of it, as in archives
    inner = path / exercise.name
    if _is_folder(inner):
        return Project(exercise, inner, below)
    packed = [each for each in there if is_archive(each) and not each.is_dir() and not each.is_symlink()]
    if len(packed) == len(there) == 1:
        return Project(exercise, packed[0], below)
    if any((path / name).is_file() for name in exercise.about.learner):
        return Project(exercise, path, below)
    if packed:
        raise IntakeError(f"It holds {_shown_name(packed[0])} beside other files, and which are meant isn't clear.")
    moves = _moves(there, exercise)
    project = Project(exercise, path, below)
    return _arrange_files(project, moves, scratch) if moves else project


def _moves(there: list[Path], exercise: Exercise) -> dict[str, PurePosixPath]:
    """Which single files belong elsewhere in the exercise, by their names."""
    files = [each for each in there if each.is_file() and not each.is_symlink()]
    own = [PurePosixPath(name) for name in exercise.about.learner]
    if len(files) == len(there) == len(own) == 1 and files[0].suffix == own[0].suffix:
        return {files[0].name: own[0]}
    moves = {}
    for name in own:
        meant = [each.name for each in files if without_number(each.name) == name.name]
        alike = [each for each in own if each.name == name.name]
        if len(meant) > 1:
            raise IntakeError(f"It holds {' and '.join(map(_shown_name, sorted(meant)))}: which is meant isn't clear.")
        if meant and len(alike) == 1:
            moves[meant[0]] = name
    return moves


def _arrange_files(project: Project, moves: dict[str, PurePosixPath], scratch: Path) -> Project:
    """A copy in which single files are where the exercise has them."""
    copy = scratch / "placed"
    intake.take_in(project.path, copy, below=project.below)
    for called, place in moves.items():
        if any((copy / parent).is_file() for parent in place.parents):
            raise IntakeError(f"It holds a file where the folder of {place} belongs.")
        if not (copy / place).exists():
            (copy / place).parent.mkdir(parents=True, exist_ok=True)
            (copy / called).rename(copy / place)
    return Project(project.exercise, copy, None)


def _projects(path: Path, exercises: Sequence[Exercise], scratch: Path) -> list[Project]:
    below = path.parent
    if not path.is_dir():
        return _packed_projects(path, exercises, scratch, below)
    by_name = _by_name(path, exercises, below)
    there = _contents(path)
    if not by_name and len(there) == 1 and is_archive(there[0]) and there[0].is_file():
        return _packed_projects(there[0], exercises, scratch, below)
    return by_name


def _packed_projects(archive: Path, exercises: Sequence[Exercise], scratch: Path, below: Path) -> list[Project]:
    target = scratch / "unpacked"
    intake.take_in(archive, target, {exercise.name for exercise in exercises}, below=below)
    return _by_name(target, exercises, None)


def _by_name(folder: Path, exercises: Sequence[Exercise], below: Path | None) -> list[Project]:
    """Folders and archives that are called as exercises are."""
    projects: list[Project] = []
    there = _contents(folder)
    for exercise in exercises:
        meant = [each for each in there if not each.is_symlink() and _stem(each) == exercise.name]
        if len(meant) > 1:
            raise IntakeError(f"It holds {exercise.name} {len(meant)} times, and which is meant isn't clear.")
        projects += [Project(exercise, each, below) for each in meant]
    return projects


def _stem(path: Path) -> str | None:
    """What a folder or an archive is called, without the kind of archive and the number of an attempt."""
    if path.is_dir():
        return path.name
    name = without_number(path.name)
    suffix = max((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), key=len, default="")
    return name[: -len(suffix)] if suffix else None


def _contents(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name not in LEFT_OUT and not path.name.startswith("._"))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _shown_name(path: Path | str) -> str:
    return shown(Path(path).name)

"""Find the projects in what somebody handed in: a folder, an archive, or single files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from grader import intake
from grader.catalog import Exercise
from grader.classroom.receiving.submission_files import LEFT_OUT, without_number
from grader.errors import IntakeError
from grader.intake.archives import SUFFIXES, is_archive
from grader.intake.copies import shown

Project = tuple[Exercise, Path]
"""For which exercise, and a folder or archive that the store takes in."""


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
        return [(exercises[0], _project(path, exercises[0], scratch))]
    return _projects(path, exercises, scratch)


def _project(path: Path, exercise: Exercise, scratch: Path) -> Path:
    if not path.is_dir():
        return path
    there = _contents(path)
    if len(there) == 1 and _is_folder(there[0]) and there[0].name not in exercise.top_names:
        path, there = there[0], _contents(there[0])  # a folder around all of it, as in archives
    inner = path / exercise.name
    if _is_folder(inner):
        return inner
    packed = [each for each in there if is_archive(each) and not each.is_dir() and not each.is_symlink()]
    if len(packed) == len(there) == 1:
        return packed[0]
    if any((path / name).is_file() for name in exercise.about.learner):
        return path
    if packed:
        raise IntakeError(f"It holds {_shown_name(packed[0])} beside other files, and which are meant isn't clear.")
    return _arrange_files(path, there, exercise, scratch)


def _arrange_files(path: Path, there: list[Path], exercise: Exercise, scratch: Path) -> Path:
    """A copy in which single files are where the exercise has them."""
    files = [each for each in there if each.is_file() and not each.is_symlink()]
    own = [PurePosixPath(name) for name in exercise.about.learner]
    if len(files) == len(there) == len(own) == 1 and files[0].suffix == own[0].suffix:
        moves = {files[0].name: own[0]}
    else:
        moves = {}
        for name in own:
            meant = [each.name for each in files if without_number(each.name) == name.name]
            alike = [each for each in own if each.name == name.name]
            if len(meant) > 1:
                raise IntakeError(
                    f"It holds {' and '.join(map(_shown_name, sorted(meant)))}: which is meant isn't clear."
                )
            if meant and len(alike) == 1:
                moves[meant[0]] = name
    if not moves:
        return path
    copy = scratch / "placed"
    intake.take_in(path, copy)
    for called, place in moves.items():
        if any((copy / parent).is_file() for parent in place.parents):
            raise IntakeError(f"It holds a file where the folder of {place} belongs.")
        if not (copy / place).exists():
            (copy / place).parent.mkdir(parents=True, exist_ok=True)
            (copy / called).rename(copy / place)
    return copy


def _projects(path: Path, exercises: Sequence[Exercise], scratch: Path) -> list[Project]:
    folder = path if path.is_dir() else _unpacked(path, exercises, scratch)
    by_name = _by_name(folder, exercises)
    there = _contents(folder)
    if not by_name and len(there) == 1 and is_archive(there[0]) and there[0].is_file() and path.is_dir():
        return _by_name(_unpacked(there[0], exercises, scratch), exercises)
    return by_name


def _unpacked(archive: Path, exercises: Sequence[Exercise], scratch: Path) -> Path:
    target = scratch / "unpacked"
    intake.take_in(archive, target, {exercise.name for exercise in exercises})
    return target


def _by_name(folder: Path, exercises: Sequence[Exercise]) -> list[Project]:
    """Folders and archives that are called as exercises are."""
    projects: list[Project] = []
    there = _contents(folder)
    for exercise in exercises:
        meant = [each for each in there if not each.is_symlink() and _stem(each) == exercise.name]
        if len(meant) > 1:
            raise IntakeError(f"It holds {exercise.name} {len(meant)} times, and which is meant isn't clear.")
        projects += [(exercise, each) for each in meant]
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

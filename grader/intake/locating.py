"""Find the project in what somebody handed in: a folder, perhaps in others, in an archive, or single files.

This is decided here and nowhere else, by names alone and before anything is copied: the project is where the learner's
files are in their places. So the same files earn the same, however they were packed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from grader.catalog import Exercise
from grader.errors import IntakeError
from grader.intake import learner_files
from grader.intake.copies import shown

Parts = tuple[str, ...]
"""A path from the top, as its folders and its name."""
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
"""Of archives that can be taken in."""
_NAMED = 3
"""Places that a message names."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a project is in what was handed in."""

    folder: Parts = ()
    """The folder that is the project; empty: the top."""
    moves: Mapping[Parts, Parts] = field(default_factory=dict)
    """Single files of that folder that belong elsewhere in the project: their paths from it, and where they belong."""
    archive: Parts = ()
    """The file that is an archive of the project; empty: it is in no archive."""


Locate = Callable[[Sequence[Parts]], Location]
"""Finds a project among the paths of all files that were handed in."""


def whole(_: Sequence[Parts]) -> Location:
    """All of it is the project."""
    return Location()


def project_of(exercise: Exercise) -> Locate:
    """What finds the project of an exercise; if none of the learner's files is anywhere, all of it is the project.

    Raises, when it is called:
        IntakeError: there are several, and which is meant isn't clear.
    """
    return lambda files: _project(files, exercise)


def is_archive(name: str) -> bool:
    """Whether a file of that name is an archive that can be taken in."""
    return name.lower().endswith(SUFFIXES)


def is_called(name: str, exercise: Exercise) -> bool:
    """Whether a folder or archive has the name of an exercise, as `05_setup_py`, `setup_py (1)` or `setup_py.zip`."""
    suffix = max((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), key=len, default="")
    bare = learner_files.without_copy_mark(name[: len(name) - len(suffix)]).casefold()
    return bare in (exercise.name.casefold(), exercise.slug.casefold())


def _project(files: Sequence[Parts], exercise: Exercise) -> Location:
    found = _candidates(files, exercise)
    if not found:
        return _single_files(files, exercise)
    outer = [folder for folder in found if not any(folder[:depth] in found for depth in range(len(folder)))]
    with_given = [folder for folder in outer if found[folder].given]
    folder = _only(_called(outer, exercise) or with_given or outer)
    # A project's folder may hold a copy of it, but what is there by accident hides no whole project below it.
    better = [other for other in found if other[: len(folder)] == folder and found[other].exceeds(found[folder])]
    if better:
        folder = _only(_called(better, exercise) or [folder, *better])
    return Location(folder)


def _called(folders: Iterable[Parts], exercise: Exercise) -> list[Parts]:
    return [folder for folder in folders if folder and is_called(folder[-1], exercise)]


def _only(folders: Sequence[Parts]) -> Parts:
    if len(folders) > 1:
        raise IntakeError(
            f"It holds the project more than once ({_listed(folders)}), and which is meant isn't clear;"
            " hand in one of them."
        )
    return folders[0]


@dataclass(frozen=True, slots=True)
class _Fit:
    """How much of a project is in a folder."""

    own: int
    """How many of the learner's files."""
    given: int
    """How many of the given files."""
    any_given: bool
    """Whether the exercise has given files."""

    def exceeds(self, other: _Fit) -> bool:
        """Whether more of the learner's files are here, and of the given ones, too, if there are such."""
        return self.own > other.own and (self.given > other.given or not self.any_given)


def _candidates(files: Sequence[Parts], exercise: Exercise) -> dict[Parts, _Fit]:
    """The folders in which one of the learner's files is in its place."""
    own = {PurePosixPath(name).parts for name in learner_files.own_names(exercise)}
    given = {PurePosixPath(name).parts for name in exercise.about.given}
    counts = {folder: Counter[str]() for file in files for folder in _above(file, own)}
    for kind, places in (("own", own), ("given", given)):
        for file in files:
            for folder in _above(file, places):
                if folder in counts:
                    counts[folder][kind] += 1
    return {folder: _Fit(count["own"], count["given"], bool(given)) for folder, count in counts.items()}


def _above(file: Parts, places: Collection[Parts]) -> Iterator[Parts]:
    """The folders from which a file is in one of these places."""
    yield from (file[: -len(place)] for place in places if file[-len(place) :] == place)


def _single_files(files: Sequence[Parts], exercise: Exercise) -> Location:
    """Files without the folders that they belong in, or an archive, beside whatever else there is."""
    archives = [file for file in files if is_archive(file[-1])]
    own = [PurePosixPath(name) for name in exercise.about.learner]
    given = {PurePosixPath(name).name for name in exercise.about.given}
    if len(files) == len(own) == 1 and files[0][-1] not in given and _suffix(files[0][-1]) == own[0].suffix:
        return Location(files[0][:-1], {files[0][-1:]: own[0].parts})
    moves: dict[Parts, Parts] = {}
    for name in own:
        meant = [file for file in files if learner_files.without_copy_mark(file[-1]) == name.name]
        if len(meant) > 1:
            raise IntakeError(f"It holds {_listed(meant)}: which is meant isn't clear.")
        if meant and [each.name for each in own].count(name.name) == 1:
            moves[meant[0]] = name.parts
    if moves and archives:
        raise IntakeError(f"It holds {_listed(archives)} beside other files, and which are meant isn't clear.")
    if len(archives) == 1:
        return Location(archive=archives[0])
    called = [file for file in archives if is_called(file[-1], exercise)]
    if len(called) == 1:
        return Location(archive=called[0])
    if archives:
        raise IntakeError(f"It holds several archives ({_listed(archives)}), and which is meant isn't clear.")
    folders = {file[:-1] for file in moves}
    if len(folders) > 1:
        raise IntakeError(f"Your files are in several folders ({_listed(sorted(folders))}); put them into one.")
    folder = folders.pop() if folders else ()
    return Location(folder, {file[len(folder) :]: place for file, place in moves.items()})


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix


def _listed(paths: Iterable[Parts]) -> str:
    names = sorted(shown("/".join(path)) or "the top" for path in paths)
    more = len(names) - _NAMED
    return " and ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")

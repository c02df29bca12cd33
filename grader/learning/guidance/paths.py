"""Ways through the catalogue: in the order of the numbers, or along one of the paths of `exercises/paths.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

import msgspec

from grader.catalog import Catalog, Exercise
from grader.errors import CatalogError, UsageError
from grader.progress import Entry, Progress


class Path(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Exercises for one purpose."""

    name: str
    title: str
    about: str
    exercises: tuple[str, ...]
    """Their names, in a good order."""


class _PathsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    path: tuple[Path, ...] = ()


def load(catalog: Catalog) -> tuple[Path, ...]:
    """The paths of a catalogue; none, where it has no such file.

    Raises:
        CatalogError: with every fault of that file.
    """
    file = catalog.folder / "exercises" / "paths.toml"
    try:
        paths = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _PathsFile).path
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise CatalogError([f"{file}: can't be read as a list of paths: {error}."]) from error
    known = {exercise.slug for exercise in catalog.exercises}
    faults = [
        f"{file}: {path.name}: there is no exercise {slug}."
        for path in paths
        for slug in path.exercises
        if slug not in known
    ]
    if faults:
        raise CatalogError(faults)
    return paths


def exercises_on(catalog: Catalog, name: str | None) -> tuple[Exercise, ...]:
    """The exercises of the path of that name, in its order; without a name all.

    Raises:
        UsageError: there is no such path.
    """
    if name is None:
        return catalog.exercises
    paths = load(catalog)
    found = next((path for path in paths if path.name == name.strip().casefold()), None)
    if found is None:
        known = ", ".join(path.name for path in paths) or "none"
        raise UsageError(f"There is no path {name!r}; there is {known}.")
    by_slug = {exercise.slug: exercise for exercise in catalog.exercises}
    return tuple(by_slug[slug] for slug in found.exercises)


def next_exercise(exercises: Sequence[Exercise], progress: Progress) -> Exercise | None:
    """The first exercise that was never passed; after all of them, the first that was passed in an earlier version."""
    entries = [(exercise, progress.entry(exercise.slug)) for exercise in exercises]
    never = (exercise for exercise, entry in entries if entry.passed_version is None)
    earlier = (exercise for exercise, entry in entries if entry.passed_earlier(exercise.about.version))
    return next(never, None) or next(earlier, None)


def progress_text(exercise: Exercise, entry: Entry) -> str:
    """How far a learner has come with an exercise, in a few words; nothing, where it was never tried."""
    version = exercise.about.version
    if entry.passed(version):
        back = f" (last attempt: {entry.last})" if entry.last not in (None, 100) else ""
        return f"passed{back}"
    if entry.passed_earlier(version):
        return f"passed version {entry.passed_version}, now it is {version}"
    tried = "" if entry.best is None else f"{entry.best} of 100"
    return ", ".join(part for part in (tried, "solution seen" if entry.gave_up else "") if part)

"""The catalogue on disk: `exercise.toml`, `mistakes.toml` and folders become `Exercise` objects.

All faults of all files are collected and raised together, each with its file and key.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.catalog.exercise_files import ExerciseFile, Mistake, MistakesFile, faults_of
from grader.errors import CatalogError, UsageError
from grader.model import AttemptLimits, Limits
from grader.settings import read_toml

_PACKAGE = Path(__file__).resolve().parents[1]
"""Where the grader itself is."""
FOLDER_NAME = re.compile(r"(?P<number>\d\d)_(?P<slug>[a-z][a-z0-9_]*)")
_NEWER_ALTERNATIVES = re.compile(r"alternatives-(?P<major>\d+)\.(?P<minor>\d+)")


@dataclass(frozen=True)
class Exercise:
    """One unit of the catalogue."""

    number: int
    slug: str
    folder: Path
    solutions: Path
    about: ExerciseFile

    @property
    def name(self) -> str:
        """Number and slug, as folders are named."""
        return self.folder.name

    @property
    def stub(self) -> Path:
        """What the learner starts from."""
        return self.folder / "stub"

    @property
    def hidden_tests(self) -> Path:
        """The folder of its checks."""
        return self.folder / "hidden_tests"

    @property
    def reference(self) -> Path:
        """Our own solution."""
        return self.solutions / "reference"

    def changes_between(self, earlier: int, later: int) -> tuple[str, ...]:
        """What is graded in another way in the later of two versions, as sentences."""
        return tuple(change.says for change in self.about.changes if earlier < change.version <= later)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that decides what an answer earns: the checks, the given files and the settings."""
        whole = hashlib.sha256()
        graded_by = (self.folder / "exercise.toml", *sorted(self.hidden_tests.rglob("*.py")))
        for path in (*graded_by, *(self.stub / name for name in self.about.given)):
            content = path.read_bytes()
            whole.update(f"{path.relative_to(self.folder).as_posix()} {len(content)} ".encode())
            whole.update(content)
        return whole.hexdigest()

    @cached_property
    def alternatives(self) -> tuple[Path, ...]:
        """Right answers that differ in kind from the reference."""
        return _subfolders(self.solutions / "alternatives")

    @cached_property
    def newer_alternatives(self) -> dict[Path, tuple[int, int]]:
        """Answers that are right from some version of Python on, as in `alternatives-3.15`, and that version."""
        found: dict[Path, tuple[int, int]] = {}
        for folder in _subfolders(self.solutions):
            if version := _NEWER_ALTERNATIVES.fullmatch(folder.name):
                found |= dict.fromkeys(_subfolders(folder), (int(version["major"]), int(version["minor"])))
        return found

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The catalogued wrong answers."""
        path = self.folder / "mistakes" / "mistakes.toml"
        if not path.exists():
            return ()
        faults: list[str] = []
        read = read_toml(path, MistakesFile, faults)
        if read is None:
            raise CatalogError(faults)
        return read.mistake

    @property
    def limits(self) -> Limits:
        """For an ordinary execution."""
        return Limits(wall=self.about.limits.wall)

    @property
    def build_limits(self) -> Limits:
        """For a build, which reports the wheel itself."""
        wall = self.about.limits.build_wall
        return Limits(wall=wall, cpu=int(wall) + 1, open_files=1024, disk=128 << 20, report=32 << 20)

    @property
    def attempt_limits(self) -> AttemptLimits:
        """For all executions of an attempt together."""
        limits = self.about.limits
        wall = max(AttemptLimits().wall, limits.wall) if limits.attempt_wall is None else limits.attempt_wall
        # A check waits for its executions, which are to end before its own time does.
        longest = max(limits.wall, 0.9 * limits.check_timeout)
        return AttemptLimits(wall=min(wall, longest), cpu=limits.attempt_cpu)


@dataclass(frozen=True)
class Catalog:
    """The ordered set of exercises."""

    exercises: tuple[Exercise, ...]
    folder: Path

    @property
    def hidden(self) -> tuple[Path, ...]:
        """Folders that no execution may see into: the checks and solutions, and the judge itself."""
        return self.folder / "exercises", self.folder / "solutions", _PACKAGE

    def find(self, names: Sequence[str]) -> tuple[Exercise, ...]:
        """The exercises of those names (`path_appending`, `01_path_appending`, `01` or `1`) in catalogue order.

        No name means all of them.

        Raises:
            UsageError: some names are unknown; names them all, and the nearest known ones.
        """
        if not names:
            return self.exercises
        known = {key: exercise for exercise in self.exercises for key in _accepted_names(exercise)}
        unknown = [name for name in names if _normalised(name) not in known]
        if unknown:
            raise UsageError(" ".join(self._unknown(name) for name in unknown))
        wanted = {known[_normalised(name)].number for name in names}
        return tuple(exercise for exercise in self.exercises if exercise.number in wanted)

    def _unknown(self, name: str) -> str:
        import difflib  # needed after a typo only

        near = difflib.get_close_matches(_normalised(name), [exercise.slug for exercise in self.exercises], n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        return f"There is no exercise {name!r}.{meant} `kata list` shows them all."


def load(folder: Path | None = None) -> Catalog:
    """Read the catalogue below a folder that holds `exercises/` and `solutions/`; by default our own.

    Raises:
        CatalogError: with every fault of every `exercise.toml`.
    """
    folder = (folder or _own_folder()).resolve()
    faults: list[str] = []
    exercises = tuple(_read_all(folder, faults))
    faults.extend(_collisions(exercises))
    if not exercises and not faults:
        faults.append(
            f"{folder / 'exercises'}: there is no exercise; a catalogue holds folders like 01_path_appending."
        )
    if faults:
        raise CatalogError(faults)
    return Catalog(exercises, folder)


def names(folder: Path | None = None) -> tuple[str, ...]:
    """The exercises by the names of their folders alone: fast, and whatever is wrong with them."""
    below = _subfolders((folder or _own_folder()) / "exercises")
    return tuple(path.name for path in below if FOLDER_NAME.fullmatch(path.name))


def _own_folder() -> Path:
    carried = _PACKAGE / "catalogue"  # in a wheel
    return carried if carried.is_dir() else _PACKAGE.parent


def _read_all(folder: Path, faults: list[str]) -> Iterator[Exercise]:
    for path in _subfolders(folder / "exercises"):
        named = FOLDER_NAME.fullmatch(path.name)
        if named is None:
            faults.append(f"{path}: the folder's name is not like 01_path_appending; rename it.")
            continue
        about = read_toml(path / "exercise.toml", ExerciseFile, faults, functools.partial(faults_of, folder=path))
        if about is None:
            continue
        yield Exercise(int(named["number"]), named["slug"], path, folder / "solutions" / path.name, about)


def _collisions(exercises: Sequence[Exercise]) -> Iterator[str]:
    for first, second in itertools.combinations(exercises, 2):
        if first.number == second.number:
            yield f"{second.folder}: has the number of {first.name}; renumber one of them."
        if first.slug == second.slug:
            yield f"{second.folder}: has the name of {first.name}; rename one of them."


def _subfolders(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        return ()
    return tuple(sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))))


def _accepted_names(exercise: Exercise) -> tuple[str, ...]:
    return exercise.slug, exercise.name, f"{exercise.number:02}", str(exercise.number)


def _normalised(name: str) -> str:
    return name.strip().rstrip("/\\").replace("-", "_").casefold()

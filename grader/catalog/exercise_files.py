"""The fields of `exercise.toml` and `mistakes.toml`, and what can be wrong with them beyond their types."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from grader.model import AttemptLimits, Limits


class Hint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Help on request: level 1 asks a question, 2 names the concept, 3 is nearly code."""

    level: int
    text: str
    checks: tuple[str, ...] = ()
    """The checks after whose failure it fits best; none: always."""
    fits: tuple[str, ...] = ()
    """Of one that fits always the checks that need none of their own at this level."""


class Afterwards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[afterwards]`: what a learner reads who passed it."""

    learned: str
    """What they know now, in three sentences."""
    link: str
    """The one page to read next."""
    other_answers: dict[str, str] = {}
    """For each alternative how it does it, and when one would choose it, as a sentence."""


class VersionChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an exercise got a new version."""

    version: int
    """The version that began with it."""
    says: str
    """What is graded in another way since then, as a sentence to learners and instructors."""


class LimitsTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[limits]`, in seconds."""

    wall: float = Limits().wall
    build_wall: float = 60.0
    attempt_wall: float | None = None
    """None: as long as any attempt may take, or one execution of this exercise."""
    attempt_cpu: float = AttemptLimits().cpu
    check_timeout: float = 120.0


class ExerciseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of `exercise.toml`."""

    title: str
    difficulty: int
    concepts: tuple[str, ...]
    learner: tuple[str, ...]
    """The files that the learner edits."""
    given: tuple[str, ...] = ()
    """The files that the grader lays over the learner's copy before each attempt."""
    instead: tuple[str, ...] = ()
    """Files that a right answer may have in place of all of the learner's, such as a `setup.cfg`."""
    version: int = 1
    changes: tuple[VersionChange, ...] = ()
    """What was new in each version after the first."""
    weight: int = 1
    """In the score of a submission; 0: optional, so it is graded, but not counted."""
    hints: tuple[Hint, ...] = ()
    limits: LimitsTable = LimitsTable()
    afterwards: Afterwards | None = None


class Mistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `mistakes.toml`: a wrong answer, and the checks that it must lose."""

    name: str
    """Also the folder of its overlay."""
    says: str
    """The misconception, as a sentence to the learner."""
    loses: tuple[str, ...]
    at_least: bool = False
    """Whether it may lose more than these, as where a learner's own guess decides."""
    base: str = "reference"
    """What the overlay lies on: `reference` or `stub`."""
    removes: tuple[str, ...] = ()
    """Files of the base that this answer doesn't have."""
    versions: str = ""
    """A version specifier; elsewhere the answer isn't wrong and must get full marks."""
    unless_skipped: tuple[str, ...] = ()
    """Checks that must have run: where one is skipped, for want of a compiler, say, nobody can see what is wrong."""


class MistakesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of `mistakes.toml`."""

    mistake: tuple[Mistake, ...] = ()


def faults_of(about: ExerciseFile, folder: Path) -> Iterator[tuple[str, str]]:
    """What is wrong beyond the types: pairs of a key and a sentence."""
    if not about.title.strip():
        yield "title", "is empty."
    if about.difficulty not in range(1, 5):
        yield "difficulty", f"{about.difficulty} is not between 1 and 4."
    if about.weight < 0:
        yield "weight", f"{about.weight} is below 0."
    if not about.learner:
        yield "learner", "names no file, so there would be nothing to do."
    for index, change in enumerate(about.changes):
        if not 1 < change.version <= about.version or not change.says.strip():
            yield f"changes[{index}]", f"needs a sentence and a version from 2 to {about.version}, the exercise's own."
    yield from _file_faults(about, folder)
    yield from _limit_faults(about.limits)
    for index, hint in enumerate(about.hints):
        if hint.level not in (1, 2, 3) or not hint.text.strip():
            yield f"hints[{index}]", "needs a text and a level of 1, 2 or 3."


def _limit_faults(limits: LimitsTable) -> Iterator[tuple[str, str]]:
    for key, seconds in (("wall", limits.wall), ("build_wall", limits.build_wall)):
        if not 0 < seconds < limits.check_timeout:
            yield f"limits.{key}", f"{seconds} is not between 0 and limits.check_timeout ({limits.check_timeout})."
    together = {"attempt_wall": limits.attempt_wall, "attempt_cpu": limits.attempt_cpu}
    for key, stated in together.items():
        if stated is not None and not 0 < stated < math.inf:
            yield f"limits.{key}", f"{stated} is not a number of seconds above 0."


def _file_faults(about: ExerciseFile, folder: Path) -> Iterator[tuple[str, str]]:
    for key, files in (("learner", about.learner), ("given", about.given)):
        for name in files:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                yield key, f"{name} leads out of stub/."
            elif not (folder / "stub" / name).is_file():
                yield key, f"there is no file stub/{name}."
    for name in about.instead:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            yield "instead", f"{name} leads out of the project."
        elif (folder / "stub" / name).exists():
            yield "instead", f"{name} is in stub/, so it is there before anybody has begun."
    for name in sorted(set(about.learner) & set(about.given)):
        yield "given", f"{name} is among the learner's files, too."

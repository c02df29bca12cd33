"""A course on disk: a folder with `course.toml`, the roster, the ledger and what was handed in."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec

from grader.catalog import Catalog, Exercise
from grader.errors import CatalogError, UsageError
from grader.settings import read_toml

SETTINGS, ROSTER, LEDGER, SUBMISSIONS = "course.toml", "roster.csv", "ledger.sqlite", "submissions"
POLICIES = ("best", "last", "first")
_ALL = "default"


class LatePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What lateness costs: a plain rule that can be said in one sentence."""

    percent_a_day: int = 0
    """Off the earned points, for each day begun after the due date."""
    most_days: int | None = None
    """After so many days a submission counts nothing; None: there is no end."""
    grace_minutes: int = 0
    """For which nothing is taken off."""


class CourseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of `course.toml`."""

    title: str
    exercises: tuple[str, ...] = ()
    """Names or numbers; none: all of the catalogue."""
    python: str = ""
    """Version under which to grade; empty: the one that runs the grader."""
    policy: str = "best"
    """Which of several attempts counts: one of `POLICIES`."""
    due: dict[str, datetime.datetime] = {}
    """Moments with a time zone, by the exercise's name; `default` is for all others."""
    late: LatePolicy = LatePolicy()


@dataclass(frozen=True)
class Course:
    """One class in one term."""

    folder: Path
    about: CourseFile
    exercises: tuple[Exercise, ...]
    now: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))
    """The moment at which it is looked at."""

    @property
    def ledger(self) -> Path:
        """The only truth about who got what."""
        return self.folder / LEDGER

    @property
    def roster(self) -> Path:
        """Who is in the class."""
        return self.folder / ROSTER

    @property
    def submissions(self) -> Path:
        """What was handed in, by content."""
        return self.folder / SUBMISSIONS

    @cached_property
    def by_slug(self) -> dict[str, Exercise]:
        """The exercises by name."""
        return {exercise.slug: exercise for exercise in self.exercises}

    def due(self, exercise: str) -> datetime.datetime | None:
        """The moment from which a submission is late; None if there is none."""
        named = {key: moment for key, moment in self.about.due.items() if key != _ALL}
        for key, moment in named.items():
            if any(found.slug == exercise for found in self.exercises if key in (found.slug, found.name)):
                return moment
        return self.about.due.get(_ALL)

    def is_due(self, exercise: str) -> bool:
        """Whether an exercise counts by now, handed in or not; without a due date it does from the start."""
        due = self.due(exercise)
        return due is None or due <= self.now


def open_(folder: Path, catalog: Catalog) -> Course:
    """Read a course.

    Raises:
        CatalogError: `course.toml` is missing or wrong; says all that is.
        UsageError: it names exercises that the catalogue doesn't have.
    """
    path = folder / SETTINGS
    if not path.is_file():
        raise UsageError(f"{folder} is no course: it has no {SETTINGS}. `kata class init {folder}` begins one.")
    faults: list[str] = []
    about = read_toml(path, CourseFile, faults, _faults)
    if about is None or faults:
        raise CatalogError(faults)
    try:
        exercises = catalog.find(about.exercises)
    except UsageError as error:
        raise UsageError(f"{path}: exercises: {error}") from error
    course = Course(folder, about, exercises)
    unknown = set(about.due) - {_ALL} - {name for each in exercises for name in (each.slug, each.name)}
    if unknown:
        raise UsageError(f"{path}: due: {', '.join(sorted(unknown))} isn't one of the course's exercises.")
    return course


def create(folder: Path, title: str) -> Path:
    """Write the settings of a new course.

    Raises:
        UsageError: there is one already, or the folder can't be made.
    """
    path = folder / SETTINGS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(_TEMPLATE.format(title=msgspec.json.encode(title).decode()))
    except FileExistsError as error:
        raise UsageError(f"{path} exists already: this is a course.") from error
    except OSError as error:
        raise UsageError(f"{folder} can't be made a course: {error.strerror} ({error.filename}).") from error
    return path


_TEMPLATE = """\
title = {title}
exercises = []          # names like "path_appending"; none: all of the catalogue
python = ""             # a version like "3.12"; empty: the one that runs kata
policy = "best"         # which attempt counts: best, last or first

[due]                   # moments with a time zone; default is for all that are not named
# default = 2027-01-31T23:59:00+01:00
# path_appending = 2026-12-06T23:59:00+01:00

[late]
percent_a_day = 0       # off the earned points, for each day begun
# most_days = 7         # after these, nothing counts
grace_minutes = 0
"""


def _faults(about: CourseFile) -> Iterator[tuple[str, str]]:
    if not about.title.strip():
        yield "title", "is empty."
    if about.policy not in POLICIES:
        yield "policy", f"{about.policy!r} is none of {', '.join(POLICIES)}."
    for key, moment in about.due.items():
        if moment.tzinfo is None:
            yield f"due.{key}", f"{moment} has no time zone; write it like {moment.isoformat()}+01:00."
    if not 0 <= about.late.percent_a_day <= 100:  # noqa: PLR2004 - per cent
        yield "late.percent_a_day", f"{about.late.percent_a_day} is not between 0 and 100."
    if about.late.grace_minutes < 0 or (about.late.most_days or 0) < 0:
        yield "late", "no time can be below 0."

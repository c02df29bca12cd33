"""Compare our solutions with the learner's project, and note when a learner gives up."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grader import progress
from grader.catalog import Exercise
from grader.display import decode, visible
from grader.errors import UsageError
from grader.intake.copies import shown
from grader.learning.workspace import project_files
from grader.learning.workspace.project_files import File, Tree

REFERENCE = "reference"
_MAX_CHARACTERS = 200_000
"""Characters of a file beyond which lines are not compared."""


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file of both answers."""

    name: str
    lines: tuple[str, ...]
    """A unified diff from the learner's to ours, harmless to whatever shows it."""


def may_be_shown(exercise: Exercise, workspace: Path) -> bool:
    """Whether our answers may be shown: once any version was passed, or it was given up."""
    entry = progress.load(workspace).entry(exercise.slug)
    return entry.passed_version is not None or entry.gave_up


def give_up(exercise: Exercise, workspace: Path) -> None:
    """Note that our answers were asked for before the exercise was passed.

    Raises:
        UsageError: it can't be noted.
    """
    with progress.changing(workspace) as known:
        entry = known.entry(exercise.slug)
        known.entries[exercise.slug] = msgspec.structs.replace(entry, gave_up=True)


def answers(exercise: Exercise) -> dict[str, Path]:
    """Our solutions by name: the reference, then the alternatives."""
    others = (*exercise.alternatives, *exercise.newer_alternatives)
    return {REFERENCE: exercise.reference} | {path.name: path for path in others}


def diff_project(exercise: Exercise, project: Path, name: str = REFERENCE) -> tuple[FileDiff, ...]:
    """What differs between a learner's project and our solution of that name, without the given files.

    Raises:
        UsageError: there is no such solution, or the project can't be read.
    """
    known = answers(exercise)
    if name not in known:
        raise UsageError(f"{exercise.name} has no solution {name!r}; there is {', '.join(known)}.")
    own, ours = project_files.take(project), project_files.read(known[name])
    return tuple(_diff_trees(exercise, own, ours, name))


def _diff_trees(exercise: Exercise, own: Tree, ours: Tree, solution: str) -> Iterator[FileDiff]:
    for name in sorted({*own, *ours} - set(exercise.about.given)):
        mine, theirs = own.get(name), ours.get(name)
        if mine is None or theirs is None or mine.content != theirs.content:
            yield FileDiff(shown(name), tuple(_diff(mine, theirs, shown(name), solution)))


def _diff(mine: File | None, theirs: File | None, name: str, solution: str) -> Iterator[str]:
    old, new = _text(mine), _text(theirs)
    if old is None or new is None:
        yield f"{name} is no text, or too long to compare."
        return
    before = f"yours/{name}" if mine is not None else "(you have no such file)"
    after = f"{solution}/{name}" if theirs is not None else "(there is no such file)"
    rows = difflib.unified_diff(old.splitlines(), new.splitlines(), before, after, lineterm="")
    yield from map(visible, rows)


def _text(file: File | None) -> str | None:
    """None where it can't be compared line by line."""
    if file is None:
        return ""
    if b"\0" in file.content or len(file.content) > _MAX_CHARACTERS:
        return None
    return decode(file.content)

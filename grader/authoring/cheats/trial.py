"""Grade cheats: none may get a point that the stub doesn't get, or hear of a mistake that isn't in it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import workers
from grader.authoring.cheats.generation import Cheat, cheats_of
from grader.authoring.cheats.knowledge import knowledge
from grader.authoring.consistency import Fault
from grader.authoring.trials.edits import edit, edit_of, files_of
from grader.authoring.trials.haste import hurried
from grader.catalog import Exercise
from grader.environment.interpreters import Interpreter
from grader.model import Attempt, Outcome, Verdict

_WALL, _BUILD_WALL = 3.0, 20.0
"""Seconds for an execution and for a build: some cheats never end."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which cheats are graded."""

    interpreter: Interpreter
    tier: str
    """See `sandbox.choose`."""
    hidden: tuple[Path, ...]
    """See `workers.grade_all`."""
    jobs: int
    sample: int | None = None
    """How many of each exercise's cheats are graded at most; None: all of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """How the cheats of an exercise did."""

    name: str
    cheats: int
    gained: int
    """How many got a point that the stub doesn't get."""
    misnamed: int
    """How many were taken for a mistake that isn't in them."""

    @property
    def cells(self) -> tuple[str, ...]:
        """As a line of the table."""
        return self.name, str(self.cheats), str(self.gained), str(self.misnamed)


def cells(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The table with its head, and a last line for all exercises, as texts."""
    whole = Row(
        "all",
        sum(row.cheats for row in rows),
        sum(row.gained for row in rows),
        sum(row.misnamed for row in rows),
    )
    return [("exercise", "cheats", "got points", "misnamed"), *(row.cells for row in (*rows, whole))]


def prove(
    exercises: Sequence[Exercise],
    conditions: Conditions,
    *,
    begin: Callable[[int], Callable[[Attempt], None]] = lambda _: lambda _: None,
) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """Prove that cheats get no point that the stub doesn't get.

    Args:
        exercises: which.
        conditions: under which they are graded.
        begin: told how many cheats there are; what it returns is told of each as it ends.

    Returns:
        A row of the table for each exercise, and what is wrong.
    """
    bases = _graded(
        [(each, folder) for each in exercises for folder in (each.reference, each.stub)], conditions, lambda _: None
    )
    faults: list[Fault] = []
    tried: list[tuple[Exercise, Attempt, list[Cheat]]] = []
    for exercise, right, stub in zip(exercises, bases[::2], bases[1::2], strict=True):
        if Verdict.UNGRADED in (right.verdict, stub.verdict):
            says = f"could not be graded: {right.reason or stub.reason}"
            faults.append(Fault(exercise.name, "the reference or the stub", says))
        else:
            every = list(cheats_of(exercise, knowledge(exercise, right)))
            tried.append((exercise, stub, _sampled(exercise, every, conditions.sample)))
    done = begin(sum(len(cheats) for _, _, cheats in tried))
    rows = []
    for exercise, stub, cheats in tried:
        found = [_judged(cheat, stub, attempt) for cheat, attempt in _cheats_graded(cheats, conditions, done)]
        gained = sum(bool(each.gained) for each in found)
        rows.append(Row(exercise.name, len(cheats), gained, sum(bool(each.misnamed) for each in found)))
        faults.extend(_faults(exercise, found, conditions.interpreter))
    return tuple(rows), tuple(faults)


def _sampled(exercise: Exercise, cheats: Sequence[Cheat], sample: int | None) -> list[Cheat]:
    """Some of them, the same ones each time, and among more of them still these."""
    if sample is None:
        return list(cheats)
    return sorted(cheats, key=lambda each: hashlib.sha256(f"{exercise.name} {each.says}".encode()).digest())[:sample]


def _cheats_graded(
    cheats: Sequence[Cheat], conditions: Conditions, done: Callable[[Attempt], None]
) -> Iterator[tuple[Cheat, Attempt]]:
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        folders = [(each.exercise, each.lay_out(Path(temporary, str(index)))) for index, each in enumerate(cheats)]
        yield from zip(cheats, _graded(folders, conditions, done), strict=True)


def _graded(
    projects: Sequence[tuple[Exercise, Path]], conditions: Conditions, done: Callable[[Attempt], None]
) -> tuple[Attempt, ...]:
    requests = [
        workers.Request(folder, hurried(exercise, wall=_WALL, build_wall=_BUILD_WALL), conditions.interpreter)
        for exercise, folder in projects
    ]
    if not requests:
        return ()
    return workers.grade_all(requests, tier=conditions.tier, hidden=conditions.hidden, jobs=conditions.jobs, done=done)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A cheat, and what is wrong with its grade."""

    cheat: Cheat
    gained: tuple[str, ...]
    """The checks that it passes and the stub doesn't."""
    misnamed: str
    """The mistake that it is taken for, which isn't in it; empty if there is none."""
    ungraded: str
    """Why it could not be graded; empty if it was."""


_SHOWN = 4
"""How many cheats are named that gain the same."""


def _faults(exercise: Exercise, judged: Sequence[_Judged], python: Interpreter) -> Iterator[Fault]:
    """What is wrong, told once for all cheats of which it is true."""
    where = f"cheats under {python.version}"
    for check in dict.fromkeys(check for each in judged for check in each.gained):
        said = _several([each.cheat.says for each in judged if check in each.gained])
        yield Fault(exercise.name, where, f"get the points of {check}: one that {said}. Let it ask for more.")
    for mistake in dict.fromkeys(each.misnamed for each in judged if each.misnamed):
        said = _several([each.cheat.says for each in judged if each.misnamed == mistake])
        yield Fault(exercise.name, where, f"are taken for {mistake}, which is something else: one that {said}.")
    for each in judged:
        if each.ungraded:
            yield Fault(exercise.name, where, f"one that {each.cheat.says} can't be graded: {each.ungraded}")


def _several(what: Sequence[str]) -> str:
    more = f"; and {len(what) - _SHOWN} more" if len(what) > _SHOWN else ""
    return "; ".join(what[:_SHOWN]) + more


def _judged(cheat: Cheat, stub: Attempt, attempt: Attempt) -> _Judged:
    gained = tuple(sorted(_earned(attempt) - _earned(stub)))
    broken = ", ".join(check.id for check in attempt.checks if check.outcome is Outcome.ERROR)
    ungraded = attempt.reason or broken if attempt.verdict is Verdict.UNGRADED else ""
    told = attempt.diagnosis if attempt.diagnosis != stub.diagnosis else None
    misnamed = told.mistake if told is not None and not _is_in(cheat, told.mistake) else ""
    return _Judged(cheat, gained, misnamed, ungraded)


def _is_in(cheat: Cheat, name: str) -> bool:
    """Whether a cheat has something of the catalogued mistake of that name."""
    exercise = cheat.exercise
    mistake = next(each for each in exercise.mistakes if each.name == name)
    right = files_of(exercise.reference, set(exercise.about.given))
    return edit(right, {**right, **cheat.files}).includes(edit_of(exercise, mistake))


def _earned(attempt: Attempt) -> set[str]:
    return {check.id for check in attempt.checks if check.points}

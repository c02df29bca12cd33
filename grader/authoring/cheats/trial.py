"""Grade cheats: none may get a point that the stub doesn't get, or hear of a mistake that isn't in it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grader.authoring.cheats.generation import Cheat, cheats_of
from grader.authoring.cheats.knowledge import knowledge
from grader.authoring.consistency import Fault
from grader.authoring.trials.edits import edit, edit_of, files_of
from grader.authoring.trials.haste import hurried
from grader.authoring.trials.results import Results, key_of
from grader.authoring.trials.samples import sampled
from grader.catalog import Exercise
from grader.environment.interpreters import Interpreter
from grader.model import Attempt, Outcome, Verdict
from grader.workers import pool

_WALL, _BUILD_WALL, _ATTEMPT_WALL = 3.0, 15.0, 15.0
"""Seconds for an execution, for a build, and for all of an attempt: some cheats never end."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which cheats are graded."""

    interpreter: Interpreter
    tier: str
    """See `sandbox.choose`."""
    hidden: tuple[Path, ...]
    """See `pool.grade_all`."""
    jobs: int
    sample: int | None = None
    """How many of each exercise's cheats are graded at most; None: all of them."""


class Result(msgspec.Struct, frozen=True):
    """One grading of one cheat."""

    key: str
    """Of all that it depends on: what the cheat writes, the checks, the catalogued mistakes, and the Python."""
    exercise: str
    says: str
    """What the cheat does."""
    python: str
    earned: tuple[str, ...]
    """The checks that gave it points."""
    diagnosis: str
    """The mistake that it was taken for; empty if for none."""
    seconds: float


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
    results: Results[Result],
    *,
    begin: Callable[[int], Callable[[Attempt], None]] = lambda _: lambda _: None,
    ended: Callable[[Exercise, int], None] = lambda *_: None,
) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """Prove that cheats get no point that the stub doesn't get.

    Args:
        exercises: which.
        conditions: under which they are graded.
        results: what is known already is not graded again; what is new is added.
        begin: told how many cheats will be graded; what it returns is told of each as it ends.
        ended: told of each exercise as it ends, and how many of its cheats had to be graded.

    Returns:
        A row of the table for each exercise, and what is wrong.
    """
    faults: list[Fault] = []
    tried: list[tuple[Exercise, Attempt, list[Cheat], list[Cheat]]] = []
    for exercise, right, stub in _bases(exercises, conditions):
        if Verdict.UNGRADED in (right.verdict, stub.verdict):
            says = f"could not be graded: {right.reason or stub.reason}"
            faults.append(Fault(exercise.name, "the reference or the stub", says))
        else:
            every = list(cheats_of(exercise, knowledge(exercise, right)))
            cheats = sampled(every, conditions.sample, lambda each: f"{each.exercise.name} {each.says}")
            tried.append(
                (exercise, stub, cheats, [each for each in cheats if results.get(_key(each, conditions)) is None])
            )
    done = begin(sum(len(missing) for *_, missing in tried))
    rows = []
    for exercise, stub, cheats, missing in tried:
        faults.extend(_grade(missing, conditions, results, done))
        ended(exercise, len(missing))
        known = [(cheat, results.get(_key(cheat, conditions))) for cheat in cheats]
        found = [_judged(cheat, stub, result) for cheat, result in known if result is not None]
        gained = sum(bool(each.gained) for each in found)
        rows.append(Row(exercise.name, len(cheats), gained, sum(bool(each.misnamed) for each in found)))
        faults.extend(_faults(exercise, found, conditions.interpreter))
    return tuple(rows), tuple(faults)


def _bases(exercises: Sequence[Exercise], conditions: Conditions) -> Iterator[tuple[Exercise, Attempt, Attempt]]:
    """Exercises with what becomes of the reference and of the stub."""
    folders = [(each, folder) for each in exercises for folder in (each.reference, each.stub)]
    with closing(_graded(folders, conditions)) as graded:
        attempts = [attempt for _, attempt in sorted(graded, key=lambda each: each[0])]
    return zip(exercises, attempts[::2], attempts[1::2], strict=True)


def _key(cheat: Cheat, conditions: Conditions) -> str:
    return key_of(cheat.digest, cheat.exercise, conditions.interpreter)


def _grade(
    cheats: Sequence[Cheat],
    conditions: Conditions,
    results: Results[Result],
    done: Callable[[Attempt], None],
) -> Iterator[Fault]:
    """Grade cheats and keep what became of them; gives those that can't be graded."""
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        folders = [(each.exercise, each.lay_out(Path(temporary, str(index)))) for index, each in enumerate(cheats)]
        with closing(_graded(folders, conditions)) as graded:
            for index, attempt in graded:
                done(attempt)
                cheat = cheats[index]
                if attempt.verdict is Verdict.UNGRADED:
                    broken = ", ".join(check.id for check in attempt.checks if check.outcome is Outcome.ERROR)
                    says = f"one that {cheat.says} can't be graded: {attempt.reason or broken}"
                    yield Fault(cheat.exercise.name, _where(conditions.interpreter), says)
                else:
                    results.add(_result(cheat, conditions, attempt))


def _result(cheat: Cheat, conditions: Conditions, attempt: Attempt) -> Result:
    return Result(
        key=_key(cheat, conditions),
        exercise=cheat.exercise.name,
        says=cheat.says,
        python=conditions.interpreter.version,
        earned=tuple(sorted(_earned(attempt))),
        diagnosis=_told(attempt),
        seconds=round(attempt.seconds, 3),
    )


def _graded(projects: Sequence[tuple[Exercise, Path]], conditions: Conditions) -> Generator[tuple[int, Attempt]]:
    limits = {"wall": _WALL, "build_wall": _BUILD_WALL, "attempt_wall": _ATTEMPT_WALL}
    requests = [
        pool.Request(folder, hurried(exercise, **limits), conditions.interpreter) for exercise, folder in projects
    ]
    if requests:
        graded = pool.grade_as_completed(requests, tier=conditions.tier, hidden=conditions.hidden, jobs=conditions.jobs)
        with closing(graded):
            yield from graded


@dataclass(frozen=True, slots=True)
class _Judged:
    """A cheat, and what is wrong with its grade."""

    cheat: Cheat
    gained: tuple[str, ...]
    """The checks that it passes and the stub doesn't."""
    misnamed: str
    """The mistake that it is taken for, which isn't in it; empty if there is none."""


_SHOWN = 4
"""How many cheats are named that gain the same."""


def _faults(exercise: Exercise, judged: Sequence[_Judged], python: Interpreter) -> Iterator[Fault]:
    """What is wrong, told once for all cheats of which it is true."""
    where = _where(python)
    for check in dict.fromkeys(check for each in judged for check in each.gained):
        said = _several([each.cheat.says for each in judged if check in each.gained])
        yield Fault(exercise.name, where, f"get the points of {check}: one that {said}. Let it ask for more.")
    for mistake in dict.fromkeys(each.misnamed for each in judged if each.misnamed):
        said = _several([each.cheat.says for each in judged if each.misnamed == mistake])
        yield Fault(exercise.name, where, f"are taken for {mistake}, which is something else: one that {said}.")


def _where(python: Interpreter) -> str:
    return f"cheats under {python.version}"


def _several(what: Sequence[str]) -> str:
    more = f"; and {len(what) - _SHOWN} more" if len(what) > _SHOWN else ""
    return "; ".join(what[:_SHOWN]) + more


def _judged(cheat: Cheat, stub: Attempt, result: Result) -> _Judged:
    gained = tuple(each for each in result.earned if each not in _earned(stub))
    told = result.diagnosis if result.diagnosis != _told(stub) else ""
    return _Judged(cheat, gained, told if told and not _is_in(cheat, told) else "")


def _told(attempt: Attempt) -> str:
    return attempt.diagnosis.mistake if attempt.diagnosis else ""


def _is_in(cheat: Cheat, name: str) -> bool:
    """Whether a cheat has something of the catalogued mistake of that name."""
    exercise = cheat.exercise
    mistake = edit_of(exercise, next(each for each in exercise.mistakes if each.name == name))
    right, stub = (files_of(folder, set(exercise.about.given)) for folder in (exercise.reference, exercise.stub))
    # What is put beside the stub's own lines takes nothing of them away: what is true of the stub is true of it.
    keeps_stub = all(stub.get(file, "").strip() in text for file, text in cheat.files.items())
    return any(
        edit(right, {**right, **files}).includes(mistake)
        for files in (cheat.files, stub if keeps_stub else {})
        if files
    )


def _earned(attempt: Attempt) -> set[str]:
    return {check.id for check in attempt.checks if check.points}

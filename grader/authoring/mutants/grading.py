"""Grade mutants, and see which ones nobody notices."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from grader import workers
from grader.authoring.consistency import Fault
from grader.authoring.mutants import exceptions
from grader.authoring.mutants.generation import UNEDITED, Mutant, mutants_of, unedited
from grader.authoring.mutants.results import Result, Results, key_of, result_of
from grader.catalog import Exercise
from grader.environment.interpreters import Interpreter
from grader.model import Attempt

WALL = 3.0
"""Seconds for each execution of a mutant, at first: many never end, and an honest one takes a hundredth of it."""


@dataclass(frozen=True)
class GradedMutant:
    """One mutant, and what became of it under each interpreter."""

    mutant: Mutant
    results: tuple[Result, ...]
    entry: exceptions.ListedMutant | None
    """Why it need not be noticed, if that is listed."""

    @property
    def noticed(self) -> bool:
        """Whether it lost a point under at least one interpreter."""
        return any(result.noticed for result in self.results)

    @property
    def survives(self) -> bool:
        """Whether nobody noticed it, though it isn't listed."""
        return not self.noticed and self.entry is None


@dataclass(frozen=True)
class GradingOptions:
    """How mutants are graded."""

    interpreters: Sequence[Interpreter]
    tier: str
    """The sandbox to take; see `sandbox.choose`."""
    hidden: tuple[Path, ...]
    """See `workers.grade_as_completed`."""
    jobs: int
    sample: int | None
    """How many of each exercise's mutants are graded; None: all of them."""


def grade_mutants(
    exercises: Sequence[Exercise],
    conditions: GradingOptions,
    results: Results,
    begin: Callable[[int], Callable[[Attempt], None]],
) -> tuple[tuple[GradedMutant, ...], tuple[Fault, ...]]:
    """Grade the mutants of exercises.

    Args:
        exercises: whose.
        conditions: how.
        results: what is known already is not graded again; what is new is added.
        begin: told how many will be graded; what it returns is told of each as it ends.

    Returns:
        What became of each mutant, and what is wrong apart from those that survive.
    """
    faults: list[Fault] = []
    chosen: list[tuple[Exercise, list[Mutant], tuple[exceptions.ListedMutant, ...]]] = []
    for exercise in exercises:
        said: list[str] = []
        entries = exceptions.read(exercise, said)
        every = list(mutants_of(exercise))
        faults.extend(Fault(exercise.name, f"mistakes/{exceptions.FILE_NAME}", each) for each in said)
        faults.extend(_unused(exercise, entries, every))
        chosen.append((exercise, _sampled(every, conditions.sample), entries))
    missing = [_missing(mutants, conditions.interpreters, results) for _, mutants, _ in chosen]
    done = begin(sum(map(len, missing)))
    for (exercise, _, _), requests in zip(chosen, missing, strict=True):
        if requests:
            faults.extend(_grade(exercise, requests, conditions, results, done))
    graded = [
        GradedMutant(mutant, tuple(_known(mutant, conditions.interpreters, results)), _entry(mutant, entries))
        for _, mutants, entries in chosen
        for mutant in mutants
    ]
    return tuple(each for each in graded if each.results), tuple(faults)


def _unused(
    exercise: Exercise, entries: Sequence[exceptions.ListedMutant], mutants: Sequence[Mutant]
) -> Iterator[Fault]:
    for entry in exceptions.unused(entries, mutants):
        yield Fault(exercise.name, f"mistakes/{exceptions.FILE_NAME}", f"{entry}: fits no mutant any more; remove it.")


def _sampled(mutants: list[Mutant], sample: int | None) -> list[Mutant]:
    """Some of them, the same ones each time, and among more of them still these."""
    if sample is None:
        return mutants
    return sorted(mutants, key=lambda mutant: hashlib.sha256(mutant.id.encode()).digest())[:sample]


def _entry(mutant: Mutant, entries: Iterable[exceptions.ListedMutant]) -> exceptions.ListedMutant | None:
    return next((entry for entry in entries if entry.fits(mutant)), None)


_MutantAndPython = tuple[Mutant, Interpreter]


def _missing(
    mutants: Sequence[Mutant], interpreters: Sequence[Interpreter], results: Results
) -> list[_MutantAndPython]:
    pairs = [(mutant, python) for mutant in mutants for python in interpreters]
    return [
        (mutant, python) for mutant, python in pairs if not results.get(key_of(mutant.digest, mutant.exercise, python))
    ]


def _known(mutant: Mutant, interpreters: Sequence[Interpreter], results: Results) -> Iterator[Result]:
    for python in interpreters:
        known = results.get(key_of(mutant.digest, mutant.exercise, python))
        if known is not None:
            yield known


def _grade(
    exercise: Exercise,
    pairs: Sequence[_MutantAndPython],
    conditions: GradingOptions,
    results: Results,
    done: Callable[[Attempt], None],
) -> Iterator[Fault]:
    """Grade mutants of one exercise; first its answers as they are, which must lose nothing."""
    right = _missing(tuple(unedited(exercise)), conditions.interpreters, results)
    overdue: list[_MutantAndPython] = []
    for mutant, python, attempt in _graded(_hurried(exercise), [*right, *pairs], conditions):
        if mutant.operator != UNEDITED:
            done(attempt)
        result = result_of(mutant, python, attempt)
        if result.overdue:
            overdue.append((mutant, python))
        else:
            yield from _seen(mutant, result, results)
    # What was only too slow may have had no fault but a busy machine.
    for mutant, python, attempt in _graded(exercise, overdue, conditions):
        yield from _seen(mutant, result_of(mutant, python, attempt), results)


def _graded(
    exercise: Exercise, pairs: Sequence[_MutantAndPython], conditions: GradingOptions
) -> Iterator[tuple[Mutant, Interpreter, Attempt]]:
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        requests = [
            workers.Request(mutant.lay_out(Path(temporary, str(index))), exercise, python)
            for index, (mutant, python) in enumerate(pairs)
        ]
        if requests:
            graded = workers.grade_as_completed(
                requests, tier=conditions.tier, hidden=conditions.hidden, jobs=conditions.jobs
            )
            with closing(graded):
                for index, attempt in graded:
                    yield *pairs[index], attempt


def _seen(mutant: Mutant, result: Result, results: Results) -> Iterator[Fault]:
    """Keep a result, unless it is a fault of ours."""
    name = mutant.exercise.name
    if result.score is None:
        yield Fault(name, mutant.id, f"could not be graded: {result.reason} The edit was:\n{mutant.diff}")
    elif mutant.operator == UNEDITED and result.lost:
        says = f"loses {', '.join(result.lost)} as it is, so nothing is known of its mutants."
        yield Fault(name, f"solutions/{mutant.label}", says)
    else:
        results.add(result)


def _hurried(exercise: Exercise) -> Exercise:
    """The same exercise with less time for each execution."""
    limits = msgspec.structs.replace(exercise.about.limits, wall=min(WALL, exercise.about.limits.wall))
    return replace(exercise, about=msgspec.structs.replace(exercise.about, limits=limits))

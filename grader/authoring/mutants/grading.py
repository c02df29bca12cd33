"""Grade mutants, and see which ones nobody notices."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from grader.authoring.consistency import Fault
from grader.authoring.mutants import MOST, exceptions
from grader.authoring.mutants.exceptions import ListedMutant
from grader.authoring.mutants.generation import UNEDITED, Mutant, mutants_of, unedited
from grader.authoring.mutants.results import Result, result_of
from grader.authoring.trials.haste import hurried
from grader.authoring.trials.results import Results, key_of
from grader.authoring.trials.samples import sampled
from grader.catalog import Exercise
from grader.environment.interpreters import Interpreter
from grader.model import Attempt
from grader.workers import pool

_WALL, _BUILD_WALL = 3.0, 20.0
"""Seconds for an execution and a build of a mutant: some never end, and an honest one takes a hundredth of it."""
_PATIENCE = 3
"""How many times as long they get when all else is done: what was late may have had no fault but a busy machine."""


@dataclass(frozen=True)
class GradedMutant:
    """One mutant, and what became of it under each interpreter."""

    mutant: Mutant
    results: tuple[Result, ...]
    entry: ListedMutant | None
    """Why it need not be noticed, if that is listed."""
    told: ListedMutant | None = None
    """Why what it is taken for is right, if that is listed."""

    @property
    def noticed(self) -> bool:
        """Whether it lost a point under at least one interpreter."""
        return any(result.noticed for result in self.results)

    @property
    def survives(self) -> bool:
        """Whether nobody noticed it, though it isn't listed."""
        return not self.noticed and self.entry is None


@dataclass(frozen=True)
class GradedMutants:
    """What became of the mutants of some exercises."""

    graded: tuple[GradedMutant, ...]
    made: Mapping[str, int]
    """How many mutants each exercise has, by its name; where that is more than were graded, those are a sample."""
    faults: tuple[Fault, ...]
    """What is wrong apart from mutants that survive."""

    def without_samples(self) -> Iterator[GradedMutant]:
        """The mutants of those exercises of which all were graded: what is true of them is true of the exercise."""
        graded = Counter(each.mutant.exercise.name for each in self.graded)
        for each in self.graded:
            if graded[each.mutant.exercise.name] == self.made[each.mutant.exercise.name]:
                yield each


@dataclass(frozen=True)
class GradingOptions:
    """How mutants are graded."""

    interpreters: Sequence[Interpreter]
    tier: str
    """The sandbox to take; see `sandbox.choose`."""
    hidden: tuple[Path, ...]
    """See `pool.grade_as_completed`."""
    jobs: int
    sample: int = MOST
    """How many of each exercise's mutants are graded at most."""


def grade_mutants(
    exercises: Sequence[Exercise],
    options: GradingOptions,
    results: Results[Result],
    begin: Callable[[int], Callable[[Attempt], None]],
    ended: Callable[[Exercise, int], None] = lambda *_: None,
) -> GradedMutants:
    """Grade the mutants of exercises.

    Args:
        exercises: whose.
        options: how.
        results: what is known already is not graded again; what is new is added.
        begin: told how many will be graded; what it returns is told of each as it ends.
        ended: told of each exercise as it ends, and how many of its mutants had to be graded.
    """
    faults: list[Fault] = []
    chosen: list[tuple[Exercise, list[Mutant], tuple[ListedMutant, ...]]] = []
    made: dict[str, int] = {}
    for exercise in exercises:
        list_faults: list[str] = []
        entries = exceptions.read(exercise, list_faults)
        every = list(mutants_of(exercise))
        unused = (f"{entry}: fits no mutant any more; remove it." for entry in exceptions.unused(entries, every))
        faults.extend(_list_fault(exercise, says) for says in (*list_faults, *unused))
        made[exercise.name] = len(every)
        chosen.append((exercise, sampled(every, options.sample, lambda mutant: mutant.id), entries))
    missing = [_missing(mutants, options.interpreters, results) for _, mutants, _ in chosen]
    done = begin(sum(map(len, missing)))
    for (exercise, _, _), pairs in zip(chosen, missing, strict=True):
        if pairs:
            faults.extend(_grade(exercise, pairs, options, results, done))
        ended(exercise, len(pairs))
    graded = [
        GradedMutant(
            mutant,
            tuple(_known(mutant, options.interpreters, results)),
            _entry(mutant, entries, told=False),
            _entry(mutant, entries, told=True),
        )
        for _, mutants, entries in chosen
        for mutant in mutants
    ]
    mutants = GradedMutants(tuple(each for each in graded if each.results), made, tuple(faults))
    return replace(mutants, faults=(*faults, *_needless(mutants)))


def _needless(mutants: GradedMutants) -> Iterator[Fault]:
    """Entries about mutants that are all noticed."""
    by_entry: dict[tuple[Exercise, ListedMutant], list[GradedMutant]] = {}
    for each in mutants.without_samples():
        if each.entry is not None:
            by_entry.setdefault((each.mutant.exercise, each.entry), []).append(each)
    for (exercise, entry), own in by_entry.items():
        if all(each.noticed for each in own):
            yield _list_fault(exercise, f"{entry}: all that it fits is noticed; remove it.")


def _list_fault(exercise: Exercise, says: str) -> Fault:
    return Fault(exercise.name, f"mistakes/{exceptions.FILE_NAME}", says)


def _entry(mutant: Mutant, entries: Iterable[ListedMutant], *, told: bool) -> ListedMutant | None:
    return next((entry for entry in entries if entry.is_about_diagnosis == told and entry.fits(mutant)), None)


_MutantAndPython = tuple[Mutant, Interpreter]


def _missing(
    mutants: Sequence[Mutant], interpreters: Sequence[Interpreter], results: Results[Result]
) -> list[_MutantAndPython]:
    pairs = [(mutant, python) for mutant in mutants for python in interpreters]
    return [
        (mutant, python) for mutant, python in pairs if not results.get(key_of(mutant.digest, mutant.exercise, python))
    ]


def _known(mutant: Mutant, interpreters: Sequence[Interpreter], results: Results[Result]) -> Iterator[Result]:
    for python in interpreters:
        known = results.get(key_of(mutant.digest, mutant.exercise, python))
        if known is not None:
            yield known


def _grade(
    exercise: Exercise,
    pairs: Sequence[_MutantAndPython],
    options: GradingOptions,
    results: Results[Result],
    done: Callable[[Attempt], None],
) -> list[Fault]:
    """Grade mutants of one exercise; first the answers they are made from as they are, which must lose nothing."""
    faults: list[Fault] = []
    overdue: list[_MutantAndPython] = []
    answers = {mutant.answer for mutant, _ in pairs}
    bases = [answer for answer in unedited(exercise) if answer.answer in answers]
    unmodified = _missing(bases, options.interpreters, results)
    in_haste = hurried(exercise, wall=_WALL, build_wall=_BUILD_WALL)
    with closing(_graded(in_haste, [*unmodified, *pairs], options)) as graded:
        for mutant, python, attempt in graded:
            if mutant.operator != UNEDITED:
                done(attempt)
            result = result_of(mutant, python, attempt)
            if result.overdue:
                overdue.append((mutant, python))
            else:
                faults.extend(_keep(mutant, result, results))
    patient = hurried(exercise, wall=_PATIENCE * _WALL, build_wall=_PATIENCE * _BUILD_WALL)
    with closing(_graded(patient, overdue, options)) as graded:
        for mutant, python, attempt in graded:
            faults.extend(_keep(mutant, result_of(mutant, python, attempt), results))
    return faults


def _graded(
    exercise: Exercise, pairs: Sequence[_MutantAndPython], options: GradingOptions
) -> Generator[tuple[Mutant, Interpreter, Attempt]]:
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        requests = [
            pool.Request(mutant.lay_out(Path(temporary, str(index))), exercise, python)
            for index, (mutant, python) in enumerate(pairs)
        ]
        if requests:
            graded = pool.grade_as_completed(requests, tier=options.tier, hidden=options.hidden, jobs=options.jobs)
            with closing(graded):
                for index, attempt in graded:
                    yield *pairs[index], attempt


def _keep(mutant: Mutant, result: Result, results: Results[Result]) -> Iterator[Fault]:
    """Keep a result, unless it is a fault of ours."""
    name = mutant.exercise.name
    if result.score is None:
        yield Fault(name, mutant.id, f"could not be graded: {result.reason} The edit was:\n{mutant.diff}")
    elif mutant.operator == UNEDITED and result.lost:
        says = f"loses {', '.join(result.lost)} as it is, so nothing is known of its mutants."
        yield Fault(name, f"solutions/{mutant.label}", says)
    else:
        results.add(result)

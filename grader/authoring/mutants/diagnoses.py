"""Compare what mutants are taken for with what was edited in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.authoring.consistency import Fault
from grader.authoring.mutants.exceptions import FILE_NAME, ListedMutant
from grader.authoring.mutants.generation import Mutant
from grader.authoring.mutants.grading import GradedMutant, GradedMutants
from grader.authoring.trials.edits import Edit, edit, edit_of
from grader.catalog.exercise_files import Mistake


def diagnosed(graded: Sequence[GradedMutant]) -> int:
    """How many mutants were taken for a catalogued mistake."""
    return sum(bool(_names(each)) for each in graded)


def misnamed(mutants: GradedMutants) -> Iterator[Fault]:
    """The mutants that were taken for a mistake that has nothing to do with the edit, and entries about none."""
    needed: set[ListedMutant] = set()
    for each in mutants.graded:
        for mistake in _others(each):
            if each.told is not None:
                needed.add(each.told)
                continue
            says = f'is taken for {mistake.name} ("{mistake.says}"), which isn\'t what was edited:\n{each.mutant.diff}'
            yield Fault(each.mutant.exercise.name, each.mutant.id.partition("/")[2], says)
    listed = {each.told: each.mutant.exercise.name for each in mutants.without_samples() if each.told is not None}
    for entry in listed.keys() - needed:
        says = f"{entry}: nothing that it fits is taken for something else; remove it."
        yield Fault(listed[entry], f"mistakes/{FILE_NAME}", says)


def _others(graded: GradedMutant) -> Iterator[Mistake]:
    """The mistakes that a mutant was taken for and that aren't what was edited."""
    exercise = graded.mutant.exercise
    for mistake in exercise.mistakes:
        if mistake.name in _names(graded) and not _edit(graded.mutant).is_about(edit_of(exercise, mistake)):
            yield mistake


def _names(graded: GradedMutant) -> set[str]:
    return {result.diagnosis for result in graded.results if result.diagnosis}


def _edit(mutant: Mutant) -> Edit:
    before = (mutant.answer / mutant.file).read_bytes().decode("utf-8", "replace")
    after = None if mutant.content is None else mutant.content.decode("utf-8", "replace")
    return edit({mutant.file: before}, {} if after is None else {mutant.file: after})

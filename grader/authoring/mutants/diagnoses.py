"""Compare what mutants are taken for with what was edited in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.authoring.consistency import Fault
from grader.authoring.mutants.exceptions import FILE_NAME, ListedMutant
from grader.authoring.mutants.generation import Mutant
from grader.authoring.mutants.grading import GradedMutant
from grader.authoring.trials.edits import Edit, edit, edit_of
from grader.catalog import Exercise


def diagnosed(graded: Sequence[GradedMutant]) -> int:
    """How many mutants were taken for a catalogued mistake."""
    return sum(bool(_names(each)) for each in graded)


def misnamed(graded: Sequence[GradedMutant]) -> Iterator[Fault]:
    """The mutants that were taken for a mistake that has nothing to do with the edit, and entries about none."""
    edits: dict[tuple[str, str], Edit] = {}
    needed: set[ListedMutant] = set()
    listed: dict[ListedMutant, Exercise] = {}
    for each in graded:
        exercise = each.mutant.exercise
        if each.told is not None:
            listed[each.told] = exercise
        for mistake in (mistake for mistake in exercise.mistakes if mistake.name in _names(each)):
            key = exercise.name, mistake.name
            if key not in edits:
                edits[key] = edit_of(exercise, mistake)
            if _edit(each.mutant).is_about(edits[key]):
                continue
            if each.told is not None:
                needed.add(each.told)
                continue
            says = f'is taken for {mistake.name} ("{mistake.says}"), which isn\'t what was edited:\n{each.mutant.diff}'
            yield Fault(exercise.name, each.mutant.id.partition("/")[2], says)
    for entry in listed.keys() - needed:
        says = f"{entry}: what it fits is taken for nothing else; remove it."
        yield Fault(listed[entry].name, f"mistakes/{FILE_NAME}", says)


def _names(graded: GradedMutant) -> set[str]:
    return {result.diagnosis for result in graded.results if result.diagnosis}


def _edit(mutant: Mutant) -> Edit:
    before = (mutant.answer / mutant.file).read_bytes().decode("utf-8", "replace")
    after = (mutant.content or b"").decode("utf-8", "replace")
    return edit({mutant.file: before}, {mutant.file: after})

"""What became of mutants as a table, and as a list of those that survive."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.authoring.mutants.grading import GradedMutant, GradedMutants

OVERALL, EACH, MOST_LISTED = 98.0, 95.0, 15.0
"""The goals in per cent: noticed over all exercises, in each of them, and listed at most."""
_TELLING = 20
"""How many mutants of one exercise tell whether it reaches its goal."""
_HEAD = ("exercise", "made", "mutants", "noticed", "listed", "survivors", "noticed in %")


@dataclass(frozen=True, slots=True)
class Row:
    """How one exercise did, or all of them."""

    name: str
    made: int
    """How many there are; those that were graded are a sample, where they are fewer."""
    mutants: int
    """How many were graded."""
    noticed: int
    listed: int
    """Those that nobody noticed and that are listed."""

    @property
    def survivors(self) -> int:
        """Those that nobody noticed and that aren't listed."""
        return self.mutants - self.noticed - self.listed

    @property
    def percent(self) -> float:
        """Noticed, of those that aren't listed."""
        counted = self.mutants - self.listed
        return 100 * self.noticed / counted if counted else 100.0

    @property
    def cells(self) -> tuple[str, ...]:
        """As a line of the table."""
        numbers = self.made, self.mutants, self.noticed, self.listed, self.survivors
        return self.name, *map(str, numbers), f"{self.percent:.1f}"


def rows(mutants: GradedMutants) -> tuple[Row, ...]:
    """A row for each exercise, and the last for all of them."""
    by_exercise = itertools.groupby(mutants.graded, lambda each: each.mutant.exercise.name)
    each = [_row(name, mutants.made[name], list(own)) for name, own in by_exercise]
    return (*each, _row("all", sum(row.made for row in each), mutants.graded))


def _row(name: str, made: int, graded: Sequence[GradedMutant]) -> Row:
    noticed = sum(each.noticed for each in graded)
    listed = sum(not each.noticed and each.entry is not None for each in graded)
    return Row(name, made, len(graded), noticed, listed)


def missed_goals(table: Sequence[Row]) -> Iterator[str]:
    """The goals that are not reached, as sentences."""
    *each, whole = table
    if whole.percent < OVERALL:
        yield f"{whole.percent:.1f} % of all mutants are noticed; the goal is {OVERALL:g} %."
    for row in each:
        if row.percent < EACH and row.mutants - row.listed >= _TELLING:
            yield f"{row.name}: {row.percent:.1f} % are noticed; the goal is {EACH:g} %."
    if whole.mutants and 100 * whole.listed / whole.mutants > MOST_LISTED:
        yield f"{whole.listed} of {whole.mutants} mutants are listed; the goal is {MOST_LISTED:g} % at most."


def cells(table: Sequence[Row]) -> list[tuple[str, ...]]:
    """The table with its head, as texts."""
    return [_HEAD, *(row.cells for row in table)]


def survivors(graded: Sequence[GradedMutant]) -> Iterator[str]:
    """Each mutant that survives: its name, the misconception if it is a look-alike, and the edit."""
    for each in graded:
        if each.survives:
            says = f"\n  {each.mutant.says}" if each.mutant.says else ""
            indented = "\n".join(f"    {line}" for line in each.mutant.diff.splitlines()[2:])
            yield f"{each.mutant.id}{says}\n{indented}"


def frequent(graded: Sequence[GradedMutant]) -> Iterator[str]:
    """The look-alikes that survive in several exercises: mistakes that a catalogue may want to name."""
    found = {(each.mutant.operator, each.mutant.says, each.mutant.exercise.name) for each in graded if each.survives}
    counted = Counter((operator, says) for operator, says, _ in found if says)
    for (operator, says), count in counted.most_common():
        if count > 1:
            yield f"{operator} survives in {count} exercises: {says}"

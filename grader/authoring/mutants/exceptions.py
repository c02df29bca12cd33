"""The mutants that need not be noticed: `mistakes/mutants.toml` of an exercise lists them, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.catalog import Exercise
from grader.settings import read_toml

if TYPE_CHECKING:
    from grader.authoring.mutants.generation import Mutant

FILE_NAME = "mutants.toml"
UNNOTICED = ("equivalent: ", "outside: ")
"""What a reason begins with: the edit changes nothing that can be seen, or nothing that the contract promises."""
TOLD = "told: "
"""The same, where it says why the mistake that a mutant is taken for is what was edited, though the words differ."""
REASONS = (*UNNOTICED, TOLD)


class ListedMutant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry: all mutants that have everything it says. It names no line, so it lasts when others change."""

    why: str
    operator: str = ""
    """The operator; empty: any."""
    before: str = ""
    """The lines that the edit takes away, without the blanks around them; empty: any."""
    after: str | None = None
    """The lines that it puts in their place; None: any."""
    file: str = ""
    """The file in the answer; empty: any."""
    answer: str = ""
    """`reference` or `alternatives/NAME`; empty: any."""

    @property
    def is_about_diagnosis(self) -> bool:
        """Whether it is about what a mutant is taken for, not about one that isn't noticed."""
        return self.why.startswith(TOLD)

    def fits(self, mutant: Mutant) -> bool:
        """Whether it is about this mutant."""
        return (
            self.operator in {"", mutant.operator}
            and self.file in {"", mutant.file}
            and self.answer in {"", mutant.label}
            and (not self.before or _bare(self.before) == mutant.before)
            and (self.after is None or _bare(self.after) == mutant.after)
        )

    def __str__(self) -> str:
        what = self.before.strip().partition("\n")[0] or self.file
        return f"{self.operator or 'any operator'} at `{what}`"


class _MutantsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mutant: tuple[ListedMutant, ...] = ()


def path_of(exercise: Exercise) -> Path:
    """Where an exercise's list is, if it has one."""
    return exercise.folder / "mistakes" / FILE_NAME


def read(exercise: Exercise, faults: list[str]) -> tuple[ListedMutant, ...]:
    """An exercise's list; what is wrong with it is added to the faults."""
    path = path_of(exercise)
    if not path.exists():
        return ()
    own: list[str] = []
    found = read_toml(path, _MutantsFile, own, _faults)
    faults.extend(own)
    return found.mutant if found is not None and not own else ()


def _faults(content: _MutantsFile) -> Iterator[tuple[str, str]]:
    for index, entry in enumerate(content.mutant, 1):
        if not entry.why.startswith(REASONS) or not entry.why.partition(": ")[2].strip():
            yield (
                f"mutant {index}: why",
                f"must begin with {' or '.join(map(repr, REASONS))} and go on with the reason.",
            )
        if not entry.before and not entry.file:
            yield f"mutant {index}", "needs `before` or `file`, or it would be about too much."


def _bare(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def unused(entries: Sequence[ListedMutant], mutants: Sequence[Mutant]) -> Iterator[ListedMutant]:
    """The entries that are about no mutant any more."""
    for entry in entries:
        if not any(map(entry.fits, mutants)):
            yield entry

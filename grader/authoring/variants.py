"""Answers whose results are known beforehand: the stub, the solutions, and the mistakes laid over their bases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.omissions import Omission, omissions_of
from grader.catalog import Exercise
from grader.catalog.exercise_files import Mistake
from grader.environment.interpreters import Interpreter
from grader.explaining.diagnosis import is_wrong_under

NO_FILES = "an empty project"
EMPTY_FILES = "the stub with empty files"
REPETITIONS = 4
"""How often a wrong answer is graded again for its signature: if less often, more is taken for what it always shows."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One answer whose result is known beforehand."""

    label: str
    exercise: Exercise
    interpreter: Interpreter
    mistake: Mistake | None = None
    source: Path | None = None
    blank_lines: int = 0
    """How many are added to the end of a file: the same answer, of which the checks draw other data."""
    omission: Omission | None = None
    """What is not there yet in this answer."""

    def lay_out(self, target: Path) -> Path:
        """The project as a folder."""
        if self.label == NO_FILES:
            target.mkdir()
            return target
        if self.label == EMPTY_FILES:
            shutil.copytree(self.exercise.stub, target)
            for name in self.exercise.about.learner:
                (target / name).write_bytes(b"")
            return target
        if self.mistake is None:
            assert self.source is not None  # noqa: S101 - one of the two
            if not self.blank_lines and self.omission is None:
                return self.source
            shutil.copytree(self.source, target)
        else:
            lay_out_mistake(self.exercise, self.mistake, target)
        if self.omission is not None:
            (target / self.omission.name).write_bytes(self.omission.content)
        self._add_blank_lines(target)
        return target

    def _add_blank_lines(self, target: Path) -> None:
        present = [target / name for name in self.exercise.about.learner if (target / name).is_file()]
        if present and self.blank_lines:
            path = next((each for each in present if each.suffix == ".py"), present[0])
            path.write_bytes(path.read_bytes() + b"\n" * self.blank_lines)

    @property
    def where(self) -> str:
        """What it is called in faults."""
        changed = f" with {self.blank_lines} more blank lines" if self.blank_lines else ""
        if self.omission is not None:
            changed = f" from {self.omission.name}"
        return f"{self.label}{changed} under {self.interpreter.version}"

    @property
    def is_worth_nothing(self) -> bool:
        """Whether nothing in it was done by anybody."""
        return self.label in ("stub", NO_FILES, EMPTY_FILES)

    def is_wrong_here(self) -> bool:
        """Whether the mistake is one under this interpreter."""
        assert self.mistake is not None  # noqa: S101 - asked of mistakes only
        return is_wrong_under(self.mistake, self.interpreter.version)


def lay_out_mistake(exercise: Exercise, mistake: Mistake, target: Path) -> None:
    """Make a mistake's project: its files laid over those of its base."""
    shutil.copytree(exercise.stub if mistake.base == "stub" else exercise.reference, target)
    for name in mistake.removes:
        (target / name).unlink()
    shutil.copytree(exercise.folder / "mistakes" / mistake.name, target, dirs_exist_ok=True)


def variants_of(
    exercise: Exercise, interpreters: Sequence[Interpreter], *, for_mistakes: Sequence[Interpreter] | None = None
) -> Iterator[Variant]:
    """All answers of an exercise whose results are known beforehand.

    Args:
        exercise: whose.
        interpreters: under which to grade them.
        for_mistakes: the same for mistakes and for empty projects and files, if it is fewer; alternatives are then
            graded under these, and in turns under the oldest and the newest.
    """
    for python in interpreters:
        yield Variant("stub", exercise, python, source=exercise.stub)
        if for_mistakes is None or python in for_mistakes:
            yield Variant(NO_FILES, exercise, python)
            yield Variant(EMPTY_FILES, exercise, python)
        yield Variant("solutions/reference", exercise, python, source=exercise.reference)
        newer = [path for path, first in exercise.newer_alternatives.items() if python.minor >= first]
        for number, path in enumerate((*exercise.alternatives, *newer)):
            if for_mistakes is None or python in (*for_mistakes, interpreters[0 if number % 2 else -1]):
                yield Variant(f"solutions/{path.parent.name}/{path.name}", exercise, python, source=path)
        for mistake in exercise.mistakes if for_mistakes is None or python in for_mistakes else ():
            yield Variant(f"mistakes/{mistake.name}", exercise, python, mistake=mistake)


def draws_of(exercise: Exercise, interpreter: Interpreter, draws: int) -> Iterator[Variant]:
    """Each mistake again, so often that its checks draw their data that many times altogether."""
    for mistake in exercise.mistakes:
        for blank_lines in range(1, draws):
            yield Variant(f"mistakes/{mistake.name}", exercise, interpreter, mistake=mistake, blank_lines=blank_lines)


def signature_variants_of(exercise: Exercise, interpreters: Sequence[Interpreter]) -> Iterator[Variant]:
    """What else signatures need: wrong answers `REPETITIONS` more times, and right ones that aren't complete."""
    for omission in omissions_of(exercise):
        yield Variant("an omission", exercise, interpreters[-1], source=exercise.reference, omission=omission)
    for blank_lines in range(1, REPETITIONS + 1):
        python = interpreters[blank_lines % len(interpreters)]
        yield Variant("stub", exercise, python, source=exercise.stub, blank_lines=blank_lines)
        for mistake in exercise.mistakes:
            yield Variant(f"mistakes/{mistake.name}", exercise, python, mistake=mistake, blank_lines=blank_lines)

"""Answers whose results are known beforehand: the stub, the solutions, and the mistakes laid over their bases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet

from grader.catalog import Exercise, Mistake
from grader.environment.interpreters import Interpreter


@dataclass(frozen=True, slots=True)
class Variant:
    """One answer whose result is known beforehand."""

    label: str
    exercise: Exercise
    interpreter: Interpreter
    mistake: Mistake | None = None
    source: Path | None = None

    def lay_out(self, target: Path) -> Path:
        """The project as a folder."""
        if self.mistake is None:
            assert self.source is not None  # noqa: S101 - one of the two
            return self.source
        base = self.exercise.stub if self.mistake.base == "stub" else self.exercise.reference
        shutil.copytree(base, target)
        for name in self.mistake.removes:
            (target / name).unlink()
        shutil.copytree(self.exercise.folder / "mistakes" / self.mistake.name, target, dirs_exist_ok=True)
        return target

    def wrong_here(self) -> bool:
        """Whether the mistake is one under this interpreter."""
        assert self.mistake is not None  # noqa: S101 - asked of mistakes only
        return self.interpreter.version in SpecifierSet(self.mistake.versions)


def variants_of(exercise: Exercise, interpreters: Sequence[Interpreter]) -> Iterator[Variant]:
    """All answers of an exercise whose results are known beforehand."""
    for python in interpreters:
        yield Variant("stub", exercise, python, source=exercise.stub)
        yield Variant("solutions/reference", exercise, python, source=exercise.reference)
        for path in exercise.alternatives:
            yield Variant(f"solutions/alternatives/{path.name}", exercise, python, source=path)
        for mistake in exercise.mistakes:
            yield Variant(f"mistakes/{mistake.name}", exercise, python, mistake=mistake)

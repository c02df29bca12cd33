"""All mutants of an exercise: its right answers, with one edit each."""

from __future__ import annotations

import difflib
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from grader.authoring.mutants import project_files
from grader.authoring.mutants.classical import CLASSICAL
from grader.authoring.mutants.look_alikes import LOOK_ALIKES
from grader.authoring.mutants.sources import Source, compiled
from grader.catalog import Exercise

UNEDITED = "unedited"
_WHOLE_FILE = "file_left_out"
_INIT_SAYS = "A directory without __init__.py is taken for a package like any other."


@dataclass(frozen=True)
class Mutant:
    """A right answer with one edit in it."""

    exercise: Exercise
    answer: Path
    """The folder of the right answer."""
    file: str
    """Which of its files is edited, with slashes."""
    operator: str
    ordinal: int
    """Among the edits of this operator in this file, from 1."""
    says: str
    """The misconception that a look-alike stands for; empty if it is none."""
    content: bytes | None
    """The file after the edit; None if it is left out."""

    @property
    def id(self) -> str:
        """A name that stays the same as long as the answer does."""
        return f"{self.exercise.name}/{self.label}/{self.file}:{self.operator}#{self.ordinal}"

    @property
    def label(self) -> str:
        """The answer's name: `reference`, or `alternatives/…`."""
        return self.answer.relative_to(self.exercise.solutions).as_posix()

    @cached_property
    def before(self) -> str:
        """The lines that the edit takes away, without what is around them."""
        return self._without_signs("-")

    @cached_property
    def after(self) -> str:
        """The lines that it puts in their place."""
        return self._without_signs("+")

    @cached_property
    def diff(self) -> str:
        """The edit as a unified diff with a line of context."""
        return "\n".join(self._lines(context=1))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all files of the edited answer."""
        whole = hashlib.sha256()
        for path in sorted(self.answer.rglob("*")):
            name = path.relative_to(self.answer).as_posix()
            if path.is_file():
                content = self.content if name == self.file else path.read_bytes()
                whole.update(f"{name} {-1 if content is None else len(content)} ".encode())
                whole.update(content or b"")
        return whole.hexdigest()

    def lay_out(self, target: Path) -> Path:
        """The edited answer as a folder."""
        shutil.copytree(self.answer, target)
        if self.content is None:
            (target / self.file).unlink()
        else:
            (target / self.file).write_bytes(self.content)
        return target

    def _without_signs(self, sign: str) -> str:
        return "\n".join(line[1:].strip() for line in self._changed if line.startswith(sign)).strip()

    @cached_property
    def _changed(self) -> list[str]:
        return self._lines(context=0)[3:]

    def _lines(self, context: int) -> list[str]:
        before = (self.answer / self.file).read_bytes().decode("utf-8", "replace").splitlines()
        after = (self.content or b"").decode("utf-8", "replace").splitlines()
        name = f"{self.label}/{self.file}"
        return list(difflib.unified_diff(before, after, name, name, n=context, lineterm=""))


def unedited(exercise: Exercise) -> Iterator[Mutant]:
    """The right answers as they are, as if that were edits, too: what they lose, mutants don't lose for being wrong."""
    for answer in (exercise.reference, *exercise.alternatives):
        path = next(path for path in sorted(answer.rglob("*")) if path.is_file())
        name = path.relative_to(answer).as_posix()
        yield Mutant(exercise, answer, name, UNEDITED, 1, "", path.read_bytes())


def mutants_of(exercise: Exercise) -> Iterator[Mutant]:
    """All mutants of an exercise. A file that several answers have alike is edited in the first of them only."""
    seen: set[tuple[str, bytes]] = set()
    for answer in (exercise.reference, *exercise.alternatives):
        files = [path for path in sorted(answer.rglob("*")) if path.is_file()]
        for path in files:
            name = path.relative_to(answer).as_posix()
            content = path.read_bytes()
            if (name, content) in seen or name in exercise.about.given or path.suffix == ".md":
                continue
            seen.add((name, content))
            yield from _of_file(exercise, answer, name, content)
            if len(files) > 1:
                says = _INIT_SAYS if path.name == "__init__.py" else ""
                yield Mutant(exercise, answer, name, _WHOLE_FILE, 1, says, None)


def _of_file(exercise: Exercise, answer: Path, name: str, content: bytes) -> Iterator[Mutant]:
    made = _python(name, content) if name.endswith(".py") else _other(name, content)
    counted: dict[str, int] = {}
    for operator, says, changed in made:
        counted[operator] = counted.get(operator, 0) + 1
        yield Mutant(exercise, answer, name, operator, counted[operator], says, changed)


def _python(name: str, content: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Operators' names, misconceptions and edited files, none of which runs as the original or another one does."""
    is_package = PurePosixPath(name).name == "__init__.py"

    def digest_of(content: bytes) -> str | None:
        # In there the two are one and the same text.
        return compiled(content.replace(b"__package__", b"__name__") if is_package else content)

    source = Source(content)
    seen = {digest_of(content), None}
    for operator in (*LOOK_ALIKES, *CLASSICAL):
        for edit in operator.find(source):
            changed = edit.applied(content)
            digest = digest_of(changed)
            if digest not in seen:
                seen.add(digest)
                yield operator.name, operator.says, changed


def _other(name: str, content: bytes) -> Iterator[tuple[str, str, bytes]]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return
    seen: list[object] = [project_files.meaning(name, text), None]
    for operator in project_files.operators_for(name):
        for changed in operator.find(text):
            meaning = project_files.meaning(name, changed)
            if meaning not in seen and not project_files.is_wording(text, changed):
                seen.append(meaning)
                yield operator.name, operator.says, changed.encode()

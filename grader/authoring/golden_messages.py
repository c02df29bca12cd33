"""Compare the messages for each mistake with golden files, so that any change is noticed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.consistency import Fault
from grader.authoring.variants import Variant
from grader.model import Attempt


@dataclass(frozen=True, slots=True)
class GoldenMessages:
    """A folder with a file for each exercise, like `01_path_appending.txt`.

    The first line of a file is like `Python 3.12.1`, the one version whose messages it keeps: tracebacks are worded and
    marked otherwise in others. Where another 3.12 is here, nothing is compared, and `--update-messages` takes that one.
    With a first line like `Python 3.12` the file is compared under any 3.12.
    An exercise without a file is left out: where threads race, what a wrong answer raises is not the same twice.
    """

    folder: Path
    update: bool = False
    """Whether the files are to follow what is told."""

    def compare(self, graded: Sequence[tuple[Variant, Attempt]]) -> Iterator[Fault]:
        """Where what is told is not what was read and kept."""
        for name, pairs in itertools.groupby(graded, lambda pair: pair[0].exercise.name):
            path = self.folder / f"{name}.txt"
            if path.exists():
                yield from self._compare(path, name, pairs)

    def version(self, exercise: str) -> str | None:
        """The version of Python, in full, whose messages are kept; None if an exercise has none."""
        path = self.folder / f"{exercise}.txt"
        return _version(path.read_text(encoding="utf-8")) if path.exists() else None

    def _compare(self, path: Path, name: str, graded: Iterator[tuple[Variant, Attempt]]) -> Iterator[Fault]:
        kept = path.read_text(encoding="utf-8")
        version = _version(kept)
        wanted = [(variant, attempt) for variant, attempt in graded if _has_messages(variant, version)]
        here = {variant.interpreter.version for variant, _ in wanted}
        told = "\n".join(["", *(_messages_of(*pair) for pair in wanted)])
        if not wanted:
            return
        if self.update:
            path.write_text(f"Python {''.join(here)}\n{told}", encoding="utf-8")
        elif told != kept.partition("\n")[2] and (here == {version} or minor(version) == version):
            says = f"are not those of {path}; see what --update-messages changes there, and whether it is better."
            yield Fault(name, "messages", says)


def minor(version: str) -> str:
    """A version without its last part: 3.12 of 3.12.1."""
    return ".".join(version.split(".")[:2])


def _version(kept: str) -> str:
    return kept.partition("\n")[0].removeprefix("Python ")


def _has_messages(variant: Variant, version: str) -> bool:
    return variant.interpreter.is_of(minor(version)) and variant.mistake is not None and variant.is_wrong_here()


def _messages_of(variant: Variant, attempt: Attempt) -> str:
    assert variant.mistake is not None  # noqa: S101 - asked of mistakes only
    lines = [f"===== {variant.mistake.name}: {variant.mistake.says}", ""]
    for cause in attempt.causes:
        lines += [f"--- cause: {cause.kind}", cause.text, ""]
    for check in attempt.checks:
        if check.message:
            lines += [f"--- {check.title} ({check.outcome}, {check.max_points} points)", check.message, ""]
    return "\n".join(lines)

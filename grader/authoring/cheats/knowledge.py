"""What somebody who cheats can know: the exercise's README, and the report of an earlier grading."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import grader
from grader.catalog import Exercise
from grader.model import Attempt, Step

_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_TRIED_BY_HAND = re.compile(r"^ {4}(?:cd .* && )?python3?\s+(?P<command>[^#\n]*?)\s*#\s*(?P<says>.+)$", re.MULTILINE)
_IMPORTED = re.compile(r"^\s*(?:import|from)\s+([A-Za-z_][\w, ]*)", re.MULTILINE)
_RUN_BESIDE_LEARNERS = ("judge/probes", "judge/building.py", "environment")
"""Where the code of ours is that runs on the learner's side, or starts what does."""
_OURS = "grader"


@dataclass(frozen=True, slots=True)
class Seen:
    """What an earlier run printed, and how it ended."""

    words: tuple[str, ...]
    """The words of its command, the last ones being its arguments."""
    stdout: str
    status: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All of it, for one exercise."""

    examples: tuple[str, ...]
    """The texts that the README shows as code."""
    by_hand: tuple[Seen, ...]
    """What the README says that commands print."""
    runs: tuple[Seen, ...]
    """What was seen of a right answer, in the order of the checks."""
    modules: tuple[str, ...]
    """The modules that our probes, builds and the checks import, by their first names."""


def knowledge(exercise: Exercise, right: Attempt) -> Knowledge:
    """What a cheat can know of an exercise.

    Args:
        exercise: which.
        right: the grading of a right answer.
    """
    readme = (exercise.folder / "README.md").read_text(encoding="utf-8")
    steps = (step for check in right.checks for step in check.transcript)
    return Knowledge(
        examples=tuple(dict.fromkeys(_SPAN.findall(readme))),
        by_hand=tuple(_by_hand(readme)),
        runs=tuple(dict.fromkeys(filter(None, map(_seen, steps)))),
        modules=tuple(_modules(exercise)),
    )


def _by_hand(readme: str) -> Iterator[Seen]:
    for found in _TRIED_BY_HAND.finditer(readme):
        yield Seen(_words(found["command"]), f"{found['says']}\n", 0)


def _seen(step: Step) -> Seen | None:
    if step.status is None:
        return None
    return Seen(_words(step.command.rpartition(" && ")[2]), f"{step.stdout}\n" if step.stdout else "", step.status)


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError:  # a part of something quoted
        return tuple(command.split())


def _modules(exercise: Exercise) -> list[str]:
    own = Path(grader.__file__).parent
    places = [path for name in _RUN_BESIDE_LEARNERS for path in _python_files(own / name)]
    found: set[str] = set()
    for path in (*places, *_python_files(exercise.hidden_tests)):
        for several in _IMPORTED.findall(path.read_text(encoding="utf-8")):
            found.update(each.split()[0].partition(".")[0] for each in several.split(",") if each.split())
    return sorted(found - exercise_modules(exercise) - {_OURS, "__future__"})


def _python_files(place: Path) -> Iterable[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def exercise_modules(exercise: Exercise) -> set[str]:
    """What the project itself calls modules and packages, wherever they are in it."""
    names = (Path(name) for name in (*exercise.about.learner, *exercise.about.given))
    return {
        part.removesuffix(".py") for name in names for part in name.parts if part.removesuffix(".py").isidentifier()
    }

"""Make a new exercise: small, complete and gradable, for its author to replace piece by piece."""

from __future__ import annotations

import json
import os
import re
import shutil
import string
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import FOLDER_NAME
from grader.errors import UsageError

_SKELETON = Path(__file__).with_name("skeleton")
_SUFFIX = ".template"
"""Of templates that are Python: what is half an exercise is not for our own tools."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
_MAX_NUMBER = 99
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class NewExercise:
    """Where a new exercise lies."""

    number: int
    exercise: Path
    solution: Path


def create(catalogue: Path, name: str, *, number: int | None = None, title: str | None = None) -> NewExercise:
    """Make a new exercise in a catalogue, which is made if it isn't there; whole or not at all.

    Args:
        catalogue: the folder that holds `exercises/` and `solutions/`.
        name: what it is called in commands.
        number: its place; without one, that after the last.
        title: what learners read; without one, the name in words.

    Raises:
        UsageError: it can't be called so, there is such an exercise, or the catalogue can't be written to.
    """
    _check_name(name)
    title = name.replace("_", " ").capitalize() if title is None else title.strip()
    if not title or any(unicodedata.category(char) in _INVISIBLE_CATEGORIES for char in title):
        raise UsageError(f"{title!r} is no title; give one line of text.")
    try:
        return _create(catalogue, name, number, title)
    except OSError as error:
        raise UsageError(f"No exercise can be made in {catalogue}: {error.filename}: {error.strerror}.") from error


def _create(catalogue: Path, name: str, number: int | None, title: str) -> NewExercise:
    present = tuple(_existing(catalogue))
    number = _number(present, name, number)
    folder = f"{number:02}_{name}"
    made = NewExercise(number, catalogue / "exercises" / folder, catalogue / "solutions" / folder)
    for place in (made.exercise, made.solution):
        place.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(place):
            raise UsageError(f"{place} is there already; nothing was changed.")
    words = {
        "number": f"{number:02}",
        "slug": name,
        "title": title,
        "quoted_title": json.dumps(title, ensure_ascii=False),
    }
    with tempfile.TemporaryDirectory(prefix=".new-", dir=catalogue) as temporary:
        whole = Path(temporary)
        for file, text in _files(words):
            target = whole / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        (whole / "solution" / "alternatives").mkdir()
        (whole / "solution").rename(made.solution)
        try:
            (whole / "exercise").rename(made.exercise)
        except BaseException:
            shutil.rmtree(made.solution, ignore_errors=True)
            raise
    return made


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name):
        return
    fit = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_0123456789")[:50]
    meant = f" Would {fit} do?" if _NAME.fullmatch(fit) else ""
    raise UsageError(
        f"{name!r} can't be the name of an exercise: it takes lower-case letters, digits and _, like path_appending, "
        f"and --number sets its number.{meant}"
    )


def _existing(catalogue: Path) -> Iterator[tuple[int, str]]:
    """Number and name of what is there, by the names of folders alone: another exercise may be half done."""
    for part in ("exercises", "solutions"):
        for path in (catalogue / part).glob("*"):
            if named := FOLDER_NAME.fullmatch(path.name):
                yield int(named["number"]), named["slug"]


def _number(present: tuple[tuple[int, str], ...], name: str, wanted: int | None) -> int:
    for number, slug in present:
        if slug == name:
            raise UsageError(f"There is an exercise {number:02}_{slug} already; take another name.")
        if number == wanted:
            raise UsageError(f"{number:02} is the number of {number:02}_{slug}; take another one.")
    number = max([0, *(number for number, _ in present)]) + 1 if wanted is None else wanted
    if number > _MAX_NUMBER:
        raise UsageError(f"There is no number after {_MAX_NUMBER}; give a free one with --number.")
    return number


def _files(words: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Every file of the new exercise and its solution, and what it holds."""
    for template in sorted(_SKELETON.rglob("*")):
        if template.is_file():
            file = template.relative_to(_SKELETON)
            name = file.name.removesuffix(_SUFFIX).replace("test_exercise", f"test_{words['slug']}")
            text = string.Template(template.read_text(encoding="utf-8"))
            yield file.with_name(name), text.substitute(words)

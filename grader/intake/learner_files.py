"""Whether a project holds any file of the learner's; if not, which of its files may be meant to be one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.catalog import Exercise
from grader.intake.copies import shown

NOTHING_HERE = "None of your files is here: "
"""How the sentence begins that a learner reads."""
_NAMED = 4
"""Files that are listed by their names."""
_HINTS = 2
"""Files that are said to be in another place or to have another name."""
OTHER_ARCHIVES = (".7z", ".rar", ".zipx", ".tar.zst", ".gz", ".bz2", ".xz", ".dmg", ".iso")
"""Endings of archives that aren't unpacked here."""
_COPY = re.compile(r"( ?\(\d{1,3}\)|[-_ ]\d{1,3}|( -|[-_]) ?copy| copy)(?=(\.[A-Za-z0-9]+){0,2}\Z)", re.IGNORECASE)
"""What browsers and systems add to the name of a second copy, before the ending."""
_OTHER_ENDINGS = frozenset((".txt", ".text", ".rtf", ".doc", ".docx", ".odt", ".py3", ".pyw", ".py~", ".bak", ".ipynb"))
"""Endings that editors and systems give to a file that was meant to have another one."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """None of the learner's files is in a project."""

    names: tuple[str, ...]
    """The files that the learner edits."""
    hints: tuple[str, ...]
    """Where such a file seems to be, as sentences."""

    def to_learner(self, slug: str) -> str:
        """What to say to the learner of the exercise with that slug."""
        next_step = f"Grade the folder that holds your files, or get the starting files with `kata reset {slug}`."
        return " ".join((f"{NOTHING_HERE}{self._listed()}.", *(self.hints or (next_step,))))

    def to_both(self) -> str:
        """What to note of a project that isn't graded, after whose it is: people of both kinds read it."""
        return " ".join((f"None of the files to edit is there: {self._listed()}.", *self.hints))

    def _listed(self) -> str:
        more = len(self.names) - _NAMED
        return ", ".join(self.names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def lacking(exercise: Exercise, project: Path) -> Lacking | None:
    """What to say of a project in which none of the learner's files is; None if there is one, whatever it holds.

    A module may have become a package of its name, and an exercise names other files that may be there instead.

    Args:
        exercise: what the project is graded as.
        project: a folder that was taken in.
    """
    about = exercise.about
    if any((project / name).is_file() for name in own_names(exercise)):
        return None
    found = [path for path in _files(project) if path.as_posix() not in about.given]
    hints = dict.fromkeys(hint for name in about.learner for hint in _hints(PurePosixPath(name), project, found))
    hints |= dict.fromkeys(
        f"{shown(Path(path))} can't be unpacked here: pack the project as .zip."
        for path in found
        if path.name.lower().endswith(OTHER_ARCHIVES)
    )
    return Lacking(about.learner, tuple(hints)[:_HINTS])


def without_copy_mark(name: str) -> str:
    """A name without what tells a second copy from the first, as in `tally (1).py` or `tally - Copy.py`."""
    return _COPY.sub("", name, count=1)


def own_names(exercise: Exercise) -> tuple[str, ...]:
    """All paths at which a file counts as the learner's."""
    return tuple(name for own in (*exercise.about.learner, *exercise.about.instead) for name in _forms(own))


def _forms(name: str) -> Iterator[str]:
    yield name
    if name.endswith(".py") and not name.endswith("/__init__.py"):
        yield f"{name.removesuffix('.py')}/__init__.py"


def _files(project: Path) -> Iterator[PurePosixPath]:
    for folder, _, names in os.walk(project):
        yield from (PurePosixPath((Path(folder) / name).relative_to(project).as_posix()) for name in names)


def _hints(wanted: PurePosixPath, project: Path, found: Sequence[PurePosixPath]) -> Iterator[str]:
    """What stands in for one file: the same path in a folder, the same name elsewhere, or nearly that name."""
    if (project / wanted).is_dir():
        yield f"{wanted} is a folder here; it must be a file."
        return
    nearest = min(
        ((rank, len(path.parts), path) for path in found if (rank := _rank(path, wanted)) is not None), default=None
    )
    if nearest is None:
        return
    rank, _, path = nearest
    name = shown(Path(path))
    if rank == 0:
        outside = PurePosixPath(*path.parts[: -len(wanted.parts)])
        yield f"{name} is there: hand in what is in the folder {shown(Path(outside))}, or move it to {wanted}."
    elif path.name == wanted.name:
        yield f"{name} is there: move it to {wanted}."
    else:
        yield f"{name} is there: save it as {wanted}."


def _rank(path: PurePosixPath, wanted: PurePosixPath) -> int | None:
    """How near a file's path comes to the one that is wanted, from 0 on; None if they have nothing to do with it."""
    if path.parts[-len(wanted.parts) :] == wanted.parts:
        return 0
    is_telling = not wanted.name.startswith("__") or path.parent.name == wanted.parent.name
    if not is_telling:  # there are many `__init__.py`
        return None
    if path.name.casefold() == wanted.name.casefold():
        return 1
    endings = {each.lower() for each in path.suffixes} - {wanted.suffix}
    return 2 if endings <= _OTHER_ENDINGS and _bare(path.name) == _bare(wanted.name) else None


def _bare(name: str) -> str:
    """A file's name without all of its endings, and without what was added for a second copy."""
    return without_copy_mark(name.partition(".")[0]).casefold()

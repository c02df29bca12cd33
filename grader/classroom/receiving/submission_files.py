"""The files that an export lists: who handed in which of them, and when. Nothing is unpacked yet."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.classroom.records.roster import Key

LEFT_OUT = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems add when somebody packs a folder again."""
_NUMBERED = re.compile(r"-\d{1,3}(?=(\.tar)?\.[A-Za-z0-9]+\Z)")


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of an export."""

    position: int
    """Of the entry in the zip."""
    parts: tuple[str, ...]
    """Folders and name, without a folder that holds all of the export."""

    @property
    def path(self) -> str:
        """All of it, as the export has it."""
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody handed in at one time, as the export has it."""

    source: str
    """The entry or folder; whatever it is, it came from somebody else."""
    files: tuple[tuple[int, str], ...] = ()
    """Positions in the zip, and the paths that the person gave them."""
    owners: tuple[frozenset[Key], ...] = ()
    """For each of those who handed it in together, all that names this one person."""
    submitted_at: datetime.datetime | None = None
    """When it was handed in; None if the export doesn't say."""
    late: bool = False
    """Whether the export calls it late."""
    later_attempts: int = 0
    """How many attempts of the same people in this export are later."""
    team: str = ""
    """What the export calls the group that handed it in; empty: one person did."""
    is_permanent: bool = False
    """Whether `source` means this very content for ever, in all exports."""
    fault: str = ""
    """Why it can't be matched to a person, as a sentence."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a system's rules make of an export."""

    submissions: tuple[Submission, ...]
    unrecognised: tuple[str, ...] = field(default=())
    """Entries that these rules know nothing of."""


def without_top_folder(names: Sequence[ExportFile]) -> tuple[ExportFile, ...]:
    """The same names without the folder that holds all of them, if there is one: somebody packed them again."""
    tops = {name.parts[0] for name in names}
    if len(tops) == 1 and all(len(name.parts) > 1 for name in names):
        return tuple(ExportFile(name.position, name.parts[1:]) for name in names)
    return tuple(names)


def without_number(name: str) -> str:
    """A file's name without the number by which a system tells it from earlier ones, as in `hello-1.py`."""
    return _NUMBERED.sub("", name)

"""Who is in the class: `roster.csv`, with a line for each person and what other systems call them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.display import visible
from grader.errors import UsageError

COLUMNS = ("id", "name", "email", "canvas", "moodle", "gradescope", "groups")
_UNIQUE_COLUMNS = ("id", "email", "canvas", "moodle", "gradescope")
"""What belongs to one person only."""
Key = tuple[str, str]
"""A column of the roster and what stands there, as `keys` and `key` write it."""
_PARTICIPANT = re.compile(r"(?:\D* )?(\d+)")


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the roster."""

    id: str
    """What the ledger knows the person by."""
    name: str = ""
    email: str = ""
    canvas: str = ""
    """Canvas's ID, SIS user ID or SIS login ID."""
    moodle: str = ""
    """Moodle's participant number or ID number."""
    gradescope: str = ""
    """Gradescope's student ID, or the address by which it knows the person."""
    groups: str = ""
    """Numbers or names of groups, with a semicolon between any two."""

    @property
    def called(self) -> str:
        """Id and name, harmless to whatever shows them."""
        return f"{visible(self.id)} ({visible(self.name)})" if self.name else visible(self.id)

    @property
    def in_groups(self) -> frozenset[str]:
        """The groups one by one."""
        return frozenset(key("groups", each)[1] for each in self.groups.split(";") if each.strip())


def read(path: Path) -> tuple[Person, ...]:
    """The people of a roster, in its order.

    Raises:
        UsageError: it can't be read, or lines of it are wrong; says all that is.
    """
    try:
        return parse(path.read_bytes(), path)
    except OSError as error:
        raise UsageError(f"The roster {path} can't be read: {error.strerror}.") from error


def parse(content: bytes, path: Path) -> tuple[Person, ...]:
    """The same for the content of a roster that is at that path, or will be."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"The roster {path} is no UTF-8; save it as such.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    people: list[tuple[int, Person]] = []
    faults = list(_wrong_heading(reader.fieldnames or ()))
    try:
        for row in () if faults else reader:
            if row.get(None):
                faults.append(f"line {reader.line_num} has more cells than the heading.")
            people.append((reader.line_num, Person(**{key: (row.get(key) or "").strip() for key in COLUMNS})))
    except csv.Error as error:
        faults.append(f"line {reader.line_num}: {error}.")
    faults += _wrong_people(people)
    if faults:
        raise UsageError("\n".join(f"{path}: {fault}" for fault in faults))
    return tuple(person for _, person in people)


def key(column: str, text: str) -> Key:
    """What stands in a column, so that one thing is written in one way: accents composed, addresses in small letters.

    Of Moodle's participants ("Participant 12") the number counts.
    """
    text = unicodedata.normalize("NFC", text.strip())
    if "@" in text:
        text = text.casefold()
    participant = _PARTICIPANT.fullmatch(text) if column == "moodle" else None
    return column, participant[1] if participant else text


def by_key(people: Sequence[Person]) -> dict[Key, Person]:
    """Who is meant by what other systems call them."""
    return {
        key(column, text): person
        for person in people
        for column in _UNIQUE_COLUMNS
        if (text := getattr(person, column))
    }


def _wrong_heading(heading: Sequence[str]) -> Iterator[str]:
    if "id" not in heading:
        yield f"line 1 names no column `id`; the columns are {','.join(COLUMNS)}, and all but id may be missing."
    for name in sorted(set(heading) - set(COLUMNS)):
        yield f"line 1 names a column {visible(repr(name))}, which is none of {','.join(COLUMNS)}."
    for name in sorted({name for name in heading if heading.count(name) > 1}):
        yield f"line 1 names the column {visible(repr(name))} twice."


def _wrong_people(people: list[tuple[int, Person]]) -> Iterator[str]:
    """Ids that are missing, and those of any system that belong to two people."""
    for line, person in people:
        if not person.id:
            yield f"line {line} has no id."
    for system in _UNIQUE_COLUMNS:
        first: dict[Key, int] = {}
        for line, person in people:
            text = getattr(person, system)
            if text and first.setdefault(key(system, text), line) != line:
                yield f"line {line} has the same {system} as line {first[key(system, text)]}: {visible(text)}."

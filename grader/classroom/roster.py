"""Who is in the class: `roster.csv`, with a line for each person and what other systems call them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.display import visible
from grader.errors import UsageError

COLUMNS = ("id", "name", "email", "canvas", "moodle", "gradescope")


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


def read(path: Path) -> tuple[Person, ...]:
    """The people of a roster, in its order.

    Raises:
        UsageError: it can't be read, or lines of it are wrong; says all that is.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"The roster {path} can't be read: {error.strerror}.") from error
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
    for system in ("id", "canvas", "moodle", "gradescope"):
        first: dict[str, int] = {}
        for line, person in people:
            key = getattr(person, system)
            if key and first.setdefault(key, line) != line:
                yield f"line {line} has the same {system} as line {first[key]}: {visible(key)}."

"""Make a roster from the list of people that another system exports, or add to one.

Columns, by their English names: Canvas's gradebook has `Student`, `ID`, `SIS User ID`, `SIS Login ID`
(`lib/gradebook_exporter.rb` of instructure/canvas-lms); Moodle's participants and worksheets `First name`, `Last name`
or `Surname`, `Full name`, `ID number`, `Email address` (`user/classes/table/participants.php` and
`mod/assign/gradingtable.php` of moodle/moodle); Gradescope's roster `Name` or `First Name` and `Last Name`, `SID`,
`Email`, `Role` (no official document; by its own downloads).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace

from grader.classroom.gradebooks import csv_file
from grader.classroom.records import roster
from grader.classroom.records.roster import COLUMNS, Person
from grader.errors import UsageError
from grader.reports.people.spreadsheet import escape_formula

Row = dict[str, str]


def people_of(raw: bytes, name: str) -> tuple[Person, ...]:
    """The people of another system's list.

    Args:
        raw: the file.
        name: what messages call it.

    Raises:
        UsageError: it is no list of Canvas, Moodle or Gradescope, or has somebody without any id.
    """
    table = csv_file.read(raw, name)
    heading = set(table.heading)
    read = next((read for columns, read in _SYSTEMS if columns <= heading), None)
    if read is None:
        raise UsageError(
            f"{name} is no list of people that is known here. It needs the columns Student and ID (Canvas), ID number"
            " or Email address (Moodle), or SID or Email (Gradescope), by their English names."
        )
    found = []
    for number in range(1, len(table.rows)):
        row = {column: table.cell(number, at).strip() for at, column in enumerate(table.heading)}
        person = read(row)
        if person is None:
            continue
        if not person.id:
            raise UsageError(f"{name}: row {number + 1} has neither an id nor an address; nothing was written.")
        found.append(person)
    return tuple(found)


def merged(known: Sequence[Person], others: Sequence[Person]) -> tuple[tuple[Person, ...], int]:
    """Those of a roster, with what others say of them where it says nothing yet, then those who are new; how many are.

    Nobody is left out: who has left the class keeps their work.
    """
    people = list(known)
    places = {key: index for index, person in enumerate(people) for key in roster.by_key([person])}
    new = 0
    for other in others:
        index = next((places[key] for key in roster.by_key([other]) if key in places), None)
        if index is None:
            people.append(other)
            new += 1
            continue
        gaps = {column: text for column, text in asdict(other).items() if text and not getattr(people[index], column)}
        people[index] = replace(people[index], **gaps)
    return tuple(people), new


def written(people: Sequence[Person]) -> bytes:
    """The content of `roster.csv`, with the columns that anybody needs."""
    columns = ["id", "name", *(each for each in COLUMNS[2:] if any(getattr(person, each) for person in people))]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([escape_formula(getattr(person, each)) for each in columns] for person in people)
    return stream.getvalue().encode()


def _of_canvas(row: Row) -> Person | None:
    login = row.get("SIS Login ID", "")
    if not row["ID"] or row["Student"] == "Student, Test":  # the rows of points, and Canvas's own test student
        return None
    own = row.get("SIS User ID") or login or row["ID"]
    return Person(own, _turned(row["Student"]), login if "@" in login else "", canvas=row["ID"])


def _of_moodle(row: Row) -> Person | None:
    number, email = row.get("ID number", ""), row.get("Email address", "")
    return Person(number or email, _name(row, "Full name", "First name", "Last name", "Surname"), email, moodle=number)


def _of_gradescope(row: Row) -> Person | None:
    if row.get("Role") not in (None, "", "Student"):
        return None
    number, email = row.get("SID", ""), row.get("Email", "")
    return Person(number or email, _name(row, "Name", "First Name", "Last Name"), email, gradescope=number or email)


_SYSTEMS: tuple[tuple[frozenset[str], Callable[[Row], Person | None]], ...] = (
    (frozenset({"Student", "ID"}), _of_canvas),
    (frozenset({"ID number"}), _of_moodle),
    (frozenset({"Email address"}), _of_moodle),
    (frozenset({"SID", "Email"}), _of_gradescope),
    (frozenset({"Name", "Email"}), _of_gradescope),
)
"""What a list of each system has, the first that fits."""


def _name(row: Row, whole: str, *parts: str) -> str:
    return row.get(whole) or " ".join(_given(row, parts))


def _given(row: Row, columns: Sequence[str]) -> Iterator[str]:
    yield from (row[column] for column in columns if row.get(column))


def _turned(name: str) -> str:
    """`Lovelace, Ada` as Ada Lovelace."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name

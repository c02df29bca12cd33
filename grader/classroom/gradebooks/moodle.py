"""Moodle's grading worksheet of an assignment, as it is downloaded to be filled and uploaded again.

Format: `mod/assign/feedback/offline/importgradeslib.php` and `mod/assign/gradingtable.php` of moodle/moodle. A row is
of the participant whose number ends its `Identifier` ("Participant 123"). Column names and decimal marks are those of
the instructor's language, so names other than the English ones have to be given. The moment of the last change must
stay as it is: Moodle skips rows in which it is older than its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.classroom.gradebooks import csv_file, matching
from grader.classroom.gradebooks.csv_file import CsvFile
from grader.classroom.gradebooks.matching import FilledGradebook, Key
from grader.classroom.records.roster import Person, key
from grader.display import visible
from grader.errors import UsageError

GRADE, IDENTIFIER, NUMBER, MAXIMUM = "Grade", "Identifier", "ID number", ("Maximum Grade", "Maximum grade")
_PARTICIPANT = re.compile(r"(?:.*\D)?(\d+)", re.DOTALL)
"""As worksheets have it, in whatever language."""


def fill(
    raw: bytes,
    name: str,
    grades: Mapping[str, Fraction],
    roster: Sequence[Person],
    *,
    column: str = GRADE,
    id_column: str = IDENTIFIER,
    out_of: Fraction | None = None,
) -> FilledGradebook:
    """Fill the column of grades.

    Args:
        raw: the worksheet.
        name: what to call it in messages.
        grades: the part from 0 to 1 that each person has.
        roster: who is who.
        column: the heading of the grades.
        id_column: the heading of the identifiers.
        out_of: the maximum grade; None: each row says.

    Raises:
        UsageError: the file or the roster are not clear; nothing is guessed.
    """
    gradebook = csv_file.read(raw, name)
    target, identifier = gradebook.column(column), gradebook.column(id_column)
    if target == identifier:
        raise UsageError(f"{column} holds ids in {name}, not grades; nothing was written.")
    number = gradebook.column(NUMBER) if NUMBER in gradebook.heading else None
    highest = next((gradebook.column(each) for each in MAXIMUM if each in gradebook.heading), None)

    def keys(row: int) -> set[Key]:
        participant = _PARTICIPANT.fullmatch(gradebook.cell(row, identifier).strip())
        found = {("participant", participant[1])} if participant else set()
        return found | ({("number", gradebook.cell(row, number).strip())} if number is not None else set())

    found = matching.match_people(gradebook, keys, _known(roster))
    comma = gradebook.has_decimal_comma((target,) if highest is None else (target, highest))
    cells, left = {}, []
    for row in range(1, len(gradebook.rows)):
        who = found.get(row)
        if who is None and gradebook.cell(row, identifier).strip():
            left.append(f"row {row + 1} ({visible(gradebook.cell(row, identifier))}) is nobody on the roster")
        elif who is not None and who.id not in grades:
            left.append(f"row {row + 1}: {visible(who.id)} has no grade")
        elif who is not None:
            most = out_of or _maximum(gradebook, row, highest)
            cells[row, target] = matching.format_grade(grades[who.id], most, comma=comma)
    placed = {who.id for who in found.values()}
    left += [f"{visible(each)} has a grade and no row" for each in sorted(set(grades) - placed)]
    return FilledGradebook(gradebook.with_cells(cells), len(cells), tuple(left))


def _known(roster: Sequence[Person]) -> dict[Key, Person]:
    known: dict[Key, Person] = {}
    for person in roster:
        known["number", person.moodle or person.id] = person
        _, participant = key("moodle", person.moodle)
        if participant.isdecimal():
            known["participant", participant] = person
    return known


def _maximum(gradebook: CsvFile, row: int, column: int | None) -> Fraction:
    points = None if column is None else matching.parse_number(gradebook.cell(row, column))
    if not points:
        raise UsageError(f"Row {row + 1} of {gradebook.name} doesn't say its maximum grade; say it with --out-of.")
    return points

"""Canvas's gradebook, as it is exported to be changed and imported again.

Format: `lib/gradebook_exporter.rb` and `lib/gradebook_importer.rb` of instructure/canvas-lms. The heading has `ID`,
`SIS User ID`, `SIS Login ID` and `Title (number)` for each assignment; a row without any id says how many points are
possible. An unknown column would become a new assignment, hence only cells of a column that is there are filled.
"EX" (excused) and "N/A" (not assigned) stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.classroom.gradebooks import csv_file, matching
from grader.classroom.gradebooks.csv_file import CsvFile
from grader.classroom.gradebooks.matching import FilledGradebook, Key
from grader.classroom.records.roster import Person
from grader.display import visible
from grader.errors import UsageError

_CANVAS_ID, _SIS_IDS = "ID", ("SIS User ID", "SIS Login ID")
_SPECIAL_GRADES = ("EX", "N/A")


def fill(
    raw: bytes,
    name: str,
    column: str,
    grades: Mapping[str, Fraction],
    roster: Sequence[Person],
    out_of: Fraction | None = None,
) -> FilledGradebook:
    """Fill one column.

    Args:
        raw: the exported file.
        name: what to call it in messages.
        column: the heading of the assignment's column, with its number.
        grades: the part from 0 to 1 that each person has.
        roster: who is who.
        out_of: the points possible; None: the file says.

    Raises:
        UsageError: the file or the roster are not clear; nothing is guessed.
    """
    gradebook = csv_file.read(raw, name)
    target = gradebook.column(column)
    ids = [gradebook.column(each) for each in (_CANVAS_ID, *_SIS_IDS) if each in gradebook.heading]
    if not ids:
        raise UsageError(
            f"{name} has none of the columns {_CANVAS_ID}, {', '.join(_SIS_IDS)}: it is no gradebook of Canvas."
        )
    if target in ids:
        raise UsageError(f"{column} holds ids in {name}, not grades; nothing was written.")
    out_of = out_of or _points_possible(gradebook, target, ids)

    def keys(row: int) -> set[Key]:
        return {(gradebook.heading[each], gradebook.cell(row, each).strip()) for each in ids}

    known: dict[Key, Person] = {}
    for person in roster:
        for kind in (_CANVAS_ID, *_SIS_IDS) if person.canvas else _SIS_IDS:
            known[kind, person.canvas or person.id] = person
    found = matching.match_people(gradebook, keys, known)
    comma = gradebook.has_decimal_comma((target,))
    cells, left = {}, []
    for row in range(1, len(gradebook.rows)):
        listed = [gradebook.cell(row, each).strip() for each in ids if gradebook.cell(row, each).strip()]
        who = found.get(row)
        if who is None and listed:
            left.append(f"row {row + 1} ({visible(listed[0])}) is nobody on the roster")
        elif who is not None and who.id not in grades:
            left.append(f"row {row + 1}: {visible(who.id)} has no grade")
        elif who is not None and gradebook.cell(row, target).strip() in _SPECIAL_GRADES:
            left.append(f"row {row + 1}: {visible(who.id)} has {gradebook.cell(row, target).strip()}")
        elif who is not None:
            cells[row, target] = matching.format_grade(grades[who.id], out_of, comma=comma)
    placed = {who.id for who in found.values()}
    left += [f"{visible(each)} has a grade and no row" for each in sorted(set(grades) - placed)]
    return FilledGradebook(gradebook.with_cells(cells), len(cells), tuple(left))


def _points_possible(gradebook: CsvFile, target: int, ids: list[int]) -> Fraction:
    for row in range(1, len(gradebook.rows)):
        points = matching.parse_number(gradebook.cell(row, target))
        if points and not any(gradebook.cell(row, each).strip() for each in ids):
            return points
    column = visible(gradebook.heading[target])
    raise UsageError(f"{gradebook.name} doesn't say how many points are possible for {column}; say it with --out-of.")

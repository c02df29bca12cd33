"""A CSV file of another system: single cells can be changed, and every other byte stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from grader.display import visible
from grader.errors import UsageError
from grader.reports.people.spreadsheet import escape_formula

_SEPARATORS = (",", ";", "\t")
_LINE_END = re.compile(r"\r\n|\n|\r")
_WITH_COMMA = re.compile(r"\s*\d+,\d+\s*")
_WITH_POINT = re.compile(r"\s*\d+\.\d+\s*")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, and where it is in the text."""

    start: int
    end: int
    text: str
    """Without quotes."""
    quoted: bool


@dataclass(frozen=True)
class CsvFile:
    """The whole file."""

    name: str
    """For messages."""
    text: str
    separator: str
    rows: tuple[tuple[Cell, ...], ...]

    @cached_property
    def heading(self) -> tuple[str, ...]:
        """The texts of the first row."""
        return tuple(cell.text for cell in self.rows[0])

    def column(self, name: str) -> int:
        """The only column of that name.

        Raises:
            UsageError: there is none, or more than one.
        """
        count = self.heading.count(name)
        if count == 1:
            return self.heading.index(name)
        there = ", ".join(visible(repr(each)) for each in self.heading)
        what = "has no column" if not count else f"has {count} columns"
        raise UsageError(f"{self.name} {what} {visible(repr(name))}; nothing was written. Its columns are {there}.")

    def cell(self, row: int, column: int) -> str:
        """The text of a cell; nothing where a row is too short."""
        return self.rows[row][column].text if column < len(self.rows[row]) else ""

    def has_decimal_comma(self, columns: tuple[int, ...]) -> bool:
        """Whether the numbers in those columns show that the file is of a language with decimal commas."""
        texts = [self.cell(row, column) for row in range(1, len(self.rows)) for column in columns]
        return any(map(_WITH_COMMA.fullmatch, texts)) and not any(map(_WITH_POINT.fullmatch, texts))

    def with_cells(self, cells: Mapping[tuple[int, int], str]) -> bytes:
        """The file with other texts in some cells, by row and column.

        Raises:
            UsageError: a row is too short to have such a cell.
        """
        parts, done = [], 0
        for (row, column), text in sorted(cells.items()):
            if column >= len(self.rows[row]):
                raise UsageError(f"Row {row + 1} of {self.name} is shorter than its heading; nothing was written.")
            cell = self.rows[row][column]
            parts += [self.text[done : cell.start], self._format_cell(text, cell)]
            done = cell.end
        return "".join([*parts, self.text[done:]]).encode()

    def _format_cell(self, text: str, cell: Cell) -> str:
        text = escape_formula(text)
        if cell.quoted or any(char in text for char in (self.separator, '"', "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text


def read(raw: bytes, name: str) -> CsvFile:
    """Read a file.

    Raises:
        UsageError: it is no UTF-8, or no CSV.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is no UTF-8; export it as such.") from error
    begin = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    first = re.sub('"[^"]*"', "", _LINE_END.split(text[begin:], maxsplit=1)[0])
    separator = max(_SEPARATORS, key=first.count)
    rows = _rows(text, begin, separator, name)
    if not rows:
        raise UsageError(f"{name} is empty.")
    return CsvFile(name, text, separator, rows)


def _rows(text: str, position: int, separator: str, name: str) -> tuple[tuple[Cell, ...], ...]:
    pattern = re.compile(rf'"((?:[^"]|"")*+)"|([^"{separator}\r\n][^{separator}\r\n]*+|)')
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    while position < len(text) or row:
        match = pattern.match(text, position)
        end = match.end() if match else position
        ends_line = _LINE_END.match(text, end)
        if match is None or not (end == len(text) or ends_line or text[end] == separator):
            raise UsageError(f"{name}: row {len(rows) + 1} is no CSV: a quote is not closed, or not doubled.")
        quoted = match[1] is not None
        row.append(Cell(match.start(), end, match[1].replace('""', '"') if quoted else match[2], quoted))
        position = end + 1
        if end == len(text) or ends_line:
            position = ends_line.end() if ends_line else end
            rows.append(tuple(row))
            row = []
    return tuple(rows)

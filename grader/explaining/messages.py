"""The parts of a lost check's message, as `judge.expectations` writes it: rows, the rationale, and what was run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.model import CheckResult

_ROW = re.compile(r"(ran|expected|got|came|stderr): +(.*(?:\n +.*)*)")
"""`came` is what earlier versions wrote for `got`."""
_RAN = "\n\nran: "
_IMPORTS = re.compile(
    r"import|[Mm]odule|[Pp]ackage|sys\.(?:path|modules)|search path|on the path|\bwins\b|[Ss]hadow"
    r"|__(?:init|main|name|path|file|spec|all)__|-m\b"
)
"""Words of what has to do with imports: ours, and those of Python's exceptions."""
_COMPARED = ("expected", "got")
_MOST_LINES = 8
"""More are not for typing."""
_CHANGED = "# in the copy: "
"""How a line begins that says what a check changed, in words: no shell can do that."""


@dataclass(frozen=True, slots=True)
class Row:
    """What was expected, what came instead, what stood on stderr, or what was run."""

    label: str
    text: str


def parts(message: str) -> tuple[tuple[Row, ...], str]:
    """A message's rows and its rationale; no rows where it is of another form.

    What a program printed is indented, and can't pass for a row. Earlier versions wrote what was run first.
    """
    head, _, rest = message.partition("\n\n")
    why, ran, command = rest.partition(_RAN)
    rows = _rows(head)
    last = _rows(f"ran: {command}") if ran else ()
    if not rows or bool(ran) != bool(last):
        return (), message
    return (*rows, *last), why


def _rows(text: str) -> tuple[Row, ...]:
    found = list(_ROW.finditer(text))
    if "\n".join(row.group() for row in found) != text:
        return ()
    return tuple(Row(row[1].replace("came", "got"), _dedented(row)) for row in found)


def _dedented(row: re.Match[str]) -> str:
    return row[2].replace("\n" + " " * (row.start(2) - row.start()), "\n")


def without_question(message: str) -> str:
    """The message without its rationale."""
    rows, _, _ = message.partition("\n\n")
    _, ran, command = message.rpartition(_RAN)
    return f"{rows}{ran}{command}" if ran else rows


def brief(message: str, *, lines: int, characters: int) -> tuple[str, str]:
    """What was expected and what came, each cut to its beginning, and what else the message says.

    Args:
        message: of a lost check.
        lines: the most lines of what was expected or came.
        characters: the most characters of that.

    Returns:
        The rows, aligned, and the rest; where something was cut, the rest holds all rows.
    """
    head, gap, rest = message.partition("\n\n")
    rows = _rows(head)
    if not rows:
        return "", message
    compared = [row for row in rows if row.label in _COMPARED]
    short = [Row(row.label, _beginning(row.text, lines, characters)) for row in compared]
    others = rows if short != compared else [row for row in rows if row not in compared]
    return _aligned(short), "\n\n".join(filter(None, [_aligned(others), rest if gap else ""]))


def _aligned(rows: Sequence[Row]) -> str:
    return "\n".join(f"{f'{row.label}:':<10}" + row.text.replace("\n", "\n" + " " * 10) for row in rows)


def _beginning(text: str, lines: int, characters: int) -> str:
    shown = "\n".join(text.split("\n")[:lines])[:characters]
    return text if shown == text else f"{shown} …"


def without_command(message: str) -> str:
    """The message without what was run."""
    return message.rpartition(_RAN)[0] or message


def placed(message: str, given: str, repeat: str | None) -> str:
    """The message as somebody can follow it: where `$PROJECT` is, and one command for what is long to type.

    Args:
        message: of a lost check.
        given: the line that says where it is, such as `PROJECT=/home/ada/kata/01_path_appending`.
        repeat: the command that repeats what was run; None to have all lines all the same.
    """
    before, ran, command = message.rpartition(_RAN)
    if ran and repeat and (command.count("\n") >= _MOST_LINES or _CHANGED in command):
        return f"{before}{_RAN}{repeat}"
    if "$PROJECT" not in message:
        return message
    if not ran:
        return f"with: {given}\n{message}"
    return f"{before}\n\nwith: {given}\nran: {command}"


def concerns_imports(check: CheckResult) -> bool:
    """Whether an import may have to do with it that a check was lost, so that an x-ray may tell more.

    By the words in which it says what was expected and what came; what was run always imports something.

    Args:
        check: a lost one.
    """
    rows, why = parts(check.message or "")
    said = [row.text for row in rows if row.label != "ran"] if rows else [check.message or ""]
    errors = (step.stderr for step in check.transcript[-1:])
    return any(_IMPORTS.search(text) for text in (check.title, why, *said, *errors))

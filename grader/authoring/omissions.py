"""Make incomplete answers: a right one without one of its statements, lines or files.

A learner who has not come so far makes no mistake: an answer that looks like one of these shows no misconception.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Exercise
from grader.catalog.exercise_files import Mistake

MAX_OMISSIONS = 40
"""Omissions of one exercise that are tried."""


@dataclass(frozen=True, slots=True)
class Omission:
    """A file of the reference with something left out, or as it was in the stub."""

    name: str
    content: bytes


def omissions_of(exercise: Exercise) -> tuple[Omission, ...]:
    """What may be missing from an answer, evenly from all over it."""
    files = sorted(path for path in exercise.reference.rglob("*") if path.is_file())
    names = [path.relative_to(exercise.reference).as_posix() for path in files]
    every = [omission for name in names for omission in _omissions(exercise.reference, name)]
    step = max(1, -(-len(every) // MAX_OMISSIONS))
    present = [name for name in names if (exercise.stub / name).is_file()] if len(names) > 1 else []
    untouched = [Omission(name, (exercise.stub / name).read_bytes()) for name in present]
    return (*every[::step], *untouched)


def only_omits(exercise: Exercise, mistake: Mistake) -> bool:
    """Whether a mistake consists in what is missing: it has no line that the reference doesn't have."""
    overlay = exercise.folder / "mistakes" / mistake.name
    if mistake.base == "stub":
        return False
    files = (path for path in overlay.rglob("*") if path.is_file())
    return all(_lines(path) <= _lines(exercise.reference / path.relative_to(overlay)) for path in files)


def _lines(path: Path) -> set[bytes]:
    """What a file says; comments and `pass` say nothing."""
    rows = path.read_bytes().splitlines() if path.is_file() else []
    return {row.strip() for row in rows if not row.strip().startswith(b"#")} - {b"", b"pass"}


def _omissions(reference: Path, name: str) -> Iterator[Omission]:
    path = reference / name
    content = path.read_bytes()
    rows = content.splitlines(keepends=True)
    if path.suffix == ".py":
        for statement in _statements(ast.parse(content)):
            yield Omission(name, _without(rows, statement))
    else:
        for index, row in enumerate(rows):
            if row.strip() and not row.strip().startswith(b"#"):
                yield Omission(name, b"".join([*rows[:index], *rows[index + 1 :]]))


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """All statements that do something; docstrings don't."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield node


def _without(rows: list[bytes], statement: ast.stmt) -> bytes:
    """The file with `pass` in place of a statement."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(each.lineno for each in decorators)]) - 1
    last = (statement.end_lineno or statement.lineno) - 1
    before = rows[first][: statement.col_offset]
    after = rows[last][statement.end_col_offset :]
    return b"".join([*rows[:first], before + b"pass" + after, *rows[last + 1 :]])

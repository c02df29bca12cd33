"""A file of Python as operators see it: nodes with their places in the text, so that an edit changes nothing else."""

from __future__ import annotations

import ast
import hashlib
import types
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

_Node = TypeVar("_Node", bound=ast.AST)
_WORDING = {"help", "description", "epilog", "metavar", "usage", "prog", "indent", "exc_info"}
"""Keywords whose values are for people to read, or lay out what they read."""
_LOGS = {"debug", "info", "warning", "error", "exception"}


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a file, by its bytes, and what stands there instead."""

    start: int
    end: int
    text: bytes

    def applied(self, content: bytes) -> bytes:
        """The whole file with this edit."""
        return content[: self.start] + self.text + content[self.end :]


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to be wrong."""

    name: str
    find: Callable[[Source], Iterable[Edit]]
    says: str = ""
    """Of a look-alike the misconception that it stands for, as a sentence; empty for classical operators."""


@dataclass(frozen=True, slots=True)
class TextOperator:
    """The same for a file that isn't Python."""

    name: str
    find: Callable[[str], Iterable[str]]
    """All texts that it makes of one."""
    says: str = ""


class Source:
    """A file of Python.

    Args:
        content: its bytes, in UTF-8.

    Raises:
        SyntaxError: it doesn't compile.
        UnicodeDecodeError: it isn't UTF-8.
    """

    def __init__(self, content: bytes) -> None:
        content.decode("utf-8")
        self.content = content
        self.tree = ast.parse(content)
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}
        starts = [0]
        for line in content.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        self._starts = starts

    def walk(self, *kinds: type[_Node]) -> Iterator[_Node]:
        """The nodes of these kinds that can be edited: not docstrings and annotations, which change no behaviour."""
        for node in self._editable:
            if isinstance(node, kinds):
                yield node

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node begins and ends, in bytes."""
        lines = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        columns = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
        return self._starts[lines[0] - 1] + columns[0], self._starts[lines[1] - 1] + columns[1]

    def text(self, node: ast.AST) -> str:
        """What is written there."""
        start, end = self.span(node)
        return self.content[start:end].decode()

    def replaced(self, node: ast.AST, text: str) -> Iterator[Edit]:
        """An edit that puts something in the place of a node; none where an f-string can't hold it."""
        start, end = self.span(node)
        quotes = {quote for quote in "'\"\\" if quote in text} - set(self.text(node))
        if not (quotes and self._in_f_string(node)):
            yield Edit(start, end, text.encode())

    def between(self, before: ast.AST, after: ast.AST) -> tuple[int, int]:
        """Where the text between two nodes begins and ends."""
        return self.span(before)[1], self.span(after)[0]

    def is_wording(self, node: ast.AST) -> bool:
        """Whether a value is only read by people: in an error, a complaint on stderr, a log, a help page."""
        above: ast.AST | None = node
        while above is not None and not isinstance(above, (ast.FunctionDef, ast.ClassDef, ast.Module)):
            if isinstance(above, (ast.Raise, ast.Assert)):
                return not isinstance(above, ast.Assert) or above.msg is not None
            if isinstance(above, ast.keyword) and above.arg in _WORDING:
                return True
            if isinstance(above, ast.Call) and self._complains(above):
                return True
            above = self.parents.get(above)
        return False

    @cached_property
    def bound(self) -> set[str]:
        """The names that the file binds anywhere."""
        found = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name) and not _is_loaded(node)}
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(node.name)
        return found

    @cached_property
    def _editable(self) -> list[ast.AST]:
        found = [node for node in _ordered(self.tree) if hasattr(node, "lineno") and self._is_in_place(node)]
        return [node for node in found if not _is_docstring(node, self.parents)]

    def _is_in_place(self, node: ast.AST) -> bool:
        """Whether the place is the node's: before Python 3.12 that isn't always so in an f-string."""
        if not isinstance(node, ast.expr) or not self._in_f_string(node):
            return True
        if isinstance(self.parents[node], ast.JoinedStr):
            return False
        try:
            return ast.dump(ast.parse(self.text(node), mode="eval").body) == ast.dump(node)
        except (SyntaxError, UnicodeDecodeError):
            return False

    def _in_f_string(self, node: ast.AST) -> bool:
        above = self.parents.get(node)
        while isinstance(above, (ast.expr, ast.keyword, ast.comprehension)):
            if isinstance(above, ast.JoinedStr):
                return True
            above = self.parents.get(above)
        return False

    def _complains(self, call: ast.Call) -> bool:
        if any(word.arg == "file" and self.text(word.value) == "sys.stderr" for word in call.keywords):
            return True
        if not isinstance(call.func, ast.Attribute):
            return False
        whose = self.text(call.func.value)
        return whose == "sys.stderr" or (call.func.attr in _LOGS and whose in {"log", "logger", "logging"})


def compiled(content: bytes) -> str | None:
    """A digest of what Python makes of a source, wherever its lines are; None if it doesn't compile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(content, "mutant", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError):
        return None
    return hashlib.sha256(repr(_essence(code)).encode("utf-8", "surrogatepass")).hexdigest()


def _essence(code: types.CodeType) -> tuple[object, ...]:
    counts = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags
    names = code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
    return code.co_code, code.co_exceptiontable, counts, names, [_constant(each) for each in code.co_consts]


def _constant(value: object) -> object:
    if isinstance(value, types.CodeType):
        return _essence(value)
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    return repr(value)


def _is_loaded(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _ordered(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes from the first line to the last, but for annotations."""
    yield node
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _ordered(child)


def _is_docstring(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    statement = parents[node] if isinstance(node, ast.Constant) else node
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
        return False
    return isinstance(statement.value.value, str)

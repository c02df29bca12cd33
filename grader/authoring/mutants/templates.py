"""Look-alikes written as what stands there and what somebody takes for it, with capitals for what may be anything.

`X.is_file()` and `X.exists()` is one. `STR`, `INT` and `NAME` are a text, a number and a name; `*REST` and `**KW` are
all other arguments of a call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from grader.authoring.mutants.sources import Edit, Source

_HOLE = re.compile(r"[A-Z][A-Z0-9]*")
_COMPOUND = (
    ast.BinOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Lambda,
    ast.NamedExpr,
    ast.UnaryOp,
    ast.Yield,
    ast.Await,
)
_TIGHT = (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.Attribute, ast.IfExp, ast.Await, ast.Starred)
_MODULES = {
    "sys": '__import__("sys")',
    "os": '__import__("os")',
    "json": '__import__("json")',
    "importlib": '__import__("importlib.machinery")',
    "Path": '__import__("pathlib").Path',
}
"""How a name is had in a file that doesn't import it: an edit is in one place."""
_Held = dict[str, ast.AST | Sequence[ast.AST]]


class Template:
    """What stands there, and what is taken for it.

    Args:
        before: an expression or a statement.
        after: the same.
    """

    def __init__(self, before: str, after: str) -> None:
        self.after = after
        pattern, self._result = ast.parse(before).body[0], ast.parse(after).body[0]
        whole = isinstance(pattern, ast.Expr) and isinstance(self._result, ast.Expr)
        self._pattern: ast.AST = pattern.value if whole and isinstance(pattern, ast.Expr) else pattern

    def find(self, source: Source) -> Iterator[Edit]:
        """Each place where it may be mistaken."""
        for node in source.walk(type(self._pattern)):
            held: _Held = {}
            if _is_loaded(node) and not self._is_other_guard(node) and _same(self._pattern, node, held):
                yield from source.replaced(node, self._rendered(source, node, held))

    def _is_other_guard(self, node: ast.AST) -> bool:
        """Whether it is a main guard, and the template is not about main guards."""
        if not isinstance(node, ast.Compare) or not isinstance(self._pattern, ast.Compare):
            return False
        return _is_name(node.left, "__name__") and not _is_name(self._pattern.left, "__name__")

    def _rendered(self, source: Source, node: ast.AST, held: _Held) -> str:
        text, offset = self.after, 0
        for name, own in self._names:
            start, end = own.col_offset + offset, (own.end_col_offset or 0) + offset
            filled = self._filled(source, name, own, held)
            if not filled:  # an empty *REST or **KW goes with its comma
                start, end = _with_comma(text, start, end)
            text = text[:start] + filled + text[end:]
            offset += len(filled) - (end - start)
        outer = source.parents.get(node)
        tight = isinstance(outer, _TIGHT) or (isinstance(outer, (ast.Call, ast.Subscript)) and _is_head(outer, node))
        return f"({text})" if tight and isinstance(self._root, _COMPOUND) else text

    def _filled(self, source: Source, name: str, own: ast.expr | ast.keyword, held: _Held) -> str:
        if name not in held:
            return name if name in source.bound else _MODULES.get(name, name)
        what = held[name]
        if not isinstance(what, ast.AST):
            return ", ".join(map(source.text, what))
        text = source.text(what)
        outer = self._parents.get(own)
        loose = isinstance(outer, (ast.Call, ast.keyword, ast.stmt)) and not _is_head(outer, own)
        return f"({text})" if isinstance(what, _COMPOUND) and not loose else text

    @cached_property
    def _root(self) -> ast.AST:
        return self._result.value if isinstance(self._result, ast.Expr) else self._result

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self._result) for child in ast.iter_child_nodes(node)}

    @cached_property
    def _names(self) -> list[tuple[str, ast.expr | ast.keyword]]:
        """The holes, and the names that may have to be imported, in the order of the text."""
        found: list[tuple[str, ast.expr | ast.keyword]] = []
        for node in ast.walk(self._result):
            if isinstance(node, ast.Name) and (_HOLE.fullmatch(node.id) or node.id in _MODULES):
                outer = self._parents[node]
                rest = isinstance(outer, ast.Starred) or (isinstance(outer, ast.keyword) and outer.arg is None)
                found.append((node.id, outer if rest and isinstance(outer, (ast.Starred, ast.keyword)) else node))
        return sorted(found, key=lambda pair: pair[1].col_offset)


def _with_comma(text: str, start: int, end: int) -> tuple[int, int]:
    before = re.search(r",\s*$", text[:start])
    if before:
        return before.start(), end
    after = re.match(r"\s*,\s*", text[end:])
    return start, end + (after.end() if after else 0)


def _is_head(outer: ast.AST, node: ast.AST) -> bool:
    return node in (getattr(outer, "func", None), getattr(outer, "value", None)) and isinstance(
        outer, (ast.Call, ast.Subscript, ast.Attribute)
    )


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_loaded(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), (ast.Load, type(None)))


def _same(pattern: ast.AST, node: ast.AST, held: _Held) -> bool:
    if isinstance(pattern, ast.Name) and _HOLE.fullmatch(pattern.id):
        return _fits(pattern.id, node) and _holds(pattern.id, node, held)
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, ast.Call) and isinstance(node, ast.Call):
        return _same(pattern.func, node.func, held) and _same_arguments(pattern, node, held)
    return all(
        _same_values(value, getattr(node, field), held)
        for field, value in ast.iter_fields(pattern)
        if field not in {"ctx", "kind", "type_comment"}
    )


def _same_values(wanted: object, found: object, held: _Held) -> bool:
    if isinstance(wanted, ast.AST) and isinstance(found, ast.AST):
        return _same(wanted, found, held)
    if isinstance(wanted, list) and isinstance(found, list):
        pairs = zip(wanted, found, strict=False)
        return len(wanted) == len(found) and all(_same_values(one, other, held) for one, other in pairs)
    return type(wanted) is type(found) and wanted == found


def _same_arguments(pattern: ast.Call, node: ast.Call, held: _Held) -> bool:
    wanted, found = list(pattern.args), list(node.args)
    rest = wanted[-1] if wanted else None
    if isinstance(rest, ast.Starred) and isinstance(rest.value, ast.Name):
        wanted.pop()
        held[rest.value.id] = found[len(wanted) :]
        found = found[: len(wanted)]
    if any(isinstance(each, ast.Starred) for each in found) or not _same_values(wanted, found, held):
        return False
    words = {word.arg: word for word in node.keywords if word.arg is not None}
    open_end = False
    for word in pattern.keywords:
        if word.arg is None and isinstance(word.value, ast.Name):
            open_end = True
            held[word.value.id] = list(words.values())
        elif word.arg not in words or not _same(word.value, words.pop(word.arg).value, held):
            return False
    return (open_end or not words) and all(word.arg is not None for word in node.keywords)


def _fits(hole: str, node: ast.AST) -> bool:
    if hole.startswith("STR"):
        return isinstance(node, ast.Constant) and isinstance(node.value, str)
    if hole.startswith("INT"):
        return isinstance(node, ast.Constant) and type(node.value) is int
    if hole.startswith("NAME"):
        return isinstance(node, ast.Name)
    return isinstance(node, ast.expr) and not isinstance(node, ast.Starred)


def _holds(hole: str, node: ast.AST, held: _Held) -> bool:
    before = held.setdefault(hole, node)
    return before is node or (isinstance(before, ast.AST) and ast.dump(before) == ast.dump(node))

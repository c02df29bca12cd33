"""A probe's lines as statements that are run one by one, each with the names that it reads and nothing else."""

from __future__ import annotations
import __future__

import ast
import functools
import symtable
import threading
from collections.abc import Iterator
from dataclasses import dataclass

ASKED = "_asked_"
"""What a statement that asks is worth, until the next one stores or reports it."""
STORING = frozenset({"add", "append", "extend", "insert", "setdefault", "update"})
"""Methods that put something into a list, set or dictionary."""
_ONE_AT_A_TIME = threading.Lock()
"""`ast` and `symtable` are not safe in two threads at once (python/cpython#106905)."""
_MOVING = (ast.Assign, ast.AugAssign, ast.Expr, ast.Name, ast.Constant, ast.Dict, ast.List, ast.Set, ast.Tuple)
_STARTERS = frozenset({"_thread", "concurrent", "subprocess", "threading"})
_OUTLIVING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Step:
    """One statement, or the part of one that asks, or the part that stores."""

    source: str
    """At its own line."""
    line: int
    reads: tuple[str, ...]
    binds: tuple[str, ...] | None
    """None: a star import, which binds what it finds."""
    outlives: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    """Of functions that may be called later: the names that they read and write outside of themselves."""
    sees: bool = False
    """Whether it is the argument of `see`, which is reported."""
    stores: bool = False
    """Whether it only moves what is there: no code of anybody else's has to run in it, and so none is let."""


@dataclass(frozen=True, slots=True)
class Body:
    """All of a probe."""

    steps: tuple[Step, ...]
    flags: int
    """Of the compiler, for `from __future__ import …`."""
    starts: bool = False
    """Whether the lines import what starts threads or processes, which nobody may otherwise."""


@functools.lru_cache(maxsize=512)
def split(body: str, first: int = 1) -> Body:
    """Split lines of Python into steps.

    Args:
        body: the lines, without common indentation.
        first: the number of the first one.

    Raises:
        SyntaxError: they are not Python.
    """
    with _ONE_AT_A_TIME:
        compile(body, "<probe>", "exec", dont_inherit=True)  # which refuses more than the parser does
        tree = ast.parse(body)
        flags, steps = 0, []
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                flags |= sum(getattr(__future__, alias.name).compiler_flag for alias in node.names)
            else:
                steps += [_step(part, line + first - 1, node, sees=sees) for part, line, sees in _parts(body, node)]
    return Body(tuple(steps), flags, _starts(tree))


def _starts(tree: ast.Module) -> bool:
    """Whether the lines import what starts threads or processes."""
    names = [
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]
    return any(name.split(".")[0] in _STARTERS for name in names)


def _parts(body: str, node: ast.stmt) -> Iterator[tuple[str, int, bool]]:
    """The source of each step that a statement is made of, its line, and whether its value is reported."""
    text, line = _source(body, node)
    called = node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    argument = called.args[0] if called is not None and len(called.args) == 1 and not called.keywords else None
    if called is not None and argument is not None and not isinstance(argument, ast.Starred):
        function = called.func
        if isinstance(function, ast.Name) and function.id == "see":
            yield _asking(body, argument), argument.lineno, True
            return
        stores = isinstance(function, ast.Attribute) and function.attr in STORING
        if stores and isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and _asks(argument):
            yield _asking(body, argument), argument.lineno, False
            yield f"{function.value.id}.{function.attr}({ASKED})", line, False
            return
    if isinstance(node, ast.Assign) and _asks(node.value) and any(map(_is_place, node.targets)):
        yield _asking(body, node.value), node.value.lineno, False
        targets = " = ".join(_segment(body, target) for target in node.targets)
        yield f"{targets} = {ASKED}", line, False
    elif isinstance(node, ast.AugAssign) and _asks(node.value):
        yield _asking(body, node.value), node.value.lineno, False
        operator = _segment(body, node)[len(_segment(body, node.target)) :].split("=", 1)[0].strip()
        yield f"{_segment(body, node.target)} {operator}= {ASKED}", line, False
    else:
        yield text, line, False


def _asking(body: str, value: ast.expr) -> str:
    return f"{ASKED} = ({_segment(body, value)})"


def _asks(value: ast.expr) -> bool:
    """Whether anything but names and constants stands there: code of somebody else's may run."""
    return any(not isinstance(part, ast.Name | ast.Constant | ast.expr_context) for part in ast.walk(value))


def _is_place(target: ast.expr) -> bool:
    """Whether something is stored in an object, and not just a name bound."""
    return any(isinstance(part, ast.Subscript | ast.Attribute) for part in ast.walk(target))


def _segment(body: str, node: ast.expr | ast.stmt) -> str:
    return ast.get_source_segment(body, node) or ""


def _source(body: str, node: ast.stmt) -> tuple[str, int]:
    """A statement with its decorators, and its first line."""
    decorators = getattr(node, "decorator_list", [])
    if not decorators:
        return _segment(body, node), node.lineno
    line = min(decorator.lineno for decorator in decorators)
    return "\n".join(body.splitlines()[line - 1 : node.end_lineno]), line


def _step(source: str, line: int, node: ast.stmt, *, sees: bool) -> Step:
    table = symtable.symtable(source, "<probe>", "exec")
    top = table.get_symbols()
    inner = [symbol for child in _children(table) for symbol in _outer_names(child)]
    reads = {symbol.get_name() for symbol in (*top, *inner)}
    changes = {symbol.get_name() for symbol in inner if symbol.is_declared_global() and symbol.is_assigned()}
    binds = {symbol.get_name() for symbol in top if symbol.is_assigned() or symbol.is_imported()} | changes
    star = isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    outlives = None
    if any(isinstance(part, _OUTLIVING) for part in ast.walk(node)):
        outlives = (tuple(sorted({symbol.get_name() for symbol in inner})), tuple(sorted(changes)))
    return Step(
        "\n" * (line - 1) + source,
        line,
        tuple(sorted(reads)),
        None if star else tuple(sorted(binds)),
        outlives,
        sees,
        _stores(ast.parse(source).body[0]),
    )


def _stores(node: ast.stmt) -> bool:
    """Whether a statement only moves values: makes a display of them, binds a name, puts one in another."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):  # only what `_parts` wrote is given this
        return [ast.unparse(argument) for argument in node.value.args] == [ASKED]
    return all(
        isinstance(part, (*_MOVING, ast.operator, ast.expr_context))
        or (isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store))
        for part in ast.walk(node)
    )


def _outer_names(table: symtable.SymbolTable) -> Iterator[symtable.Symbol]:
    """What is looked up outside of a function; in a class also what the class itself binds, perhaps later."""
    for symbol in table.get_symbols():
        if symbol.is_global() or (table.get_type() == "class" and symbol.is_referenced()):
            yield symbol


def _children(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _children(child)

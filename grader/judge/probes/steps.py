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
_SETTLED = (
    ast.Constant,
    ast.Dict,
    ast.DictComp,
    ast.JoinedStr,
    ast.List,
    ast.ListComp,
    ast.Set,
    ast.SetComp,
    ast.Tuple,
)
_SETTLE = (
    f"{ASKED} = {ASKED} if not hasattr({ASKED}, '__iter__') or type({ASKED}) in (dict, list) or "
    f"isinstance({ASKED}, (bytes, frozenset, set, str, tuple)) else "
    f"{{**{ASKED}}} if hasattr({ASKED}, 'keys') else [*{ASKED}]"
)
"""Goes through what is asked for bit by bit, such as a generator, before the list that it goes to is in reach."""
_OUTLIVING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Step:
    """One statement, or the part of one that asks, or the part that stores."""

    source: str
    """At its own line."""
    line: int
    reads: tuple[str, ...]
    binds: tuple[str, ...] | None
    """None: there is a star import in it, which binds what it finds."""
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
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return any(name.partition(".")[0] in _STARTERS for name in names)


def _parts(body: str, node: ast.stmt) -> Iterator[tuple[str, int, bool]]:
    """The source of each step that a statement is made of, its line, and whether its value is reported."""
    text, line = _source(body, node)
    called = node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    argument = called.args[0] if called is not None and len(called.args) == 1 and not called.keywords else None
    if called is not None and argument is not None and not isinstance(argument, ast.Starred):
        function = called.func
        if isinstance(function, ast.Name) and function.id == "see":
            asking, value = _apart(body, argument) or ([], f"({_segment(body, argument)})")
            yield from asking
            yield f"{ASKED} = {value}", argument.lineno, True
            return
        stores = isinstance(function, ast.Attribute) and function.attr in STORING
        if stores and isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and _asks(argument):
            asking, value = _asked_for(body, argument, settled=function.attr in ("extend", "update"))
            yield from asking
            yield f"{function.value.id}.{function.attr}({value})", line, False
            return
    if isinstance(node, ast.Assign) and any(map(_is_place, node.targets)) and _asks(node.value):
        asking, value = _asked_for(body, node.value)
    elif isinstance(node, ast.AugAssign) and _asks(node.value):
        asking, value = _asked_for(body, node.value, settled=isinstance(node.op, ast.Add))
        operator = _segment(body, node)[len(_segment(body, node.target)) :].split("=", 1)[0].strip()
        yield from asking
        yield f"{_segment(body, node.target)} {operator}= {value}", line, False
        return
    elif isinstance(node, ast.Assign) and (apart := _apart(body, node.value)):
        asking, value = apart
    else:
        yield text, line, False
        return
    yield from asking
    targets = " = ".join(_segment(body, target) for target in node.targets)
    yield f"{targets} = {value}", line, False


def _asked_for(body: str, value: ast.expr, *, settled: bool = False) -> tuple[list[tuple[str, int, bool]], str]:
    """The steps that ask for a value, and what it is called after them.

    Args:
        body: the lines.
        value: in them.
        settled: whether it is looked through where it is stored, which may be as much as to ask.
    """
    if apart := _apart(body, value):
        return apart
    asking = [(f"{ASKED} = ({_segment(body, value)})", value.lineno, False)]
    if settled and not isinstance(value, _SETTLED):
        asking.append((_SETTLE, value.lineno, False))
    return asking, ASKED


def _apart(body: str, value: ast.expr) -> tuple[list[tuple[str, int, bool]], str] | None:
    """The steps that ask for the parts of a display one by one, and the display of what came; None if it needs none.

    While one part is asked for, what the others stand for is then out of reach.
    """
    asking: list[tuple[str, int, bool]] = []
    parts: list[ast.expr] = []

    def moved(part: ast.expr) -> ast.expr:
        if isinstance(part, ast.List | ast.Tuple) and not any(isinstance(each, ast.Starred) for each in part.elts):
            return type(part)([moved(each) for each in part.elts], ast.Load())
        if isinstance(part, ast.Dict) and all(isinstance(key, ast.Constant) for key in part.keys):
            return ast.Dict(part.keys, [moved(each) for each in part.values])
        if isinstance(part, ast.Constant):
            return part
        parts.append(part)
        if isinstance(part, ast.Name):
            return part
        name = f"{ASKED}{len(asking)}_"
        asking.append((f"{name} = ({_segment(body, part)})", part.lineno, False))
        return ast.Name(name, ast.Load())

    display = moved(value)
    return (asking, f"({ast.unparse(display)})") if asking and len(parts) > 1 else None


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
    star = any(alias.name == "*" for part in ast.walk(node) if isinstance(part, ast.ImportFrom) for alias in part.names)
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
        names = [part.id for each in node.value.args for part in ast.walk(each) if isinstance(part, ast.Name)]
        return any(name.startswith(ASKED) for name in names)
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

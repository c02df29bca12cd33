"""The operators that tools for mutation testing have in common: each changes or leaves out one thing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.authoring.mutants.sources import Edit, Operator, Source

_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
_SIMPLE = (
    ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Import, ast.ImportFrom, ast.Raise, ast.Assert,
    ast.Return, ast.Continue, ast.Break, ast.If, ast.For, ast.While,
)  # fmt: skip


def _swapped(source: Source, before: ast.AST, after: ast.AST, sign: str, other: str) -> Iterator[Edit]:
    """An operator between two operands replaced, with whatever parentheses and comments stand there."""
    start, end = source.between(before, after)
    gap = source.content[start:end].decode()
    if gap.count(sign) == 1:
        yield Edit(start, end, gap.replace(sign, other).encode())


def _comparisons(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Compare):
        operands = [node.left, *node.comparators]
        for operator, before, after in zip(node.ops, operands, operands[1:], strict=False):
            yield from _swapped(source, before, after, *_COMPARISONS[type(operator)])


def _boolean_operators(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.BoolOp):
        signs = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for before, after in zip(node.values, node.values[1:], strict=False):
            yield from _swapped(source, before, after, *signs)


def _operands(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.BoolOp):
        for value in node.values:
            yield from source.replaced(value, "True" if isinstance(node.op, ast.And) else "False")


def _arithmetic(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.BinOp):
        if type(node.op) in _ARITHMETIC:
            yield from _swapped(source, node.left, node.right, *_ARITHMETIC[type(node.op)])
    for step in source.walk(ast.AugAssign):
        start, end = source.between(step.target, step.value)
        yield Edit(start, end, b" = ")


def _negations(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.UnaryOp):
        yield from source.replaced(node, f"({source.text(node.operand)})")


def _conditions(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.AST):
        if isinstance(node, (ast.If, ast.While, ast.IfExp)):
            yield from source.replaced(node.test, "True")
            if not isinstance(node, ast.While):
                yield from source.replaced(node.test, "False")
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            for test in (test for loop in node.generators for test in loop.ifs):
                yield from source.replaced(test, "True")


def _numbers(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Constant):
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool) and not source.is_wording(node):
            yield from source.replaced(node, f"{node.value + 1}")
            if node.value:
                yield from source.replaced(node, f"{node.value - 1}")


def _texts(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Constant):
        if isinstance(node.value, (str, bytes)) and not source.is_wording(node):
            text = source.text(node)
            yield from source.replaced(node, f"{text[:-1]}x{text[-1]}" if text[-3:] not in ('"""', "'''") else '"x"')


def _truths(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Constant):
        if isinstance(node.value, bool) and not source.is_wording(node):
            yield from source.replaced(node, str(not node.value))


def _statements(source: Source) -> Iterator[Edit]:
    for node in source.walk(*_SIMPLE):
        if not _is_success(source, node):
            yield from source.replaced(node, "pass")


def _returned(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Return):
        if node.value is not None and not _is_success(source, node):
            yield from source.replaced(node.value, "None")


def _is_success(source: Source, node: ast.AST) -> bool:
    """Whether it is the `return 0` of a main function: None is the same to `sys.exit`."""
    if not isinstance(node, ast.Return) or source.text(node) != "return 0":
        return False
    outer = source.parents[node]
    return isinstance(outer, ast.FunctionDef) and outer.name == "main" and outer.body[-1] is node


def _caught(source: Source) -> Iterator[Edit]:
    for handler in source.walk(ast.ExceptHandler):
        if handler.type is not None:
            yield from source.replaced(handler.type, "()")


def _without(source: Source, things: Sequence[ast.AST], least: int = 0) -> Iterator[Edit]:
    """Each of some things that commas separate left out, with its comma."""
    if len(things) <= least:
        return
    for index, thing in enumerate(things):
        start, end = source.span(thing)
        if index + 1 < len(things):
            end = source.span(things[index + 1])[0]
        elif index:
            start = source.span(things[index - 1])[1]
        yield Edit(start, end, b"")


def _arguments(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Call):
        if not (len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp)):
            things = sorted([*node.args, *node.keywords], key=source.span)
            # A function without its only argument mostly can't be called, which no check fails to notice.
            for thing, edit in zip(things, _without(source, things), strict=True):
                if (node.keywords or len(things) > 1) and not (
                    isinstance(thing, ast.keyword) and source.is_wording(thing)
                ):
                    yield edit


def _elements(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.expr):
        if isinstance(node, ast.List) and isinstance(node.ctx, ast.Load):
            yield from _without(source, node.elts)
        elif isinstance(node, ast.Set) or (isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load)):
            yield from _without(source, node.elts, least=1)
    for table in source.walk(ast.Dict):
        pairs = zip(table.keys, table.values, strict=True)
        items = [
            (source.span(key)[0] if key else source.span(value)[0] - 2, source.span(value)[1]) for key, value in pairs
        ]
        for index, (start, end) in enumerate(items):
            following = items[index + 1][0] if index + 1 < len(items) else end
            yield Edit(start, following, b"")


def _swapped_arguments(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Call):
        if len(node.args) == 2:  # noqa: PLR2004 - a pair
            (start, _), (_, end) = source.span(node.args[0]), source.span(node.args[1])
            between = source.content[slice(*source.between(*node.args))].decode()
            yield Edit(start, end, f"{source.text(node.args[1])}{between}{source.text(node.args[0])}".encode())


def _calls(source: Source) -> Iterator[Edit]:
    """A call replaced by what it is given, or by what it is a method of."""
    for node in source.walk(ast.Call):
        if isinstance(source.parents[node], ast.Raise):
            continue  # to raise what is no exception is a TypeError, and often one was to be raised
        if node.args and not isinstance(node.args[0], ast.Starred):
            yield from source.replaced(node, f"({source.text(node.args[0])})")
        elif isinstance(node.func, ast.Attribute):
            yield from source.replaced(node, source.text(node.func.value))


def _bounds(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Subscript):
        if isinstance(node.slice, ast.Slice):
            yield from source.replaced(node, f"({source.text(node.value)})")


def _bases(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.ClassDef):
        for base in node.bases:
            yield from source.replaced(base, "object")


def _decorators(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.stmt):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            for decorator in node.decorator_list:
                yield from source.replaced(decorator, "(lambda same: same)")


def _guards(source: Source) -> Iterator[Edit]:
    """A case of a match statement that no longer matches."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.match_case):
            end = source.span(node.pattern)[1]
            yield Edit(end, end, b" if False")


CLASSICAL = (
    Operator("comparison_changed", _comparisons),
    Operator("and_or_changed", _boolean_operators),
    Operator("operand_left_out", _operands),
    Operator("arithmetic_changed", _arithmetic),
    Operator("negation_left_out", _negations),
    Operator("condition_decided", _conditions),
    Operator("number_changed", _numbers),
    Operator("truth_changed", _truths),
    Operator("statement_left_out", _statements),
    Operator("argument_left_out", _arguments),
    Operator("element_left_out", _elements),
    Operator("call_left_out", _calls),
    Operator("bounds_left_out", _bounds),
    Operator("handler_left_out", _caught),
    Operator("none_returned", _returned),
    Operator("arguments_swapped", _swapped_arguments),
    Operator("base_left_out", _bases),
    Operator("decorator_left_out", _decorators),
    Operator("case_left_out", _guards),
    Operator("text_changed", _texts),
)
"""In the order in which they are tried; what an earlier one made is not made again."""

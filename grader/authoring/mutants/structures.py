"""Look-alikes that are no matter of one expression: imports, handlers, branches, and parts of texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from grader.authoring.mutants.sources import Edit, Operator, Source

_WIDER = {"OSError": "Exception", "ImportError": "Exception", "KeyError": "Exception", "AttributeError": "Exception"}
_NARROWER = {
    "OSError": "FileNotFoundError",
    "ImportError": "ModuleNotFoundError",
    "Exception": "ValueError",
    "BaseException": "Exception",
    "SyntaxError": "IndentationError",
    "PackageNotFoundError": "KeyError",
}


def _relative_imports(source: Source, change: Callable[[str], str | None]) -> Iterator[Edit]:
    for node in source.walk(ast.ImportFrom):
        whole = source.text(node)
        found = re.match(r"from\s+(\.+)", whole)
        dots = change(found[1]) if found else None
        if found and dots is not None:
            yield from source.replaced(node, whole[: found.start(1)] + dots + whole[found.end(1) :])


def _dot_forgotten(source: Source) -> Iterator[Edit]:
    yield from _relative_imports(source, lambda _: "")
    for node in source.walk(ast.ImportFrom):
        if node.level and not node.module:
            names = source.text(node).partition("import")[2].strip(" ()")
            yield from source.replaced(node, f"import {names}")


def _dots_counted_wrong(source: Source) -> Iterator[Edit]:
    yield from _relative_imports(source, lambda dots: dots + ".")
    yield from _relative_imports(source, lambda dots: dots[1:] if len(dots) > 1 else None)


def _handlers(source: Source, others: dict[str, str]) -> Iterator[Edit]:
    for handler in source.walk(ast.ExceptHandler):
        if handler.type is not None:
            other = others.get(source.text(handler.type).rpartition(".")[2])
            if other:
                yield from source.replaced(handler.type, other)


def _caught_too_much(source: Source) -> Iterator[Edit]:
    """What follows a `try` statement is drawn into it."""
    for node in source.walk(ast.Try):
        siblings = next((each for each in _bodies(source.parents[node]) if node in each), [])
        after = siblings[siblings.index(node) + 1 :][:1]
        if not after or node.orelse or node.finalbody:
            continue
        start, end = source.span(node)[0], source.span(after[0])[1]
        margin = " " * node.col_offset
        cut = source.span(node.body[-1])[1]
        moved = source.text(after[0]).replace("\n", "\n    ")
        rest = source.content[cut : source.span(node)[1]].decode()
        head = source.content[start:cut].decode()
        yield Edit(start, end, f"{head}\n{margin}    {moved}{rest}".encode())


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value


def _elif_for_if(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.If):
        if source.text(node).startswith("elif"):
            start, _ = source.span(node)
            yield Edit(start, start + 4, b"if")


def _generator_for_list(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.ListComp):
        yield from source.replaced(node, f"({source.text(node)[1:-1]})")


def _tuple_for_list_display(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.List):
        if isinstance(node.ctx, ast.Load) and node.elts and not _is_all(source.parents[node]):
            comma = "," if len(node.elts) == 1 and not source.text(node)[:-1].rstrip().endswith(",") else ""
            yield from source.replaced(node, f"({source.text(node)[1:-1]}{comma})")


def _is_all(node: ast.AST) -> bool:
    """Whether it binds `__all__`, which may be a tuple as well."""
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"


def _star_forgotten(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Starred):
        if isinstance(node.ctx, ast.Load):
            yield from source.replaced(node, source.text(node.value))


def _default_once(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.FunctionDef):
        for argument, default in zip(node.args.args[::-1], node.args.defaults[::-1], strict=False):
            if argument.arg == "argv" and "sys" in source.bound:
                yield from source.replaced(default, "sys.argv[1:]")
            elif isinstance(default, ast.Constant) and default.value is None:
                yield from source.replaced(default, "[]")


def _f_forgotten(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.JoinedStr):
        text = source.text(node)
        if text[:1] in "fF" and not source.is_wording(node):
            yield from source.replaced(node, text[1:])


def _decorators(source: Source, names: dict[str, str | None]) -> Iterator[Edit]:
    for node in source.walk(ast.FunctionDef):
        for decorator in node.decorator_list:
            name = source.text(decorator).rpartition(".")[2]
            if name in names:
                start, end = source.span(decorator)
                other = names[name]
                if other is None:  # with its line, and the @ before it
                    yield Edit(start - 1, source.span(node)[0], b"")
                else:
                    yield Edit(start, end, other.encode())


def _global_forgotten(source: Source) -> Iterator[Edit]:
    for node in source.walk(ast.Global, ast.Nonlocal):
        yield from source.replaced(node, "pass")
    for name in source.walk(ast.Call):
        if source.text(name) == "globals()":
            yield from source.replaced(name, "{}")


def rewritten(pattern: str, other: str) -> Callable[[str], Iterator[str]]:
    """A way to make texts of one: each match of a regular expression in it replaced, one at a time."""
    expression = re.compile(pattern)

    def change(text: str) -> Iterator[str]:
        for found in expression.finditer(text):
            yield text[: found.start()] + found.expand(other) + text[found.end() :]

    return change


IN_TEXTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "entry_point_without_colon",
        "A function of a module is thought to be named like a module in a package.",
        ((r"(?<=\w):(?=[A-Za-z_]\w*(\.\w+)*[\"'\s]*$)", "."),),
    ),
    ("entry_point_called", "An entry point is thought to name a call.", ((r"(?<=\w:)(\w+(?:\.\w+)*)", r"\1()"),)),
    (
        "star_crosses_slashes",
        "A * is thought to reach into directories.",
        ((r"\w+/(?:\w+/)*(?=[\w*]*\*)", ""), (r"\*\*/", "")),
    ),
    (
        "star_forgotten_in_pattern",
        "A name is thought to stand for all that is below it.",
        ((r"(?<=\w)\.?\*", ""), (r"\*\.(?=\w)", "")),
    ),
    (
        "exact_for_least",
        "The least version is taken for the only one, or for one that won't do.",
        ((r">=(?=\d)", "=="), (r">=(?=\d)", "<")),
    ),
    (
        "one_underscore_for_two",
        "Names with one underscore and with two are taken for each other.",
        ((r"(?<=[\"'])_(?=[\"'])", "__"), (r"(?<=[\"'])__(?=[\"'])", "_")),
    ),
    (
        "appended_for_overwritten",
        "A file that is opened for writing is thought to keep what it holds.",
        ((r"(?<=[\"'])w(?=b?[\"'])", "a"),),
    ),
    (
        "dash_for_underscore",
        "An import name is taken for a distribution's, or the other way round.",
        ((r"(?<=[a-z])_(?=[a-z])", "-"),),
    ),
    ("dot_forgotten_in_text", "A relative name is taken for an absolute one.", ((r"(?<=[\"'])\.(?=\w)", ""),)),
)
"""Look-alikes inside of texts, in Python and in the files of projects: a name, what it says, what becomes what."""


def _in_constants(changes: tuple[Callable[[str], Iterator[str]], ...]) -> Callable[[Source], Iterator[Edit]]:
    def find(source: Source) -> Iterator[Edit]:
        for node in source.walk(ast.Constant):
            if isinstance(node.value, str) and not source.is_wording(node):
                for change in changes:
                    for text in change(source.text(node)):
                        yield from source.replaced(node, text)

    return find


STRUCTURES = (
    Operator("dot_forgotten", _dot_forgotten, "A module beside this one is thought to be found without a dot."),
    Operator("dots_counted_wrong", _dots_counted_wrong, "One dot is taken for the package above, two for this one."),
    Operator(
        "caught_too_widely",
        lambda source: _handlers(source, _WIDER),
        "Whatever goes wrong is taken for the one thing that may.",
    ),
    Operator(
        "caught_too_narrowly",
        lambda source: _handlers(source, _NARROWER),
        "The most frequent error is taken for the only one.",
    ),
    Operator("caught_too_much", _caught_too_much, "A try around more lines is thought to do no harm."),
    Operator("if_for_elif", _elif_for_if, "elif and if are taken for the same."),
    Operator("generator_for_list", _generator_for_list, "A generator is taken for a list."),
    Operator("tuple_display_for_list", _tuple_for_list_display, "A tuple is taken for a list."),
    Operator("star_forgotten", _star_forgotten, "A list of arguments is taken for the arguments."),
    Operator("default_made_once", _default_once, "A default value is thought to be made at each call."),
    Operator("f_forgotten", _f_forgotten, "Braces are thought to be filled in any text."),
    Operator(
        "property_forgotten",
        lambda source: _decorators(
            source,
            {
                "property": None,
                "cached_property": None,
                "staticmethod": None,
                "contextmanager": None,
                "classmethod": None,
            },
        ),
        "A method is thought to be of the kind that is needed without saying so.",
    ),
    Operator(
        "asked_each_time",
        lambda source: _decorators(source, {"cached_property": "property", "cache": "staticmethod"}),
        "What is computed again is taken for what was kept.",
    ),
    Operator(
        "global_forgotten", _global_forgotten, "An assignment in a function is thought to reach the module's name."
    ),
    *(Operator(name, _in_constants(tuple(rewritten(*pair) for pair in pairs)), says) for name, says, pairs in IN_TEXTS),
)
"""In the order in which they are tried."""

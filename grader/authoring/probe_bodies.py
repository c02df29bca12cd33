"""Lines of probes that learner code could get the better of: what asks must not store, and values must come late.

A statement of a probe either asks learner code or stores what it said. One that does both has what was noted so far in
reach while learner code runs, and whoever walks the frames can write into it.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Set

from grader.judge.checking.declarations import HiddenChecks
from grader.judge.probes.steps import STORING

_ASKS_AND_STORES = (
    "asks and stores in {} at once; return what was said, and store it in a statement of its own, like "
    'seen["x"] = outcome(…).'
)
_TAKES_ARGUMENT = (
    "takes a value of yours from sys.argv, where learner code can read it from the start; give it by name: "
    'project.probe(…, given={"name": value}).'
)
_GIVES_ARGUMENT = (
    "gives a probe {} as an argument, where learner code can read it from the start; give it by name: "
    'project.probe(…, given={{"name": value}}). Only paths and words that are always the same are fine there.'
)
_HARMLESS = frozenset({"range", "see", "type"})
"""What can be called without running anybody's code."""


def faults_in(checks: HiddenChecks) -> Iterator[tuple[str, str]]:
    """Where the probes of a module of hidden checks are open to lies, and what to do about it.

    Args:
        checks: the module; workshops are left out, in whose interpreter no learner code runs.
    """
    tree = ast.parse(checks.path.read_text(encoding="utf-8"))
    for call in _probes(tree):
        if values := [argument for argument in call.args[1:] if not _is_path_or_word(argument)]:
            shown = ", ".join(map(ast.unparse, values))
            yield f"{checks.path.name}, line {call.lineno}", _GIVES_ARGUMENT.format(shown)
    for name, body in _bodies(checks, tree):
        if not any(_is_call(part, "run") for part in ast.walk(body)):
            for line, says in _faults_of(body):
                yield f"{checks.path.name}, {name}, line {line}", says


def _probes(tree: ast.Module) -> Iterator[ast.Call]:
    """The calls of `probe`, by line."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    found = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "probe"]
    yield from sorted(found, key=lambda call: call.lineno)


def _is_path_or_word(argument: ast.expr) -> bool:
    """Whether an argument tells nobody what is asked: a path in the project, or a text that stands there as it is."""
    return (
        isinstance(argument, ast.Constant)
        or (isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Div))
        or (isinstance(argument, ast.Attribute) and argument.attr == "path")
    )


def _bodies(checks: HiddenChecks, tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Texts that are lines of a probe, by their names, or where they have none by their lines in the module."""
    texts = {name: value for name, value in vars(checks.module).items() if isinstance(value, str)}
    for call in _probes(tree):
        for argument in call.args[:1]:
            if isinstance(argument, ast.Constant):
                texts[f"the text in line {argument.lineno}"] = str(argument.value)
    for name, text in texts.items():
        try:
            body = ast.parse(textwrap.dedent(text).strip())
        except (SyntaxError, ValueError):
            continue
        if any(_is_call(part, "see") for part in ast.walk(body)):
            yield name, body


def _faults_of(body: ast.Module) -> Iterator[tuple[int, str]]:
    told = {
        part.id
        for call in ast.walk(body)
        if isinstance(call, ast.Call) and _is_call(call, "see")
        for argument in call.args
        for part in ast.walk(argument)
        if isinstance(part, ast.Name)
    }
    for node in body.body:
        for part in _whole(node):
            if (stored := sorted(_stored(part) & told)) and _asks(part):
                yield part.lineno, _ASKS_AND_STORES.format(", ".join(stored))
        for target in _targets(node):
            if (stored := sorted(_stored(target) & told)) and _asks(target):
                yield node.lineno, _ASKS_AND_STORES.format(", ".join(stored))
        if not _is_top_see(node) and any(_is_call(part, "see") for part in ast.walk(node)):
            yield node.lineno, "calls see() inside of another statement; let it stand by itself at the end."
        if isinstance(node, ast.Assign) and _reads_argv(node.value):
            yield node.lineno, _TAKES_ARGUMENT


def _stored(node: ast.stmt | ast.expr) -> Set[str]:
    """Names of what is written into."""
    found: set[str] = set()
    for part in ast.walk(node):
        target: ast.expr | None = None
        if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store | ast.Del):
            target = part.value
        elif isinstance(part, ast.Call) and _stores(part):
            target = part.func.value if isinstance(part.func, ast.Attribute) else None
        elif isinstance(part, ast.AugAssign):
            target = part.target
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        if isinstance(target, ast.Name):
            found.add(target.id)
    return found


def _targets(node: ast.stmt) -> list[ast.expr]:
    """Where a statement stores, which it finds out only then."""
    if isinstance(node, ast.Assign | ast.Delete):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def _whole(node: ast.stmt) -> Iterator[ast.stmt | ast.expr]:
    """The parts of a statement that run without a step between asking and storing."""
    if isinstance(node, ast.For | ast.While | ast.If | ast.With | ast.Try | ast.FunctionDef | ast.ClassDef | ast.Match):
        yield node
    else:
        inner = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
        yield from (part for part in ast.walk(node) if isinstance(part, inner))


def _asks(node: ast.stmt | ast.expr) -> bool:
    """Whether anything is called or imported, beside what stores."""
    return any(
        isinstance(part, ast.Import | ast.ImportFrom)
        or (
            isinstance(part, ast.Call)
            and not _stores(part)
            and not (isinstance(part.func, ast.Name) and part.func.id in _HARMLESS)
        )
        for part in ast.walk(node)
    )


def _stores(call: ast.Call) -> bool:
    function = call.func
    return isinstance(function, ast.Attribute) and function.attr in STORING and isinstance(function.value, ast.Name)


def _is_call(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _is_top_see(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and _is_call(node.value, "see")


def _reads_argv(value: ast.expr) -> bool:
    return any(
        isinstance(part, ast.Attribute)
        and part.attr == "argv"
        and isinstance(part.value, ast.Name)
        and part.value.id == "sys"
        for part in ast.walk(value)
    )

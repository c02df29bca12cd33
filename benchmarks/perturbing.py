"""Wrong answers as other learners would write them, two of them in one, and answers that are broken at random."""

from __future__ import annotations

import ast
import builtins
import difflib
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, AnyStr

from grader.catalog import Exercise

_WORD = re.compile(r"[^\W\d]\w*")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOKS_AT_NAMES = {"locals", "vars", "eval", "exec", "dir", "globals"}


def learners_files(exercise: Exercise, project: Path) -> list[Path]:
    """The files of a project that a learner wrote."""
    given = {project / name for name in exercise.about.given}
    return sorted(path for path in project.rglob("*") if path.is_file() and path not in given)


def _sources(exercise: Exercise, project: Path) -> Iterator[tuple[Path, ast.Module]]:
    """The learner's Python files that can be parsed."""
    for path in learners_files(exercise, project):
        if path.suffix == ".py":
            try:
                yield path, ast.parse(path.read_bytes())
            except (SyntaxError, ValueError):
                continue


def commented(exercise: Exercise, project: Path, seed: int) -> None:
    """Comments and blank lines above and below."""
    for path in learners_files(exercise, project):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if path.suffix == ".py" and not text.startswith("#"):
            text = f"# Watch {seed}.\n\n{text}\n\n# End of watch.\n"
        elif path.suffix in {".py", ".toml", ".cfg"}:
            text = f"{text}\n# End of watch {seed}.\n"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))


def reformatted(exercise: Exercise, project: Path, seed: int) -> None:
    """No comments, and Python's own idea of layout; the syntax tree is the same."""
    for path, tree in _sources(exercise, project):
        path.write_text(ast.unparse(tree) + "\n" * (seed + 1), encoding="utf-8")


def renamed(exercise: Exercise, project: Path, seed: int) -> None:
    """Other names for local variables, and for functions that neither the task nor another file mentions."""
    spoken = _spoken(exercise)
    texts = {path: set(_words(path)) for path in learners_files(exercise, project)}
    for path, tree in _sources(exercise, project):
        elsewhere = set().union(*(words for other, words in texts.items() if other != path))
        _rename_helpers(tree, spoken | elsewhere)
        for node in _outermost_functions(tree):
            _rename_locals(node, tree)
        path.write_text(ast.unparse(tree) + "\n" * (seed + 2), encoding="utf-8")


def reordered(exercise: Exercise, project: Path, seed: int) -> None:
    """Neighbouring functions the other way round, where no order is between them."""
    for path, tree in _sources(exercise, project):
        body: list[ast.stmt] = []
        for movable, run in itertools.groupby(tree.body, _movable):
            functions = list(run)
            body.extend(reversed(functions) if movable else functions)
        tree.body = body
        path.write_text(ast.unparse(tree) + "\n" * (seed + 3), encoding="utf-8")


def reworded(exercise: Exercise, project: Path, seed: int) -> None:
    """Other words in the learner's own messages: in texts of several words that neither the task nor a check has."""
    spoken = "\n".join(
        path.read_bytes().decode("utf-8", "replace")
        for path in (exercise.folder / "README.md", *exercise.hidden_tests.rglob("*.py"))
    )
    for path, tree in _sources(exercise, project):
        own = _Rewording(spoken)
        own.visit(tree)
        path.write_text(ast.unparse(tree) + "\n" * (seed + 4), encoding="utf-8")


class _Rewording(ast.NodeTransformer):
    """Replaces the words of texts that are raised, or written to stderr."""

    def __init__(self, spoken: str) -> None:
        self._spoken = spoken
        self._saying = 0

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        """What is raised."""
        return self._said(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """What is written to stderr, or ends the program with a message."""
        text = ast.unparse(node)
        says = "stderr" in text or text.startswith(("sys.exit(", "parser.error(", "exit("))
        return self._said(node) if says else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A text, or the plain part of one."""
        if (
            self._saying
            and isinstance(node.value, str)
            and _said_in(node.value)
            and node.value.strip() not in self._spoken
        ):
            return ast.Constant(re.sub(r"[a-z]{4,}", "otherwise", node.value))
        return node

    def _said(self, node: ast.AST) -> ast.AST:
        self._saying += 1
        self.generic_visit(node)
        self._saying -= 1
        return node


def _said_in(text: str) -> bool:
    """Whether it has a word that may be another, and isn't a format."""
    return re.search(r"[a-z]{4,}", text) is not None and "%" not in text and "{" not in text


def imports_turned(exercise: Exercise, project: Path, seed: int) -> None:
    """Neighbouring imports the other way round: those of the standard library, and those of modules of the project."""
    for path, tree in _sources(exercise, project):
        for node in ast.walk(tree):
            for field in ("body", "orelse", "finalbody"):
                statements = getattr(node, field, None)
                if isinstance(statements, list):
                    setattr(node, field, [*_turned(statements)])
        path.write_text(ast.unparse(tree) + "\n" * (seed + 5), encoding="utf-8")


def _turned(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    for movable, run in itertools.groupby(statements, _is_import):
        found = list(run)
        yield from reversed(found) if movable else found


def _is_import(node: ast.stmt) -> bool:
    """Whether it is an import that others may precede."""
    if isinstance(node, ast.ImportFrom):
        return node.module != "__future__"
    return isinstance(node, ast.Import)


PERTURBATIONS: dict[str, Callable[[Exercise, Path, int], None]] = {
    "comments": commented,
    "layout": reformatted,
    "names": renamed,
    "order": reordered,
    "words": reworded,
    "imports": imports_turned,
}


def _movable(node: ast.stmt) -> bool:
    if not isinstance(node, _FUNCTIONS) or node.decorator_list or node.returns:
        return False
    defaults = (*node.args.defaults, *filter(None, node.args.kw_defaults))
    return all(isinstance(default, ast.Constant) for default in defaults)


def _spoken(exercise: Exercise) -> set[str]:
    """The words of the task and of the checks."""
    files = [exercise.folder / "README.md", *exercise.hidden_tests.rglob("*.py"), *exercise.stub.rglob("*")]
    return {word for path in files if path.is_file() for word in _words(path)}


def _words(path: Path) -> list[str]:
    return _WORD.findall(path.read_bytes().decode("utf-8", "replace"))


def _rename_helpers(tree: ast.Module, spoken: set[str]) -> None:
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    said = {
        word for node in ast.walk(tree) if isinstance(node, ast.Constant) for word in _WORD.findall(str(node.value))
    }
    said |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    own = {node.name for node in tree.body if isinstance(node, _FUNCTIONS) and not node.name.startswith("__")}
    own -= spoken | bound | said
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in own:
            node.id = f"{node.id}_of_mine"
        elif isinstance(node, _FUNCTIONS) and node.name in own:
            node.name = f"{node.name}_of_mine"


def _outermost_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTIONS):
            yield child
        else:
            yield from _outermost_functions(child)


def _rename_locals(function: ast.AST, tree: ast.Module) -> None:
    inside = list(ast.walk(function))
    names = [node for node in inside if isinstance(node, ast.Name)]
    if any(node.id in _LOOKS_AT_NAMES for node in names):
        return
    settled = {node.arg for node in inside if isinstance(node, ast.arg)}
    settled |= {name for node in inside if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names}
    settled |= {
        node.name for node in inside if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name
    }
    settled |= {
        (alias.asname or alias.name).partition(".")[0]
        for node in inside
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    settled |= {node.name for node in inside if isinstance(node, (*_FUNCTIONS, ast.ClassDef))}
    outside = [node for node in ast.walk(tree) if node not in set(inside)]
    settled |= {node.id for node in outside if isinstance(node, ast.Name)} | set(dir(builtins))
    settled |= {node.name for node in outside if isinstance(node, (*_FUNCTIONS, ast.ClassDef))}
    if any(isinstance(node, ast.ClassDef) for node in inside):
        return
    own = {node.id for node in names if not isinstance(node.ctx, ast.Load)} - settled
    for node in names:
        if node.id in own and not node.id.startswith("__"):
            node.id = f"my_{node.id}"


def merged(base: Sequence[AnyStr], one: Sequence[AnyStr], other: Sequence[AnyStr]) -> list[AnyStr] | None:
    """Both changes of the same lines; None where they meet."""
    edits = sorted(
        (start, end, tuple(new[first:last]))
        for new in (one, other)
        for tag, start, end, first, last in difflib.SequenceMatcher(None, base, new, autojunk=False).get_opcodes()
        if tag != "equal"
    )
    if any(later[0] <= earlier[1] for earlier, later in itertools.pairwise(edits)):
        return None
    lines = list(base)
    for start, end, new in reversed(edits):
        lines[start:end] = new
    return lines


def mutants(source: str) -> Iterator[str]:
    """The same program with one statement left out, or one constant or comparison that is another."""
    tree = ast.parse(source)
    for node in list(ast.walk(tree)):
        for change in _changes(node):
            undo = change()
            yield ast.unparse(tree)
            undo()


def _changes(node: ast.AST) -> Iterator[Callable[[], Callable[[], None]]]:
    """What can be changed in a node; each change gives what takes it back."""
    for name in ("body", "orelse", "finalbody"):
        statements = getattr(node, name, None)
        for index, statement in enumerate(statements if isinstance(statements, list) else ()):
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                yield partial(_exchange, statements, index, ast.Pass())
    if isinstance(node, ast.Compare):
        yield partial(_exchange, node.ops, 0, ast.NotEq() if isinstance(node.ops[0], ast.Eq) else ast.Eq())
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
        yield partial(_exchange, vars(node), "value", _another(node.value))


def _exchange(where: Any, key: int | str, new: object) -> Callable[[], None]:
    before = where[key]
    where[key] = new
    return partial(where.__setitem__, key, before)


def _another(value: str | int) -> str | int:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value[:-1]

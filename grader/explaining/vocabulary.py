"""The vocabulary of an answer: what its author uses and did not name, such as `os.chdir` or `install_requires`.

Two people who make the same mistake call their variables differently and write their lines at different places, but the
mistake itself has the same words.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from grader.explaining.causes.scenes import ProjectFiles

Vocabulary = frozenset[str]
_WORD = re.compile(r"[^\W\d]\w*")
_COMMENT = re.compile(r"(?m)^\s*#.*$")
_MAX_TEXT = 40
"""Characters of a text in code: longer ones are for people to read."""
_MOST_PARTS = 14
"""Nodes of the syntax tree that an expression may have."""
PHRASE = "` "
"""How the words begin that are expressions, such as `` ` sys.argv[1:]``."""
_MAX_CHARACTERS = 1 << 17
"""Of all files together; a file that is too large for what is left is passed over."""
_MAX_BITS = 64
"""Of a number: Python refuses to write down very large ones."""
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.If, ast.With, ast.For, ast.While)


def of_answer(folder: Path, given: Collection[str]) -> Vocabulary:
    """The vocabulary of a project, without its given files.

    Args:
        folder: the project. Nothing in it is executed.
        given: paths of files that aren't the learner's.
    """
    files = ProjectFiles(folder)
    texts: dict[str, str] = {}
    left = _MAX_CHARACTERS
    for name in (name for name in files.names if name not in given):
        text = files.text(name)
        if len(text) <= left:
            texts[name] = text
            left -= len(text)
    return of_texts(texts)


def of_texts(files: Mapping[str, str]) -> Vocabulary:
    """What files use, and their own paths.

    Args:
        files: their texts, by their paths with slashes.
    """
    found: set[str] = set()
    for name, text in files.items():
        found.add(f"/{name}")
        found |= _of_python(text) if name.endswith(".py") else _words(_COMMENT.sub("", text))
    return frozenset(found)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text))


def _of_python(text: str) -> set[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    used: set[str] = set()
    own: set[str] = set()
    for node, around in _walk(tree):
        used.update(_of_node(node, around))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            own.add(node.name)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif isinstance(node, ast.alias) and node.asname:
            own.add(node.asname)
    return (used - own) | set(_phrases(tree, own))


def _phrases(tree: ast.Module, own: set[str]) -> Iterator[str]:
    """Short expressions, with a blank for each name that the author chose."""
    for node, _ in _walk(tree):
        if not isinstance(node, ast.expr) or isinstance(node, (ast.Name, ast.Constant)):
            continue
        parts = [*itertools.islice(ast.walk(node), _MOST_PARTS + 1)]
        if len(parts) <= _MOST_PARTS:
            with contextlib.suppress(ValueError):  # before Python 3.12, some f-strings can't be written down
                yield f"{PHRASE}{ast.unparse(_Blanks(own).visit(copy.deepcopy(node)))}"


class _Blanks(ast.NodeTransformer):
    """Puts blanks in the place of an author's own names, and of texts for people."""

    def __init__(self, own: set[str]) -> None:
        self._own = own

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """A name, in whichever place."""
        return ast.Name("_" if node.id in self._own else node.id, ast.Load())

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        """A value."""
        return ast.Constant("_") if isinstance(node.value, str) and len(node.value) > _MAX_TEXT else node


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """All nodes, and what kind of statement each stands in, if in any; without functions calling each other deeply."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "Module")]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        inner = type(node).__name__ if isinstance(node, _SCOPES) else around
        waiting.extend((child, inner) for child in ast.iter_child_nodes(node))


def _of_node(node: ast.AST, around: str) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            yield name
        case ast.Attribute(attr=name):
            yield f".{name}"
        case ast.keyword(arg=str(name)):
            yield f"{name}="
        case ast.Import(names=names):
            yield from (f"import {each.name}" for each in names)
            yield f"{around}: import"
        case ast.ImportFrom(module=module, names=names, level=level):
            place = "." * level + (module or "")
            yield from (f"from {place} import {each.name}" for each in names)
            yield f"from {place}"
            yield f"{around}: import"
        case ast.Constant(value=str(text)):
            yield from (f'"{word}' for word in _words(text) if len(text) <= _MAX_TEXT)
        case ast.Constant(value=value) if not isinstance(value, int) or value.bit_length() <= _MAX_BITS:
            yield repr(value)
        case ast.operator() | ast.cmpop() | ast.unaryop() | ast.boolop():
            yield type(node).__name__
        case ast.stmt() | ast.expr():
            yield type(node).__name__
        case _:
            return

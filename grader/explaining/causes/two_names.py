"""One file that Python has run twice, under two names, so that what it defines is there twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from grader.explaining.causes import links
from grader.explaining.causes.scenes import Scene
from grader.model import Cause

_MAIN = "__main__"


def causes(scene: Scene) -> Iterator[Cause]:
    """An exception that the program catches came through all the same: its class is that of the other copy.

    Told only where the class is of a module whose file is the one that was run, and that file has an `except` for a
    class of that name, which is where the exception passed.
    """
    raised, run = scene.raised, _file_that_was_run(scene)
    if not run or not raised.module:
        return
    copies = {PurePosixPath(each).as_posix() for each in scene.files.module(raised.module)}
    if run in copies and _catches(scene.files.text(run), raised.kind):
        module = raised.module
        says = (
            f"{run} is there twice: as `{_MAIN}`, which was run, and as `{module}`, which was imported. "
            f"`except {raised.kind}` means the class of `{_MAIN}`, and `{module}` raised its own."
        )
        why = "A file that is run is the module `__main__`. Imported by its name, it is run again, as another module."
        try_it = f"Move {raised.kind} to a file that nobody runs, and import it from there."
        yield Cause("same_file_twice", says, scene.shown_line, why, try_it, links.MAIN_MODULE)


def _file_that_was_run(scene: Scene) -> str:
    if scene.start.how == "file":
        return scene.files.of(scene.start.what)
    if scene.start.how == "module":
        return next(iter(scene.files.module(scene.start.what)), "")
    return ""


def _catches(source: str, name: str) -> bool:
    """Whether a source has an `except` for a class of that name."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return False
    caught = (node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type is not None)
    return any(isinstance(each, ast.Name) and each.id == name for kind in caught for each in ast.walk(kind))

"""The program was started in a way that doesn't fit what it is, such as by a file's name for a module's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from grader.explaining.causes import links
from grader.explaining.causes.scenes import Scene, dotted
from grader.model import Cause

_NO_PARENT = "attempted relative import with no known parent package"
_BEYOND = "attempted relative import beyond top-level package"
_IS_A_FILE = re.compile(r"Error while finding module specification for '([^']+)'")
_NO_MAIN = re.compile(r"No module named ([\w.]+)\.__main__; '([\w.]+)' is a package and cannot be directly executed")
_RELATIVE = re.compile(r"from\s+(\.+)")


def causes(scene: Scene) -> Iterator[Cause]:
    """What is wrong with how it was started, or with what a relative import is relative to."""
    if scene.raised.kind in ("ImportError", "ValueError", "SystemError") and scene.at:
        if scene.raised.says == _NO_PARENT:
            yield _no_parent(scene)
        elif scene.raised.says == _BEYOND:
            yield _beyond(scene)


def complaints(text: str) -> Iterator[Cause]:
    """What Python itself says, without a traceback, before it runs anything."""
    if found := _NO_MAIN.search(text):
        package = found[2]
        says = f"`python -m {package}` runs {package.replace('.', '/')}/__main__.py, and there is no such file."
        why = "A package is run by its module `__main__`; its `__init__.py` is only imported."
        yield Cause("no_main_module", says, "", why, link=links.MAIN)
    elif found := _IS_A_FILE.search(text):
        name = found[1]
        if name.endswith(".py"):
            module = name.removesuffix(".py").replace("/", ".")
            says = f"`-m` takes the name of a module, and {name} is the name of a file."
            why = f"Python looks for a module `py` in a package `{module}`."
            yield Cause("file_for_module", says, "", why, f"python -m {module}", links.RUN_MODULE)


def _no_parent(scene: Scene) -> Cause:
    file = PurePosixPath(scene.at)
    dots = _dots(scene)
    top = _top(file, scene.files.names, dots)
    module = ".".join([*file.relative_to(top).with_suffix("").parts])
    module = module.removesuffix(".__main__")
    run_itself = len(scene.way) == 1 or scene.way[-1][0] == scene.at
    if run_itself and scene.start.how in ("file", ""):
        says = f"{scene.place} imports relative to its package, but {file.name} was run by its file name."
        why = "A file that is run by name has no package (`__package__` is None), so the dot stands for nothing."
        here = "" if str(top) == "." else f"cd {top} && "
        return Cause("file_run_by_name", says, scene.shown_line, why, f"{here}python -m {module}", links.RUN_MODULE)
    says = (
        f"{scene.place} imports relative to its package, but was itself imported as the top-level module `{file.stem}`."
    )
    why = (
        f"sys.path leads into {file.parent}/ itself, so that folder is no package here and the dot stands for nothing."
    )
    return Cause("imported_without_package", says, scene.shown_line, why, f"import {module}", links.INTRA_PACKAGE)


def _beyond(scene: Scene) -> Cause:
    file = PurePosixPath(scene.at)
    outermost = dotted(file.parent, scene.files.names).partition(".")[0]
    says = f"{scene.place} asks for something outside of `{outermost}`, which is the outermost package."
    why = (
        f"One dot stands for the package that {file.name} is in, and each further dot for the package around that. "
        f"Nothing is around `{outermost}`, the package that the program imported by name."
    )
    return Cause("too_many_dots", says, scene.shown_line, why, link=links.INTRA_PACKAGE)


def _dots(scene: Scene) -> int:
    found = _RELATIVE.search(scene.shown_line)
    return len(found[1]) if found else 1


def _top(file: PurePosixPath, names: tuple[str, ...], dots: int) -> PurePosixPath:
    """The folder above the outermost package that a file is in."""
    top, depth = file.parent, 0
    while str(top) != "." and (depth < dots or f"{top}/__init__.py" in names):
        top, depth = top.parent, depth + 1
    return top

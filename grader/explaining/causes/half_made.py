"""A module was used before it was finished, or another module than the one that was meant."""

from __future__ import annotations

import ast
import difflib
import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from grader.explaining.causes import links
from grader.explaining.causes.scenes import Scene
from grader.model import Cause

_NAME = re.compile(r"cannot import name '([^']+)' from (partially initialized module )?'([\w.]+)' ?(.*)")
_ATTRIBUTE = re.compile(r"(?:partially initialized )?module '([\w.]+)' has no attribute '([^']+)'(.*)")
_SUBMODULE = re.compile(r"cannot access submodule '(\w+)' of module '([\w.]+)'")
_FILE = re.compile(r"\((?:consider renaming '|most likely due to a circular import\) \()?([^()']+\.py)'?")
_BAD_MAGIC = re.compile(r"bad magic number in '([\w.]+)'")
_FROM_BYTECODE = re.compile(r"\(([^()]+\.pyc)\)")
_CLOSE = 0.75
"""How much alike two names are, from 0 to 1, to be taken for each other."""
_IN_PLACE = "Python imports a `.pyc` file that lies where the source would be."
_MOST_NAMES = 6
"""Files of a circle that are written out."""


def causes(scene: Scene) -> Iterator[Cause]:
    """Why a name isn't in a module that was found."""
    if scene.raised.kind == "ImportError" and (found := _NAME.match(scene.raised.says)):
        name, partly, module, rest = found.groups()
        yield from _lacks(scene, module, name, partly=bool(partly), rest=rest)
    elif scene.raised.kind == "ImportError" and (found := _BAD_MAGIC.match(scene.raised.says)):
        yield from _of_another_version(scene, found[1])
    elif scene.raised.kind == "AttributeError" and (found := _SUBMODULE.match(scene.raised.says)):
        yield from _lacks(scene, found[2], found[1], partly=True, rest="")
    elif scene.raised.kind == "AttributeError" and (found := _ATTRIBUTE.match(scene.raised.says)):
        partly = scene.raised.says.startswith("partially")
        yield from _lacks(scene, found[1], found[2], partly=partly, rest=found[3])


def _lacks(scene: Scene, module: str, name: str, *, partly: bool, rest: str) -> Iterator[Cause]:
    file = _file_of(scene, module, rest)
    if module == "__main__" or (not file and module.partition(".")[0] in sys.stdlib_module_names):
        return  # which program that is, or what somebody put into the library's place, isn't known
    if compiled := _from_bytecode(scene, module, rest):
        says = f"`{module}` is {compiled} here, bytecode without its source, and it has no `{name}`."
        why = "Such a `.pyc` file holds what the source said when it was compiled, even if the source is gone."
        yield Cause(
            "imported_from_bytecode", says, scene.shown_line, f"{_IN_PLACE} {why}", _file_shown(module), links.CACHES
        )
        return
    under_way = {scene.files.of(frame.file) for frame in scene.raised.frames if frame.function == "<module>"}
    partly = partly or file in under_way  # newer versions say so only where no file has a library's name
    if module.partition(".")[0] in sys.stdlib_module_names and file and "." not in module:
        says = f"`{module}` is {file} here, not the standard library's, so it has no `{name}`."
        why = "The program's folder is searched before the standard library, so what it holds comes first."
        if scene.at == file:
            says = f"{file} imports itself: `{module}` is that very file here, not the standard library's."
        yield Cause("name_shadows", says, scene.shown_line, why, _file_shown(module), links.SEARCH_PATH)
    elif file and (environment := _hides_installed(scene, module, name)):
        says = f"`{module}` is {file} here, not the one that is installed in {environment}/ and has `{name}`."
        why = "The program's folder is searched before site-packages, so what it holds comes first."
        if scene.at == file:
            says = f"{file} imports itself: `{module}` is that very file here, not the one in {environment}/."
        yield Cause("name_shadows", says, scene.shown_line, why, _file_shown(module), links.SEARCH_PATH)
    elif partly and file == scene.at:
        says = f"{file} imports itself: `{module}` is that very file, and it isn't finished."
        why = "A module is in sys.modules as soon as its code begins, with the names that it has by then."
        yield Cause("imports_itself", says, scene.shown_line, why, link=links.CIRCULAR)
    elif partly:
        yield _circle(scene, module, name, file)
    elif "unknown location" in rest and (folder := _folder_of(scene, module)):
        says = f"`{module}` has no `__init__.py`, so Python made a namespace package of {folder}/."
        why = (
            "A namespace package runs no code and has no names of its own: only its submodules can be imported from it."
        )
        yield Cause("namespace_package", says, scene.shown_line, why, link=links.NAMESPACE)
    elif scene.raised.kind == "AttributeError" and (own := _submodule(scene, module, name)):
        says = f"{scene.place} uses `{module}.{name}`, and nobody has imported that submodule ({own})."
        why = "Importing a package runs its `__init__.py` only; its submodules are imported one by one."
        yield Cause("submodule_not_imported", says, scene.shown_line, why, f"import {module}.{name}", links.SUBMODULES)
    elif file and (close := _nearly(name, _defined(scene.files.text(file)))):
        where = f"{scene.place}: " if scene.place else ""
        says = f"{where}{file} defines no `{name}`, but `{close}`."
        why = "Names are compared letter by letter, capitals included."
        yield Cause("nearly_that_name", says, scene.shown_line, why)


def _file_shown(module: str) -> str:
    return f'python -c "import {module}; print({module}.__file__)"'


def _of_another_version(scene: Scene, module: str) -> Iterator[Cause]:
    """Bytecode in the place of a source, which this Python can't read."""
    if compiled := _in_place_of_source(scene, module):
        says = f"`{module}` is {compiled} here, bytecode that another version of Python made."
        try_it = "Remove it, and put the source in its place."
        why = "Each version of Python has bytecode of its own."
        yield Cause("imported_from_bytecode", says, scene.shown_line, f"{_IN_PLACE} {why}", try_it, links.CACHES)


def _in_place_of_source(scene: Scene, module: str) -> str:
    """The bytecode that lies where a module's source would be; empty if there is none, several, or a source."""
    path = module.replace(".", "/")
    found = scene.files.named(f"{path}.pyc", f"{path}/__init__.pyc")
    return found[0] if len(found) == 1 and not scene.files.module(module) else ""


def _from_bytecode(scene: Scene, module: str, rest: str) -> str:
    """The bytecode without a source that a module surely is; empty if it is none."""
    compiled = _in_place_of_source(scene, module)
    if told := _FROM_BYTECODE.search(rest):
        return compiled if compiled and f"/{told[1]}".endswith(f"/{compiled}") else ""
    is_first = ".py" not in rest and str(PurePosixPath(compiled).parent) == _first_folder(scene)
    return compiled if is_first and module not in sys.stdlib_module_names else ""


def _hides_installed(scene: Scene, module: str, name: str) -> str:
    """The virtual environment of the project whose module of that name has what is missing; empty if there is none."""
    found = (each for each in scene.files.environments if name in _defined(each.source_of(module)))
    return next((each.name for each in found), "")


def _nearly(name: str, defined: list[str]) -> str:
    """The name that is nearly that one; empty if there is none, or that very one is there."""
    return "" if name in defined else next(iter(difflib.get_close_matches(name, defined, 1, _CLOSE)), "")


def _file_of(scene: Scene, module: str, rest: str) -> str:
    """The project's file that a module of that name is; empty if it is none of the project's."""
    if (found := _FILE.search(rest)) and (file := scene.files.of(found[1])):
        return file
    if rest and ".py" in rest:
        return ""  # it is told, and no file of the project
    here = scene.files.module(module)
    if module.partition(".")[0] in sys.stdlib_module_names:
        # The library's own may lack that name, too: only what lies in the program's folder is sure to come first.
        foremost = _first_folder(scene)
        return next((each for each in here if str(PurePosixPath(each).parent) == foremost), "")
    beside = str(PurePosixPath(scene.at).parent)
    first = [each for each in here if str(PurePosixPath(each).parent) == beside]
    return next(iter(first or here), "")


def _first_folder(scene: Scene) -> str | None:
    """The folder that comes first on sys.path, if it is one of the project's: the script's own, or the current one."""
    if scene.start.isolated:
        return None
    if scene.start.how == "file":
        program = scene.files.of(scene.start.what)
        return str(PurePosixPath(program).parent) if program else None
    return "." if scene.start.how and scene.cwd == "$PROJECT" else None


def _folder_of(scene: Scene, module: str) -> str:
    path = module.replace(".", "/")
    for name in scene.files.names:
        folder = str(PurePosixPath(name).parent)
        if folder == path or folder.endswith(f"/{path}"):
            return "" if f"{folder}/__init__.py" in scene.files.names else folder
    return ""


def _submodule(scene: Scene, module: str, name: str) -> str:
    path = module.replace(".", "/")
    found = scene.files.named(f"{path}/{name}.py", f"{path}/{name}/__init__.py")
    return found[0] if found else ""


def _circle(scene: Scene, module: str, name: str, file: str) -> Cause:
    """The way from the module that is half made back to it."""
    way = list(dict.fromkeys(each for each, _ in reversed(scene.way)))
    turn = way[way.index(file) :] if file in way else way
    turn = turn if len(turn) <= _MOST_NAMES else [*turn[:3], "…", *turn[-2:]]
    circle = " → ".join([*turn, file or module])
    says = f"A circle of imports: {circle}. {scene.place} asks `{module}` for `{name}` too early."
    line = next((number for each, number in reversed(scene.way) if each == file), None)
    had = f"{file or module} had come to line {line}" if line else f"{file or module} had just begun"
    why = f"{had}, and what stands below has not run yet: a module is in sys.modules from the moment its code begins."
    return Cause("circle", says, scene.shown_line, why, link=links.CIRCULAR)


def _defined(source: str) -> list[str]:
    """The names that a module's own statements bind, as far as its text shows."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    names: list[str] = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names += [alias.asname or alias.name for alias in node.names]
    return names

"""No module of that name was found: where something of that name is, and why Python didn't look there."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from grader.explaining.causes import installed, links
from grader.explaining.causes.scenes import Scene, dotted
from grader.model import Cause

_MISSING = re.compile(r"No module named '?([\w.\-]+)'?(?:; '([\w.]+)' is not a package)?")
_CLOSE = 0.75
"""How much alike two names are, from 0 to 1, to be taken for each other."""


def causes(scene: Scene) -> Iterator[Cause]:
    """Why a module wasn't found."""
    if scene.raised.kind not in ("ModuleNotFoundError", "ImportError"):
        return
    found = _MISSING.fullmatch(scene.raised.says.strip())
    if found is None:
        return
    name, not_a_package = found[1], found[2]
    if not_a_package:
        yield from _inside_a_module(scene, name, not_a_package)
    elif "." in name:
        yield from _inside_a_package(scene, name)
    else:
        yield from _at_the_top(scene, name)


def _at(scene: Scene) -> str:
    """Where it was, if the project had a part in it."""
    return f"{scene.place}: " if scene.place else ""


def _inside_a_module(scene: Scene, name: str, module: str) -> Iterator[Cause]:
    """`No module named 'a.b'; 'a' is not a package`: another file has the package's name."""
    files = scene.files.named(f"{module.replace('.', '/')}.py")
    packages = scene.files.named(f"{module.replace('.', '/')}/__init__.py")
    own = [file for file in files if file in {each for each, _ in scene.way}]
    culprit = next(iter(own or files), "")
    if culprit and (packages or module in sys.stdlib_module_names):
        other = packages[0] if packages else f"the standard library's {module}"
        says = f"`{module}` is {culprit} here, not {other}, so there is nothing like `{name}` in it."
        why = "Python takes the first file of that name that it finds, and the script's own folder comes first."
        yield Cause("name_shadows", says, scene.shown_line, why, "Give that file another name.", links.SEARCH_PATH)
    elif culprit:
        says = f"{_at(scene)}`{module}` is the file {culprit}, and a file holds no modules such as `{name}`."
        why = "Only a package, which is a folder, has modules in it. Names are taken out of a module by `from`."
        yield Cause("module_is_no_package", says, scene.shown_line, why, link=links.PACKAGES)


def _inside_a_package(scene: Scene, name: str) -> Iterator[Cause]:
    package, _, last = name.rpartition(".")
    if scene.start.how == "module" and name.endswith(".__main__"):
        return  # _run.py tells it
    folder = package.replace(".", "/")
    within = [
        PurePosixPath(each)
        for each in scene.files.names
        if str(PurePosixPath(each).parent).endswith(folder) and each.endswith(".py")
    ]
    folders = {PurePosixPath(each).parent for each in scene.files.names}
    packages = [each for each in folders if str(each.parent).endswith(folder)]
    there = {path.stem: str(path) for path in within} | {path.name: f"{path}/" for path in packages}
    there.pop("__init__", None)
    if last in there:
        return  # it is in another folder of the package's name, and which one Python took isn't known
    close = difflib.get_close_matches(last, there, 1, _CLOSE)
    if close:
        says = f"{_at(scene)}there is no `{name}`; {there[close[0]]} has nearly that name."
        why = "A module's name is its file's name without `.py`, letter by letter, capitals included."
        yield Cause("nearly_that_name", says, scene.shown_line, why, link=links.PACKAGES)


def _at_the_top(scene: Scene, name: str) -> Iterator[Cause]:
    if scene.at and name in dotted(PurePosixPath(scene.at).parent, scene.files.names).split("."):
        return  # its own package, which runs under another name there
    modules = scene.files.module(name)
    near = _around_the_importer(scene, modules)
    if near is not None:
        yield _beside(scene, name, *near)
        return
    elsewhere = [file for file in modules if file != scene.at]
    if elsewhere:
        yield _not_on_the_path(scene, name, elsewhere[0])
        return
    if compiled := scene.files.named(f"{name}.pyc"):
        says = f"{scene.place}: of `{name}` only bytecode is there, {compiled[0]}."
        why = "In a folder `__pycache__`, bytecode is used only where its source is there, too."
        yield Cause("bytecode_without_source", says, scene.shown_line, why)
        return
    if caches := scene.files.caches_of(name):
        says = f"{_at(scene)}of `{name}` only bytecode is there, {caches[0]}: its source is gone."
        why = "Python uses what is in `__pycache__` only for a source file that is there."
        yield Cause("bytecode_without_source", says, scene.shown_line, why, link=links.CACHES)
        return
    if found := next(installed.missing_module(scene, name), None):
        yield found
        return
    stems = {PurePosixPath(each).stem: each for each in scene.files.names if each.endswith(".py")}
    stems.pop("__init__", None)
    folders = {PurePosixPath(each).parent for each in scene.files.names if "/" in each}
    there = stems | {folder.name: f"{folder}/" for folder in sorted(folders)}
    close = difflib.get_close_matches(name, there, 1, _CLOSE)
    if close and close[0] != name:
        says = f"{_at(scene)}there is no module `{name}`; {there[close[0]]} has nearly that name."
        why = "A module's name is its file's name without `.py`, letter by letter, capitals included."
        yield Cause("nearly_that_name", says, scene.shown_line, why, link=links.SEARCH_PATH)
    elif "-" in name:
        says = f"`{name}` has a hyphen, so it is the name of a distribution, and no module can have it."
        why = "A distribution is what pip installs; the modules that it holds have names of their own."
        yield Cause(
            "distribution_name", says, scene.shown_line, why, f"python -m pip show --files {name}", links.INSTALL
        )


def _around_the_importer(scene: Scene, modules: list[str]) -> tuple[str, int] | None:
    """A module in one of the packages that the importer is in, and the dots that lead there; None if there is none."""
    folder, dots = PurePosixPath(scene.at).parent, 1
    while scene.at and f"{folder}/__init__.py" in scene.files.names:
        for each in modules:
            path = PurePosixPath(each)
            is_in = (path.parent.parent if path.name == "__init__.py" else path.parent) == folder
            if is_in and each != scene.at:
                return each, dots
        folder, dots = folder.parent, dots + 1
    return None


def _beside(scene: Scene, name: str, file: str, dots: int) -> Cause:
    folder = PurePosixPath(file).parent
    folder = folder.parent if PurePosixPath(file).name == "__init__.py" else folder
    package = dotted(folder, scene.files.names)
    says = f"{scene.place} asks for `{name}`, and {file} is in the package `{package}`."
    why = (
        "An import statement doesn't look beside its own file: without a dot before the name, Python searches the "
        "folders on sys.path."
    )
    try_it = f"from {'.' * dots} import {name}    # or: from {package} import {name}"
    return Cause("beside_the_importer", says, scene.shown_line, why, try_it, links.INTRA_PACKAGE)


def _not_on_the_path(scene: Scene, name: str, file: str) -> Cause:
    path = PurePosixPath(file)
    folder = path.parent.parent if path.name == "__init__.py" else path.parent
    where = "the project's own folder" if str(folder) == "." else f"{folder}/"
    relative = _relative_entry(scene, str(folder))
    if relative is not None:
        number, entry = relative
        says = f"{scene.at}, line {number} puts {entry!r} on sys.path, which means a folder of the working directory."
        why = f"The program ran in {scene.cwd}, where there is no {entry}/. An absolute path means the same everywhere."
        return Cause("relative_path_entry", says, scene.files.line(scene.at, number), why, link=links.SEARCH_PATH)
    says = f"Python found no module `{name}`: {file} is there, but {where} is not on sys.path."
    why = "Python searches the folders on sys.path, and not those below them."
    try_it = ""
    if file.startswith("src/") and scene.files.named("pyproject.toml", "setup.py", "setup.cfg"):
        try_it = "python -m pip install --editable ."
    elif scene.start.how == "file" and (program := scene.files.of(scene.start.what)):
        try_it = f"PYTHONPATH={folder} python {program}    # finds it, when it is run from the project's folder"
    return Cause("folder_not_on_path", says, scene.shown_line, why, try_it, links.SEARCH_PATH)


_ADDED = re.compile(r"sys\.path\.(?:append|insert|extend)\(.*?(['\"])([^'\"/~][^'\"]*)\1")


def _relative_entry(scene: Scene, folder: str) -> tuple[int, str] | None:
    """The line of the program that puts that folder on the path by a relative name."""
    for number, line in enumerate(scene.files.text(scene.at).splitlines(), 1):
        found = _ADDED.search(line.partition("#")[0])
        if found and "__file__" not in line:
            entry = found[2].removeprefix("./").rstrip("/")
            if entry and (folder == entry or folder.endswith(f"/{entry}")):
                return number, found[2]
    return None

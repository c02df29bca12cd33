"""What is installed, where, and under which name: a distribution's name, or another environment's packages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath

from packaging.utils import canonicalize_name

from grader.explaining.causes import links
from grader.explaining.causes.scenes import ProjectFiles, Scene
from grader.model import Cause

_TOP = re.compile(r"[A-Za-z_]\w*")
_MOST_NAMED = 3


def missing_module(scene: Scene, name: str) -> Iterator[Cause]:
    """Why a top-level module isn't found that none of the project's own files is.

    Args:
        scene: in which it was asked for.
        name: of the module.
    """
    files = scene.files
    for environment in files.environments:
        if environment.has(name):
            says = f"`{name}` is installed in {environment.name}/, and another Python ran this."
            why = "Each virtual environment has packages of its own, and only the Python in it finds them."
            try_it = f"{environment.python} {_as_started(scene)}"
            yield Cause("other_environment", says, scene.shown_line, why, try_it, links.VENV)
            return
        modules = environment.modules_of(name)
        if modules and name not in modules:
            yield _distribution(scene, name, modules, "a distribution that is installed")
            return
    modules = _own_modules(files)
    if modules and name not in modules and canonicalize_name(name) == canonicalize_name(_own_name(files)):
        yield _distribution(scene, name, modules, "this project's distribution")


def _distribution(scene: Scene, name: str, modules: list[str], what: str) -> Cause:
    listed = " and ".join(f"`{module}`" for module in modules[:_MOST_NAMED])
    says = f"`{name}` is the name of {what}; what it holds is imported as {listed}."
    why = "A distribution is what pip installs; the modules that it holds have names of their own."
    return Cause("distribution_name", says, scene.shown_line, why, f"import {modules[0]}", links.INSTALL)


def _as_started(scene: Scene) -> str:
    if scene.start.how == "module":
        return f"-m {scene.start.what}"
    return scene.files.of(scene.start.what) or "main.py" if scene.start.how == "file" else "…"


def _own_name(files: ProjectFiles) -> str:
    """The name that a project gives its distribution; empty if none is to be read."""
    try:
        table = tomllib.loads(files.text("pyproject.toml")).get("project")
    except (ValueError, RecursionError):
        return ""
    name = table.get("name") if isinstance(table, dict) else None
    if isinstance(name, str):
        return name
    text = files.text("setup.py") or files.text("setup.cfg")
    found = re.search(r"^\s*name\s*=\s*['\"]?([\w.-]+)", text, re.MULTILINE)
    return found[1] if found else ""


def _own_modules(files: ProjectFiles) -> list[str]:
    """The packages that a project ships, as far as its folders show: in `src`, or else beside its settings."""
    packages = [PurePosixPath(each).parent for each in files.names if each.endswith("/__init__.py")]
    in_src = [each.name for each in packages if str(each.parent) == "src"]
    return in_src or [each.name for each in packages if str(each.parent) == "." and each.name != "tests"]


def why_not_shipped(files: ProjectFiles, name: str) -> str:
    """Why a data file isn't in the wheel, where the settings say half of what they must.

    Args:
        files: of the project.
        name: of the data file.
    """
    settings = "\n".join(files.text(each) for each in ("setup.py", "setup.cfg", "pyproject.toml"))
    asks = re.search(r"include[_-]package[_-]data\s*=\s*[Tt]rue", settings) is not None
    declares = "package_data" in settings.replace("-", "_").replace("include_package_data", "")
    manifest = files.text("MANIFEST.in")
    listed = any(_is_listed(line, name) for line in manifest.splitlines())
    modern = "[project]" in files.text("pyproject.toml")
    if declares:
        return ""
    if asks and not manifest:
        return "`include_package_data` takes the files that MANIFEST.in names, and there is no MANIFEST.in."
    if (asks or modern) and not listed:
        return "`include_package_data` takes the files that MANIFEST.in names, and it doesn't name this one."
    if listed and not asks and not modern:
        return (
            "MANIFEST.in puts it into the source distribution. A wheel takes it from there only where the settings say "
            "`include_package_data = True`."
        )
    return ""


def _is_listed(line: str, name: str) -> bool:
    """Whether a line of MANIFEST.in is about a file, by its name or the end of it."""
    command, *patterns = line.split() or [""]
    file = PurePosixPath(name)
    if command == "graft":
        return any(pattern.rstrip("/") in map(str, file.parents) for pattern in patterns)
    if command in ("include", "recursive-include", "global-include"):
        return any(file.match(pattern) for pattern in patterns)
    return False

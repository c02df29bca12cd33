"""Build a project the standard way, by the hooks of PEP 517, in the toolchain's virtualenv and inside a sandbox."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import msgspec

from grader.environment import toolchain
from grader.errors import PackagingError

_LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
"""What PEP 517 names for a project that doesn't name one."""
_MAX_PYPROJECT_BYTES = 64 << 10
_SUFFIXES = {"build_wheel": ".whl", "build_sdist": ".tar.gz"}
"""What is built, by the hook that builds it."""
_BUILDS_WHEELS = "setuptools"
_PART_OF_IT = "wheel"
"""Asked for beside setuptools by habit; what it did is in setuptools since 70.1."""

# Runs on the learner's side, in an empty folder. The backend's own folders come first on the path, as PEP 517 wants it.
# What it wrote is reported, not left lying: so no folder of the judge's has to be open to it. A sixth of the time would
# go into looking for garbage while the backend is imported, and into taking its modules apart at the end.
HOOK = """
import gc
gc.disable()
import base64, contextlib, importlib, json, os, shutil, sys
hook, suffix, name, in_tree, source, out, report = sys.argv[1:8]
sys.argv[:] = [""]
for entry in os.scandir(source):
    (shutil.copytree if entry.is_dir() else shutil.copy2)(entry.path, entry.name)
sys.path[:0] = [os.path.abspath(folder) for folder in in_tree.split(os.pathsep) if folder]
module, _, attributes = name.partition(":")
backend = importlib.import_module(module)
for attribute in filter(None, attributes.split(".")):
    backend = getattr(backend, attribute)
gc.freeze()
gc.enable()
getattr(backend, hook)(out)
built = {}
for entry in os.scandir(out):
    if entry.name.endswith(suffix) and entry.is_file(follow_symlinks=False):
        with open(entry.path, "rb") as file:
            built[entry.name] = base64.b64encode(file.read()).decode()
with open(int(report), "w") as channel:
    json.dump(built, channel)
for stream in (sys.stdout, sys.stderr):
    with contextlib.suppress(Exception):
        stream.flush()
os._exit(0)
"""


def hook_arguments(
    project: Path, out: Path, report: str, *, version: str, hook: str = "build_wheel"
) -> tuple[str, ...]:
    """The arguments of an interpreter that copies the project to its empty current directory and builds it there.

    What it reports, `built_files` reads.

    Args:
        project: what is built.
        out: an empty folder for what is built.
        report: the descriptor to report on.
        version: of the interpreter, such as `3.12.1`.
        hook: of PEP 517: `build_wheel` or `build_sdist`.

    Raises:
        PackagingError: its pyproject.toml can't be read, or asks for tools that the toolchain hasn't.
    """
    table = _build_system(project, version)
    backend = table.get("build-backend", _LEGACY_BACKEND)
    in_tree = table.get("backend-path", [])
    if not isinstance(backend, str) or not re.fullmatch(r"[\w.]+(:[\w.]+)?", backend):
        raise PackagingError(f"pyproject.toml: build-backend {backend!r} is not like `module:object`.")
    if not isinstance(in_tree, list) or not all(isinstance(folder, str) for folder in in_tree):
        raise PackagingError("pyproject.toml: backend-path is not a list of folders.")
    what = (hook, _SUFFIXES[hook], backend, os.pathsep.join(in_tree))
    return "-I", "-c", HOOK, *what, str(project), str(out), report


def built_files(report: bytes) -> dict[str, bytes]:
    """What a build reported that it built, by file name; nothing if it came to no good end.

    Raises:
        PackagingError: what came is no such report.
    """
    try:
        return msgspec.json.decode(report, type=dict[str, bytes]) if report else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PackagingError(f"The build's report can't be read: {error}.") from error


def _build_system(project: Path, version: str) -> dict[str, object]:
    path = project / "pyproject.toml"
    if not path.is_file():
        return {}
    if path.stat().st_size > _MAX_PYPROJECT_BYTES:
        raise PackagingError(f"pyproject.toml can't be read: it holds more than {_MAX_PYPROJECT_BYTES:,} bytes.")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("build-system", {})
    except (ValueError, RecursionError) as error:  # also of its subclasses for bad TOML and bad UTF-8
        raise PackagingError(f"pyproject.toml can't be read: {error}.") from error
    if not isinstance(table, dict):
        raise PackagingError("pyproject.toml: build-system is not a table.")
    requires = table.get("requires", None if table else [])
    if requires is None:
        raise PackagingError("pyproject.toml: build-system has no requires, the one key that must be there.")
    if not isinstance(requires, list):
        raise PackagingError("pyproject.toml: build-system.requires is not a list.")
    for requirement in requires:
        _check_requirement(requirement, version)
    return table


def _check_requirement(text: object, version: str) -> None:
    from packaging.requirements import InvalidRequirement, Requirement  # slow, and rarely needed

    try:
        requirement = Requirement(str(text))
    except InvalidRequirement as error:
        raise PackagingError(f"pyproject.toml: build-system.requires holds {text!r}: {error}.") from error
    python = {"python_version": version.rpartition(".")[0], "python_full_version": version}
    if requirement.marker is not None and not requirement.marker.evaluate(python):
        return
    name = requirement.name.lower()
    if name not in (_BUILDS_WHEELS, _PART_OF_IT):
        raise PackagingError(f"pyproject.toml asks for {name} to build; this exercise builds with setuptools.")
    ours = toolchain.version(_BUILDS_WHEELS)
    if name == _BUILDS_WHEELS and not requirement.specifier.contains(ours):
        raise PackagingError(f"pyproject.toml asks for {requirement} to build; here it is setuptools {ours}.")

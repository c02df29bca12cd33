"""Build a project the standard way, by the hooks of PEP 517, in the toolchain's virtualenv and inside a sandbox."""

from __future__ import annotations

import itertools
import os
import re
import tomllib
from pathlib import Path

import msgspec

from grader.display import shorten
from grader.environment import toolchain
from grader.errors import PackagingError, ran_out

_LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
"""What PEP 517 names for a project that doesn't name one."""
_MAX_PYPROJECT_BYTES = 64 << 10
_SHOWN_CHARACTERS = 400
"""How much of what a pyproject.toml holds a message shows."""
_SUFFIXES = {"build_wheel": ".whl", "build_sdist": ".tar.gz"}
"""What is built, by the hook that builds it."""
_BUILD_TOOL = "setuptools"
_OBSOLETE_REQUIREMENT = "wheel"
"""Asked for beside setuptools by habit; what it did is in setuptools since 70.1."""

# Runs on the learner's side, in empty folders. The backend's own folders come first on the path, as PEP 517 wants it.
# What it wrote is reported, not left lying: so no folder of the judge's has to be open to it. Several builds are made
# by as many processes, which have one import of the build tools in common: that takes longer than a build. So nothing
# looks for garbage in the meantime, either, and nothing takes all the modules apart at the end.
HOOK = """
import gc
gc.disable()
import base64, contextlib, importlib, json, os, shutil, sys
report, *words = sys.argv[1:]
orders = [words[start:start + 7] for start in range(0, len(words), 7)]
def tell(what):
    with open(int(report), "w") as channel:
        json.dump(what, channel)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)
def content(file):
    file.seek(0)
    return base64.b64encode(file.read()).decode()
if len(orders) > 1:
    import tempfile
    if not any(in_tree for _, _, _, in_tree, *_ in orders):
        import setuptools.build_meta
    gc.freeze()
    under_way = {}
    for order in orders:
        files = [tempfile.TemporaryFile(buffering=0) for _ in range(3)]
        child = os.fork()
        if not child:
            os.close(int(report))
            report, orders = files[2].fileno(), [order]
            os.dup2(files[0].fileno(), 1)
            os.dup2(files[1].fileno(), 2)
            break
        under_way[child] = files
    else:
        tell([None if os.waitpid(child, 0)[1] else [*map(content, files)] for child, files in under_way.items()])
((hook, suffix, name, in_tree, source, copy, out),) = orders
sys.argv[:] = [""]
os.chdir(copy)
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
tell(built)
"""


class BuildReply(msgspec.Struct, array_like=True):
    """What is said of one of several builds."""

    stdout: bytes
    stderr: bytes
    report: bytes
    """What it would have reported if it had been made alone."""


def build_order(project: Path, copy: Path, out: Path, *, version: str, hook: str = "build_wheel") -> tuple[str, ...]:
    """What one build needs to know, for `arguments`.

    Args:
        project: what is built.
        copy: an empty folder, in which it is built.
        out: an empty folder for what is built.
        version: of the interpreter, such as `3.12.1`.
        hook: of PEP 517: `build_wheel` or `build_sdist`.

    Raises:
        PackagingError: its pyproject.toml can't be read, or asks for tools that the toolchain hasn't.
    """
    table, asked_for = _build_system(project, version)
    backend = table.get("build-backend", _LEGACY_BACKEND)
    in_tree = table.get("backend-path", [])
    if not isinstance(backend, str) or not re.fullmatch(r"[\w.]+(:[\w.]+)?", backend):
        shown = shorten(repr(backend), characters=_SHOWN_CHARACTERS)
        raise PackagingError(f"pyproject.toml: build-backend {shown} is not like `module:object`.")
    if not isinstance(in_tree, list) or not all(isinstance(folder, str) for folder in in_tree):
        raise PackagingError("pyproject.toml: backend-path is not a list of folders.")
    if table and _BUILD_TOOL not in asked_for and re.match(rf"{_BUILD_TOOL}\b", backend):
        raise PackagingError(
            f"pyproject.toml: {_BUILD_TOOL} builds the project, and build-system.requires doesn't name it: "
            "a build has nothing but what is named there."
        )
    return hook, _SUFFIXES[hook], backend, os.pathsep.join(in_tree), str(project), str(copy), str(out)


def arguments(report: str, *orders: tuple[str, ...]) -> tuple[str, ...]:
    """The arguments of an interpreter that makes one build, or several at once where the system can fork.

    What one reports, `built_files` reads; what several report, `read_replies`.

    Args:
        report: the descriptor to report on.
        orders: see `build_order`.
    """
    return "-I", "-c", HOOK, report, *itertools.chain.from_iterable(orders)


def built_files(report: bytes) -> dict[str, bytes]:
    """What a build reported that it built, by file name; nothing if it came to no good end.

    Raises:
        PackagingError: what came is no such report.
    """
    try:
        return msgspec.json.decode(report, type=dict[str, bytes]) if report else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PackagingError(f"The build's report can't be read: {error}.") from error


def save(name: str, content: bytes, folder: Path, *, what: str, named: re.Pattern[str], most: int) -> Path:
    """Write a file that a build reported to a folder of ours; gives its path.

    Args:
        name: what the build calls it.
        content: all of it.
        folder: where.
        what: it should be, with its article.
        named: matches names of such files.
        most: bytes that it may have.

    Raises:
        PackagingError: a build should not leave such a name, or so much.
    """
    if not named.fullmatch(name):
        raise PackagingError(f"The build wrote {name!r}, which is no file name of {what}.")
    if len(content) > most:
        raise PackagingError(f"The build's {name} is larger than {most:,} bytes.")
    path = folder / name
    path.write_bytes(content)
    return path


def read_replies(report: bytes) -> list[BuildReply | None]:
    """What several builds reported, in their order, None for what failed; nothing at all where that is unclear."""
    try:
        return msgspec.json.decode(report, type=list[BuildReply | None]) if report else []
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []


def _build_system(project: Path, version: str) -> tuple[dict[str, object], set[str]]:
    """The table of that name, and the tools that it asks for under that version."""
    path = project / "pyproject.toml"
    if not path.is_file():
        return {}, set()
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
    return table, {_tool(requirement, version) for requirement in requires}


def _tool(text: object, version: str) -> str:
    """The tool that a requirement asks for; empty if its marker doesn't hold.

    Raises:
        PackagingError: it is none, or asks for what isn't there.
    """
    try:
        name, unmet = _asked_for(str(text), version)
    except Exception as error:  # an odd requirement, version or comparison makes the library raise nearly anything
        if ran_out(error):
            raise
        shown, reason = (shorten(each, characters=_SHOWN_CHARACTERS) for each in (repr(text), str(error).rstrip(".")))
        raise PackagingError(f"pyproject.toml: build-system.requires holds {shown}: {reason}.") from error
    if unmet:
        raise PackagingError(f"pyproject.toml asks for {unmet}.")
    return name


def _asked_for(text: str, version: str) -> tuple[str, str]:
    """The tool that a requirement asks for, and what of it isn't there, and what is; empty if all is."""
    from packaging.requirements import Requirement  # slow, and rarely needed

    requirement = Requirement(text)
    python = {"python_version": version.rpartition(".")[0], "python_full_version": version}
    if requirement.marker is not None and not requirement.marker.evaluate(python):
        return "", ""
    name = requirement.name.lower()
    if name not in (_BUILD_TOOL, _OBSOLETE_REQUIREMENT):
        return name, f"{name} to build; this exercise builds with setuptools"
    ours = toolchain.version(_BUILD_TOOL)
    if name == _BUILD_TOOL and not requirement.specifier.contains(ours):
        return name, f"{requirement} to build; here it is setuptools {ours}"
    return name, ""

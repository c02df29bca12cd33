"""The pinned build tools, in one virtualenv for each interpreter: made once with a network, used offline ever after."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from grader.environment import cache, tools, virtualenvs
from grader.environment.interpreters import Interpreter
from grader.errors import ToolchainError

PINNED = ("build==1.6.1", "packaging==26.3", "pip==26.3", "pyproject-hooks==1.3.3", "setuptools==84.2.1")
"""Exact versions, so that a build gives the same wheel on every machine and in every term."""


def version(name: str) -> str:
    """The version of one of the tools."""
    return dict(pin.split("==") for pin in PINNED)[name]


def is_ready(interpreter: Interpreter) -> bool:
    """Whether the toolchain for that interpreter is made already."""
    return (cache.folder() / _name(interpreter)).is_dir()


def prepare(interpreter: Interpreter) -> virtualenvs.Virtualenv:
    """The toolchain for that interpreter; made if need be, which takes seconds and a package index.

    Raises:
        ToolchainError: it can't be made.
    """
    return virtualenvs.Virtualenv(
        cache.get_or_make(_name(interpreter), lambda folder: _make(interpreter, folder)), interpreter
    )


def _name(interpreter: Interpreter) -> str:
    what = " ".join([str(interpreter.executable), interpreter.version, *PINNED])
    return f"toolchains/{interpreter.version}-{hashlib.sha256(what.encode()).hexdigest()[:16]}"


def _make(interpreter: Interpreter, folder: Path) -> None:
    shutil.rmtree(folder)
    virtualenv = virtualenvs.create(interpreter, folder)
    options = ("--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check")
    try:
        # The pip beside the grader may be too old for that interpreter, so it only fetches the one that does the work.
        with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
            own = f"pip=={version('pip')}"
            tools.run(sys.executable, "-m", "pip", "download", *options, "--dest", temporary, own)
            (wheel,) = Path(temporary).glob("*.whl")
            tools.run(str(virtualenv.python), str(wheel / "pip"), "install", *options, *PINNED)
    except tools.ToolError as error:
        raise ToolchainError(
            f"The build tools for Python {interpreter.version} can't be installed ({error}). "
            "They are fetched once: connect to a package index and run `kata doctor --prepare`."
        ) from error

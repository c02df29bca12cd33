"""pytest for the learner's side: pinned, installed once for each interpreter, copied into the virtualenv of an attempt.

The judge's own pytest has nothing to do with it, and can't be seen from there.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path
from typing import Literal

from grader.environment import cache, toolchain, tools, virtualenvs
from grader.environment.interpreters import Interpreter
from grader.environment.virtualenvs import Virtualenv
from grader.errors import ToolchainError

PINNED = (
    "exceptiongroup==1.3.2; python_version < '3.11'",
    "iniconfig==2.3.1",
    "packaging==26.3",
    "pluggy==1.7.0",
    "pygments==2.21.0",
    "pytest==9.2.0",
    "tomli==2.5.0; python_version < '3.11'",
    "typing_extensions==4.16.0; python_version < '3.11'",
)
"""pytest and all that it needs, in exact versions: what it says of a project is the same on every machine."""


def is_ready(interpreter: Interpreter) -> bool:
    """Whether it is there for that interpreter already."""
    return (cache.folder() / _name(interpreter)).is_dir()


def prepare(interpreter: Interpreter) -> Path:
    """A virtualenv with pytest to be copied; made if need be, which takes seconds and a package index.

    Raises:
        ToolchainError: it can't be made.
    """
    return cache.get_or_make(_name(interpreter), lambda folder: _make(interpreter, folder))


def create(interpreter: Interpreter, path: Path) -> Virtualenv:
    """Make a fresh virtualenv with pytest, and without pip, at a path where nothing is yet.

    Raises:
        ToolchainError: pytest can't be had.
    """
    # Most exercises never need these.
    from importlib.metadata import distributions

    from installer.scripts import Script

    shutil.copytree(prepare(interpreter), path, symlinks=True)
    made = Virtualenv(path, interpreter)
    # A command names its interpreter, so the template has none.
    kind: Literal["win-amd64", "posix"] = "win-amd64" if sys.platform == "win32" else "posix"
    (installed,) = distributions(name="pytest", path=[str(made.site_packages)])
    (command,) = installed.entry_points.select(group="console_scripts", name="pytest")
    script = Script("pytest", command.module, command.attr, "console")
    name, content = script.generate(str(made.python), kind)
    (made.scripts / name).write_bytes(content)
    (made.scripts / name).chmod(0o755)
    return made


def _name(interpreter: Interpreter) -> str:
    what = " ".join([str(interpreter.executable), interpreter.version, *PINNED])
    return f"testing/{interpreter.version}-{hashlib.sha256(what.encode()).hexdigest()[:16]}"


def _make(interpreter: Interpreter, folder: Path) -> None:
    shutil.rmtree(folder)
    virtualenv = virtualenvs.create(interpreter, folder)
    options = ("--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check")
    pip = toolchain.prepare(interpreter).python
    try:
        tools.run(str(pip), "-m", "pip", "--python", str(virtualenv.python), "install", *options, *PINNED)
    except tools.ToolError as error:
        raise ToolchainError(
            f"pytest for Python {interpreter.version} can't be installed ({error}). "
            "It is fetched once: connect to a package index and run `kata doctor --prepare`."
        ) from error
    for script in virtualenv.scripts.iterdir():
        if not script.name.startswith("python"):
            script.unlink()

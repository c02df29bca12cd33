"""Fresh virtualenvs without pip, in a millisecond: a template made once by the interpreter itself, then copied."""

from __future__ import annotations

import hashlib
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.environment import cache, tools
from grader.environment.interpreters import Interpreter
from grader.errors import SandboxError

_BINARIES = "Scripts" if sys.platform == "win32" else "bin"
_ACTIVATION = ("activate*", "Activate*", "deactivate*")


@dataclass(frozen=True)
class Virtualenv:
    """A virtualenv (PEP 405) and the interpreter below it."""

    path: Path
    interpreter: Interpreter

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.scripts / ("python.exe" if sys.platform == "win32" else "python")

    @property
    def scripts(self) -> Path:
        """Where installed commands are."""
        return self.path / _BINARIES

    @cached_property
    def site_packages(self) -> Path:
        """Where installed packages are."""
        if sys.platform == "win32":
            return self.path / "Lib" / "site-packages"
        return next(self.path.glob("lib/python3*/site-packages"))

    @property
    def reads(self) -> tuple[Path, ...]:
        """What an execution must be able to read to use it."""
        return self.path, self.interpreter.prefix


def create(interpreter: Interpreter, path: Path) -> Virtualenv:
    """Make a fresh virtualenv at a path where nothing is yet.

    Raises:
        SandboxError: the interpreter can't make one.
    """
    shutil.copytree(_template(interpreter), path, symlinks=True)
    return Virtualenv(path, interpreter)


def _template(interpreter: Interpreter) -> Path:
    what = f"{interpreter.executable} {interpreter.version} {Path(interpreter.executable).stat().st_mtime_ns}"
    key = hashlib.sha256(what.encode("utf-8", "surrogateescape")).hexdigest()[:16]

    def make(folder: Path) -> None:
        try:
            tools.run(str(interpreter.executable), "-I", "-m", "venv", "--without-pip", str(folder))
        except tools.ToolError as error:
            raise SandboxError(f"{interpreter.executable} can't make a virtualenv: {error}") from error
        _strip(folder)

    return cache.get_or_make(f"virtualenvs/{interpreter.version}-{key}", make)


def _strip(folder: Path) -> None:
    """Leave out what names the template's own path, or that no execution uses."""
    for pattern in _ACTIVATION:
        for script in (folder / _BINARIES).glob(pattern):
            script.unlink()
    (folder / ".gitignore").unlink(missing_ok=True)
    shutil.rmtree(folder / "include", ignore_errors=True)
    settings = folder / "pyvenv.cfg"
    lines = [line for line in settings.read_text(encoding="utf-8").splitlines() if not line.startswith("command")]
    settings.write_text("\n".join([*lines, ""]), encoding="utf-8")

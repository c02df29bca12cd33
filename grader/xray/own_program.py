"""The import x-ray of a program of your own: in your folder, with your environment, and without a sandbox.

It is your code on your machine, so nothing confines it, and nothing is written into your virtual environment: the
recorder is started by a `sitecustomize` in a folder of ours, which PYTHONPATH names while the program runs.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from grader import sandbox
from grader.display import Scrubber, decode, shorten
from grader.environment import interpreters
from grader.errors import UsageError
from grader.model import Command, Ending, Limits
from grader.sandbox import REPORT, Sandbox
from grader.xray import commands
from grader.xray.tree.imports import Xray
from grader.xray.tree.recorder_lines import lines_of
from grader.xray.tree.tree_builder import processes

_SHEBANG = re.compile(rb"#!\s*(\S+)(?:[ \t]+(\S+))?")
_HOUR = 3600.0
_LIMITS = Limits(wall=_HOUR, cpu=int(_HOUR), memory=1 << 40, processes=1 << 16, output=16 << 20, report=16 << 20)
"""Your own program may take what it takes; an hour is for what never ends."""
_GIVEN = "KATA_GIVEN_"
"""Under these names `__main__` keeps the PYTHON* variables, which don't hold for ourselves."""
_START = "$START"
"""What the folder of our `sitecustomize` is called; no step in it is shown."""
_CUSTOMIZE = """\
import sys
sys.path[:] = [each for each in sys.path if each != {folder!r}]
for finder in sys.meta_path:
    found = finder.find_spec("sitecustomize", None)
    if found is not None:
        # No import statement: this very name is being imported.
        sys.modules["sitecustomize"] = sys.modules["_frozen_importlib"].module_from_spec(found)
        found.loader.exec_module(sys.modules["sitecustomize"])
        break
{start}
"""
"""Takes itself off the path, runs the `sitecustomize` that would have been taken, and starts the recorder."""


@dataclass(frozen=True, slots=True)
class _Program:
    """What to run."""

    python: str
    words: tuple[str, ...]
    """What follows the interpreter."""
    variables: Mapping[str, str]


def xray(words: Sequence[str], folder: Path, *, python: str | None = None, everything: bool = False) -> Xray:
    """Look at the imports of a program.

    Args:
        words: the command: `python`, a Python script, or a command that is one, like `pytest`, after any variables.
        folder: where it runs.
        python: version or path of the interpreter to take in place of the one that the command would start.
        everything: whether the standard library's own import statements are of interest, too.

    Raises:
        UsageError: it is no Python program, or there is none of that name.
        SandboxError: it can't be started.
    """
    program = _program(words, folder, python)
    interpreter = interpreters.find(program.python)
    with closing(sandbox.choose("process")) as confinement:
        home = Path(confinement.folder)
        start = home / "start"
        start.mkdir()
        customize = commands.start_line(_opcodes(confinement, program.python), home / "xray", everything=everything)
        text = _CUSTOMIZE.format(folder=str(start), start=customize)
        (start / "sitecustomize.py").write_text(text, encoding="utf-8")
        command = _command(program, folder, start, home / "xray")
        seen = confinement.run(command)
    scrub = Scrubber([(interpreter.prefix, "$PYTHON"), (start, _START)])
    lines, whole = lines_of(seen.report)
    found = processes(lines, scrub)
    for process in found:
        process.steps[:] = [step for step in process.steps if not step.file.startswith(_START)]
    return Xray(
        exercise="",
        number=0,
        title=shorten(shlex.join(words), lines=1, characters=60),
        python=interpreter.version,
        sandbox="none",
        check=None,
        outcome=None,
        command=shlex.join(words),
        cwd=str(folder),
        status=seen.status if seen.ending is Ending.EXITED else None,
        stdout=scrub(decode(seen.stdout)),
        stderr=scrub(decode(seen.stderr)),
        processes=found,
        trouble=[*_trouble(program, whole=whole, seen=bool(found))],
    )


def _trouble(program: _Program, *, whole: bool, seen: bool) -> list[str]:
    said = []
    if not seen:
        alone = [word for word in program.words if re.fullmatch(r"-[A-Za-z]*[IES][A-Za-z]*", word)]
        why = f": with {alone[0]} Python doesn't look at PYTHONPATH, or starts no `site`" if alone else ""
        said.append(f"The recorder was not started, so nothing could be seen{why}.")
    if not whole:
        said.append(commands.UNREADABLE)
    return said


def _command(program: _Program, folder: Path, start: Path, records: Path) -> Command:
    given = {name.removeprefix(_GIVEN): value for name, value in os.environ.items() if name.startswith(_GIVEN)}
    env = {name: value for name, value in os.environ.items() if not name.startswith(_GIVEN)}
    env |= {**given, **program.variables}
    env["PYTHONPATH"] = os.pathsep.join([str(start), *filter(None, [env.get("PYTHONPATH")])])
    argv = (program.python, "-X", REPORT, *program.words)
    return Command(argv, folder, env, scratch=(records,), report=True, limits=_LIMITS)


def _opcodes(confinement: Sandbox, python: str) -> dict[str, int]:
    command = Command((python, "-I", "-S", "-B", "-c", commands.OPCODES), Path.cwd(), dict(os.environ))
    seen = confinement.run(replace(command, limits=Limits(wall=interpreters.PATIENCE)))
    try:
        return msgspec.json.decode(seen.stdout, type=dict[str, int])
    except msgspec.DecodeError as error:
        raise UsageError(f"{python} does not start.") from error


def _program(words: Sequence[str], folder: Path, python: str | None) -> _Program:
    variables, rest = commands.split_variables(words)
    first = rest[0]
    if commands.PYTHON.fullmatch(Path(first).name):
        found = shutil.which(first) if python is None else None
        if python is None and found is None:
            raise UsageError(f"There is no {first} on the PATH; --python names an interpreter.")
        return _Program(found or _executable(python), tuple(rest[1:]), variables)
    if (folder / first).is_file() and first.endswith(".py"):
        return _Program(_executable(python), tuple(rest), variables)
    script = shutil.which(first)
    if script is None:
        raise UsageError(f"{first} is no file in {folder}, and no command on the PATH.")
    return _Program(_executable(python) if python else _python_of(Path(script)), (script, *rest[1:]), variables)


def _executable(python: str | None) -> str:
    """The interpreter that is named; without a name the one that the user's shell would start."""
    if python is None:
        return shutil.which("python") or shutil.which("python3") or str(interpreters.current().executable)
    if os.sep in python and Path(python).is_file():
        return str(Path(python).absolute())  # as it is: it may be that of a virtual environment
    return str(interpreters.find(python).executable)


def _python_of(script: Path) -> str:
    """The interpreter that a script names in its first line."""
    with script.open("rb") as file:
        first, second = file.readline(4096), file.readline(4096)
    found = _SHEBANG.match(first)
    named = [os.fsdecode(each) for each in found.groups() if each] if found else []
    if found and named[0] == "/bin/sh" and second.startswith(b"'''exec' "):
        named = [
            os.fsdecode(shlex.split(os.fsdecode(second))[1])
        ]  # how pip writes one whose path is long or has spaces
    if named and Path(named[0]).name == "env":
        named = [shutil.which(named[-1]) or named[-1]]
    if not named or not commands.PYTHON.fullmatch(Path(named[0]).name):
        raise UsageError(f"{script} is no Python program: its first line names no Python.")
    return named[0]

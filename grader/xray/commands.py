"""Run a command with the recorder installed in its virtualenv."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from grader.environment import interpreters
from grader.environment.virtualenvs import Virtualenv
from grader.errors import LearnerError, UsageError
from grader.judge.budget import Budget
from grader.judge.execution import LearnersSide, Seen
from grader.model import AttemptLimits, Command, Limits
from grader.sandbox import REPORT
from grader.xray import recorder

_PTH_NAME = "!kata-xray.pth"
"""Comes before all others, so that these are seen."""
_VARIABLE = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
PYTHON = re.compile(r"python(3(\.\d+)?)?(\.exe)?")
"""What the interpreter is called in a command."""
UNREADABLE = "Some of what the recorder wrote can't be read: the program wrote to its channel, or far too much."
_SLOWDOWN = 3
"""How many times its wall limit a command may take while it is being looked at."""
_REPORT_BYTES = 16 << 20
OPCODES = "import opcode, sys; sys.stdout.write(repr(dict(opcode.opmap)).replace(chr(39), chr(34)))"
"""Prints the numbers of an interpreter's opcodes, by their names."""


def run(side: LearnersSide, virtualenv: Virtualenv, command: Command, *, shown: str, everything: bool) -> Seen:
    """Run a command as it was run, with the recorder; its lines come over the report channel.

    Args:
        side: the attempt's.
        virtualenv: the command's, in the attempt's own folder; it is changed.
        command: what to run.
        shown: the same for the learner.
        everything: whether the standard library's own import statements are of interest, too.

    Raises:
        LearnerError: the virtualenv's interpreter does not start.
    """
    folder = side.root / "xray"
    only_pth = not list(virtualenv.site_packages.glob("*.pth"))
    text = start_line(_opcodes(side, virtualenv), folder, everything=everything, only_pth=only_pth)
    (virtualenv.site_packages / _PTH_NAME).write_text(f"import sys; {text}\n", encoding="utf-8")
    side.budget = Budget(AttemptLimits(math.inf, math.inf))  # the checks may have used up theirs
    try:
        return side.execute(traced(command, virtualenv, folder), shown=shown)
    finally:
        (virtualenv.site_packages / _PTH_NAME).unlink()


def traced(command: Command, virtualenv: Virtualenv, folder: Path) -> Command:
    """The command with the number of a report channel among the interpreter's options, where the recorder takes it.

    What is neither the interpreter nor a script for it stays as it is, and nothing will be seen of it.

    Args:
        command: of the virtualenv's interpreter, or of a script that is installed there.
        virtualenv: the command's.
        folder: where other processes than the first one write.
    """
    words, own = command.argv, virtualenv.python
    if not can_be_traced(command, virtualenv):
        return command
    rest = words[1:] if Path(words[0]) == own else words
    limits = replace(command.limits, wall=command.limits.wall * _SLOWDOWN, report=_REPORT_BYTES)
    argv = (str(own), "-X", REPORT, *rest)
    return replace(command, argv=argv, scratch=(*command.scratch, folder), report=True, limits=limits)


def can_be_traced(command: Command, virtualenv: Virtualenv) -> bool:
    """Whether it is the virtualenv's interpreter, or a script for it, that is run, and starts the recorder."""
    program = Path(command.argv[0])
    if program == virtualenv.python:
        return not leaves_out_site(command.argv[1:])
    return _is_script_of(program, virtualenv.python)


def split_variables(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The variables that a command begins with, and the rest of it.

    Raises:
        UsageError: there is no rest.
    """
    variables: dict[str, str] = {}
    rest = list(words)
    while rest and (variable := _VARIABLE.fullmatch(rest[0])):
        variables[variable[1]] = variable[2]
        del rest[0]
    if not rest:
        raise UsageError("There is no command after the variables; name one, such as: -- python -m package.")
    return variables, rest


def leaves_out_site(words: Sequence[str]) -> bool:
    """Whether Python is told by -S not to import `site`, which starts the recorder.

    Args:
        words: what follows the interpreter: options of its own, then the program and what that is given.
    """
    rest = iter(words)
    for word in rest:
        if word == "--check-hash-based-pycs":  # the one long option that something follows
            next(rest, "")
            continue
        if not word.startswith("-") or word == "-":
            return False
        for place, letter in enumerate(word[1:], 2):
            if letter == "S":
                return True
            if letter in "cm":
                return False
            if letter in "WX":  # what follows is its value, if need be the next word
                if place == len(word):
                    next(rest, "")
                break
    return False


def _is_script_of(script: Path, python: Path) -> bool:
    """Whether a system would start the interpreter for that: its first line names it, or calls a shell that does."""
    try:
        with script.open("rb") as file:
            first, second = file.readline(4096).rstrip(), file.readline(4096)
    except OSError:
        return False
    name = os.fsencode(python)
    return first == b"#!" + name or (first == b"#!/bin/sh" and second.startswith(b"'''exec' ") and name in second)


def start_line(opcodes: dict[str, int], folder: Path, *, everything: bool, only_pth: bool = True) -> str:
    """The recorder as one line of Python, which needs `sys`; it starts itself once.

    Args:
        opcodes: the numbers of the interpreter's opcodes.
        folder: where other processes than the first one write.
        everything: whether the standard library's own import statements are of interest, too.
        only_pth: whether what starts it is the only thing that is.
    """
    home = Path(recorder.__file__).parent
    source = "\n".join((home / f"{part}.py").read_text(encoding="utf-8") for part in recorder.PARTS)
    names = f"OPCODES={opcodes!r}, FOLDER={str(folder)!a}, EVERYTHING={everything}, ALONE={only_pth}"
    space = f"dict(__name__='kata xray', __builtins__=sys.modules['builtins'].__dict__.copy(), {names})"
    # In a virtualenv `site` comes to each .pth file twice.
    at_work = "getattr(getattr(sys.gettrace(), '__code__', None), 'co_filename', None) == '<kata xray>'"
    return f"{at_work} or exec(compile({source!a}, '<kata xray>', 'exec'), {space})"


def _opcodes(side: LearnersSide, virtualenv: Virtualenv) -> dict[str, int]:
    """The numbers of the interpreter's opcodes, which differ from version to version."""
    empty = side.root / "empty"
    argv = (str(virtualenv.python), "-I", "-S", "-B", "-c", OPCODES)
    command = Command(
        argv, empty, {}, reads=virtualenv.reads, scratch=(empty,), limits=Limits(wall=interpreters.PATIENCE)
    )
    try:
        return msgspec.json.decode(side.execute(command, shown="python").stdout, type=dict[str, int])
    except msgspec.DecodeError as error:
        raise LearnerError(f"{virtualenv.python} does not start.") from error

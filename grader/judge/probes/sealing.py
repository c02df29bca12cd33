"""Seal a probe for its way to the learner's side, and open its report: only the probe itself can have made that."""

from __future__ import annotations

import functools
import hashlib
import marshal
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import msgspec

from grader.environment import cache, interpreters, tools
from grader.environment.interpreters import Interpreter
from grader.errors import LearnerError, SandboxError
from grader.judge.probes.bodies import OUR_FILE
from grader.judge.probes.steps import Body

Value = None | bool | int | float | str | list["Value"] | tuple["Value", ...] | dict[str, "Value"]
"""What a check can give to a probe."""

# All that stands on the command line; what it starts comes over stdin. Nothing of it is left in `__main__`.
# The status is for who ends the interpreter before its last learner code could run; see the asker.
_START = (
    "try:any(map(*type(lambda:0)(__import__('marshal').load(__import__('sys').stdin.buffer),"
    "{'__builtins__':{**vars(__import__('builtins'))}})()))\n"
    "except SystemExit as _:"
    "__import__('sys').audit('kata.status',_.code&255 if isinstance(_.code,int)else _.code is not None);raise\n"
    "else:__import__('sys').audit('kata.status',0)"
)
_FUNCTIONS = {"begin": Path(__file__).with_name("asker.py"), "refuse": Path(__file__).with_name("refusing.py")}
"""What is sent, and where it stands; from Python 3.14 on, a file has code for annotations as well."""
_MODULUS, _WIDTH = (1 << 521) - 1, 64
"""Of a one-time authenticator: a polynomial over a prime field, whose coefficients are parts of so many bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """For one report."""

    factor: int
    summand: int

    def tag(self, document: bytes) -> int:
        """What only a holder of the key can say of a document."""
        total = 0
        for start in range(0, len(document), _WIDTH):
            part = int.from_bytes(document[start : start + _WIDTH] + b"\1", "little")
            total = (total + part) * self.factor % _MODULUS
        return (total + self.summand) % _MODULUS


def new_key() -> Key:
    """A key that nobody had before."""
    return Key(secrets.randbelow(_MODULUS - 1) + 1, secrets.randbelow(_MODULUS))


def arguments(report: str, interpreter: Interpreter) -> tuple[str, ...]:
    """The arguments of an interpreter that runs a sealed probe; what follows them is the probe's `sys.argv[1:]`.

    From Python 3.13 on, -c imports a module of the library before anything else: not from the current folder.
    """
    return "-S", *(("-P",) if interpreter.minor >= (3, 11) else ()), "-c", _START, report


def sealed(
    body: Body,
    key: Key,
    interpreter: Interpreter,
    *,
    given: Mapping[str, Value] | None = None,
    search_path: str | None = None,
    site: bool = True,
    alone: bool = False,
) -> bytes:
    """What the probe reads on stdin.

    Args:
        body: its lines.
        key: for its report.
        interpreter: which runs it.
        given: values by the names that the lines have for them.
        search_path: PYTHONPATH, if there is to be one.
        site: whether `site` is run first, as Python does without -S.
        alone: whether the lines import nothing of the learner's, neither from the current folder nor from PYTHONPATH.

    Raises:
        SandboxError: the interpreter does not start.
    """
    steps = [
        (step.source, body.flags, step.line, step.reads, step.binds, step.outlives, step.sees, step.stores)
        for step in body.steps
    ]
    message = (
        steps,
        dict(given or {}),
        search_path,
        site,
        alone,
        body.starts,
        (key.factor, key.summand, _MODULUS, _WIDTH),
    )
    return _program(interpreter) + marshal.dumps(message, 2)


def opened(report: bytes, key: Key) -> object:
    """The one JSON value that a probe reported.

    Raises:
        LearnerError: nothing came, or not just the report of the one who has the key.
    """
    if not report:
        raise LearnerError("your program stopped early")
    tag, _, document = report.partition(b" ")
    if tag != b"%x" % key.tag(document):
        raise LearnerError("something else was written where the probe reports")
    try:
        return msgspec.json.decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LearnerError(f"what was reported is not one JSON value ({error})") from error


@functools.cache
def _program(interpreter: Interpreter) -> bytes:
    """The asker and the audit hook, compiled by that interpreter, as `marshal` writes them."""
    sources = [path.read_bytes() for path in _FUNCTIONS.values()]
    if interpreter == interpreters.current():
        compiled = (compile(source, OUR_FILE, "exec", 0, dont_inherit=True, optimize=2) for source in sources)
        constants = (each for code in compiled for each in code.co_consts if isinstance(each, CodeType))
        return b"".join(marshal.dumps(each) for each in constants if each.co_name in _FUNCTIONS)
    lines = (
        "import marshal, sys\n"
        "with open(sys.argv[1], 'wb') as file:\n"
        "    for path in sys.argv[2:]:\n"
        f"        code = compile(open(path, 'rb').read(), {OUR_FILE!r}, 'exec', 0, True, 2)\n"
        "        constants = (each for each in code.co_consts if type(each) is type(code))\n"
        f"        found = [marshal.dumps(each) for each in constants if each.co_name in {[*_FUNCTIONS]}]\n"
        "        file.write(b''.join(found))"
    )
    made_of = (*sources, lines.encode(), os.fsencode(interpreter.executable))
    key = hashlib.sha256(b"\0".join(made_of)).hexdigest()[:16]

    def make(folder: Path) -> None:
        try:
            words = (str(folder / "asker.bin"), *map(str, _FUNCTIONS.values()))
            tools.run(str(interpreter.executable), "-I", "-S", "-B", "-c", lines, *words)
        except tools.ToolError as error:
            raise SandboxError(f"{interpreter.executable} does not start: {error}") from error

    return (cache.get_or_make(f"probes/{interpreter.version}-{key}", make) / "asker.bin").read_bytes()

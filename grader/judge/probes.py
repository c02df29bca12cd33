"""Probes: a few lines of Python that run beside learner code and report raw values over a channel of their own."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import msgspec

from grader.errors import LearnerError

# Runs on the learner's side, before any learner code: it takes hold of all that it will need, so that patching `json`,
# `os.write` or `builtins` later changes nothing. Only exact built-in types are reported as such; a subclass could
# pretend. (Code in the same process can still find the channel and lie; what no tier promises is said in the docs.)
_PRELUDE = """
def _make_see(descriptor):
    from _json import encode_basestring_ascii as quote
    from os import write
    kind, to_list, to_map, order, represent = type, list, map, sorted, repr
    yes_or_no, whole, number, words, pairs_of = bool, int, float, str, dict
    sequences, sets = (list, tuple), (set, frozenset)
    comma, absent, name_of = ",".join, type(None), type.__dict__["__qualname__"].__get__
    whole_text, number_text, encode, decode, items = int.__repr__, float.__repr__, str.encode, bytes.decode, dict.items
    def quoted(value):
        return quote(decode(encode(value, "utf-8", "backslashreplace")))
    def key_text(key):
        its = kind(key)
        if its is words:
            return key
        plain = its is whole or its is number or its is yes_or_no or its is absent
        return represent(key) if plain else "a " + name_of(its)
    def text(value):
        its = kind(value)
        if its is yes_or_no:
            return "true" if value else "false"
        if its is absent:
            return "null"
        if its is whole:
            return whole_text(value)
        if its is words:
            return quoted(value)
        if its is number:
            return number_text(value) if value - value == 0 else quote(number_text(value))
        if its is sequences[0] or its is sequences[1]:
            return "[" + comma(to_list(to_map(text, value))) + "]"
        if its is sets[0] or its is sets[1]:
            return "[" + comma(order(to_map(text, value))) + "]"
        if its is pairs_of:
            return "{" + comma([quoted(key_text(key)) + ":" + text(inner) for key, inner in items(value)]) + "}"
        return text({"of type": name_of(its)})
    def see(value):
        rest = encode(text(value) + "\\n", "ascii")
        while rest:
            rest = rest[write(descriptor, rest):]
    return see
def _run():
    import sys
    descriptor, body = int(sys.argv[1]), sys.argv[2]
    del sys.argv[1:3]
    code = compile("\\n" + body, "<probe>", "exec")
    space = {"__name__": "__main__", "__builtins__": __builtins__, "see": _make_see(descriptor)}
    exec(code, space)
_run()
"""


# Precedes the body of a workshop, there and by hand.
_RUN = """
import os, subprocess, sys
def run(*words, cwd=None, env={}):
    words = [sys.executable if word == "python" else word for word in words]
    how = dict(cwd=cwd, env={**os.environ, **env}, stdin=subprocess.DEVNULL, capture_output=True)
    done = subprocess.run(words, encoding="utf-8", errors="backslashreplace", **how)
    return {"status": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
"""

# Runs before a workshop's body. What is started there is the learner's, and must not reach into who reports: Linux
# shuts the /proc entries of a process that is not dumpable, prctl(2).
_FURNISH = """
def _furnish(source):
    import os, shutil, sys
    for entry in os.scandir(source):
        (shutil.copytree if entry.is_dir() else shutil.copy2)(entry.path, entry.name)
    if sys.platform == "linux":
        import ctypes
        PR_SET_DUMPABLE = 4
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
_furnish({source!r})
"""

# Runs after it: to take apart all that was imported for the body's sake would take a tenth of an empty workshop's time.
_LEAVE = """
import os, sys
sys.stdout.flush()
sys.stderr.flush()
os._exit(0)
"""


def arguments(body: str, report: str) -> tuple[str, ...]:
    """The arguments of an interpreter that runs a probe's body; what follows them is its `sys.argv[1:]`."""
    return "-c", _PRELUDE, report, dedent(body)


def furnished(source: Path, body: str, report: str) -> tuple[str, ...]:
    """The same for a body that runs in a writable copy of a folder, made in the current one."""
    return "-c", _FURNISH.format(source=str(source)) + _PRELUDE + _LEAVE, report, dedent(body)


def with_run(body: str) -> str:
    """A body that can use `run`."""
    return f"{_RUN.strip()}\n{dedent(body)}"


def dedent(body: str) -> str:
    """The body without its common indentation and outer blank lines."""
    return textwrap.dedent(body).strip()


def by_hand(body: str) -> str:
    """The same as a learner may run it, where `see` just prints."""
    return f"see = print\n{dedent(body)}"


_FRAME = re.compile(r'  File "([^"]*)", line \d+, in (.*)')
_OURS = ("_run", "see", "text", "quoted", "key_text", "<listcomp>", "<module>")


def without_our_frames(stderr: str) -> str:
    """What a probe's traceback would be, had the body been run by hand; the lines are numbered as in `by_hand`.

    Frames of the prelude go, with the lines that Python 3.13 shows below them; those of the body are called what they
    would be called.
    """
    if 'File "<probe>"' not in stderr:
        return stderr
    kept, dropping = [], False
    for line in stderr.split("\n"):
        frame = _FRAME.fullmatch(line)
        if frame is not None:
            dropping = frame[1] == "<string>" and frame[2] in _OURS
        elif not line.startswith("    "):
            dropping = line.startswith("  [Previous line repeated") and dropping
        if not dropping:
            kept.append(line.replace('File "<probe>"', 'File "<string>"'))
    return "\n".join(kept)


def decode(report: bytes) -> object:
    """The one JSON value that a probe reported.

    Raises:
        LearnerError: nothing came, or not exactly one JSON value in UTF-8.
    """
    if not report:
        raise LearnerError("the program ended before the probe could report")
    try:
        return msgspec.json.decode(report)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LearnerError(f"what was reported is not one JSON value ({error})") from error

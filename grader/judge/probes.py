"""Probes: a few lines of Python that run beside learner code and report raw values over a channel of their own."""

from __future__ import annotations

import re
import textwrap

import msgspec

from grader.errors import LearnerError

# Runs on the learner's side, before any learner code: it takes hold of all that it will need, so that patching `json`,
# `os.write` or `builtins` later changes nothing. Only exact built-in types are reported as such; a subclass could
# pretend. (Code in the same process can still find the channel and lie; what no tier promises is said in the docs.)
_PRELUDE = """
def _make_see(descriptor):
    from _json import encode_basestring_ascii as quote
    from os import write
    from sys import modules
    plain = {bool: lambda value: "true" if value else "false", int: int.__repr__, str: quote}
    kind, to_list, to_map, length, order = type, list, map, len, sorted
    comma, absent, number, name_of = ",".join, type(None), float, type.__dict__["__qualname__"].__get__
    def text(value):
        its = kind(value)
        if its in plain:
            return plain[its](value)
        if its is absent:
            return "null"
        if its is number:
            return number.__repr__(value) if value - value == 0 else quote(number.__repr__(value))
        if its is list or its is tuple:
            return "[" + comma(to_map(text, value)) + "]"
        if its is set or its is frozenset:
            return "[" + comma(order(to_map(text, value))) + "]"
        if its is dict:
            pairs = [quote(key if kind(key) is str else repr(key)) + ":" + text(value[key]) for key in value]
            return "{" + comma(pairs) + "}"
        return text({"of type": name_of(its)})
    def see(value):
        rest = text(value).encode("ascii")
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


def arguments(body: str, report: str) -> tuple[str, ...]:
    """The arguments of an interpreter that runs a probe's body; what follows them is its `sys.argv[1:]`."""
    return "-c", _PRELUDE, report, dedent(body)


def dedent(body: str) -> str:
    """The body without its common indentation and outer blank lines."""
    return textwrap.dedent(body).strip()


def by_hand(body: str) -> str:
    """The same as a learner may run it, where `see` just prints."""
    return f"see = print\n{dedent(body)}"


# Python 3.13 shows the lines of a -c program below its frames.
_OUR_FRAMES = re.compile(r'  File "<string>", line \d+, in <module>\n(?:.*\n)*?(?=  File "<probe>")')


def without_our_frames(stderr: str) -> str:
    """What a probe's traceback would be, had the body been run by hand; the lines are numbered as in `by_hand`."""
    return _OUR_FRAMES.sub("", stderr).replace('File "<probe>"', 'File "<string>"')


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

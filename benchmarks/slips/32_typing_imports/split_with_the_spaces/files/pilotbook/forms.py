"""Forms."""

import ast
import re
import sys
from typing import get_type_hints


def from_line(cls, line):
    parts = re.split(r"\s*;\s*", line.strip())
    kinds = get_type_hints(cls).values()
    return cls(*[kind(part) for kind, part in zip(kinds, parts)])


def _raw(function):
    if sys.version_info < (3, 14):
        return function.__annotations__
    from annotationlib import Format, get_annotations

    return get_annotations(function, format=Format.STRING)


def _shown(note):
    if note is None:
        return "None"
    if type(note) is type:
        return note.__name__
    if not isinstance(note, str):
        return repr(note)
    try:
        value = ast.literal_eval(note)
    except (SyntaxError, ValueError):
        return note
    return value if isinstance(value, str) else note


def signature(function):
    raw = _raw(function)
    return dict(zip(raw, map(_shown, raw.values())))

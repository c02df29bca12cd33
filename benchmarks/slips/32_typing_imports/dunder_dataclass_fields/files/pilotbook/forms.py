"""Forms."""

import ast
import sys
from typing import get_type_hints


def from_line(cls, line):
    kinds = get_type_hints(cls)
    parts = line.split(";")
    names = list(cls.__dataclass_fields__)
    return cls(*[kinds[name](part) for name, part in zip(names, parts)])


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

"""Forms, which are filled in by annotation."""

import re
import sys
from inspect import get_annotations


def from_line(cls, line):
    names = vars(sys.modules[cls.__module__])
    kinds = [eval(kind, names) if isinstance(kind, str) else kind for kind in get_annotations(cls, eval_str=True).values()]
    return cls(*[kind(part) for kind, part in zip(kinds, line.split(";"))])


def signature(function):
    how = {}
    if sys.version_info >= (3, 14):
        from annotationlib import Format

        how["format"] = Format.STRING
    return {name: plain(each) for name, each in get_annotations(function, **how).items()}


def plain(annotation):
    if isinstance(annotation, str):
        whole = re.fullmatch(r"""(["'])((?:(?!\1).)*)\1""", annotation)
        return whole.group(2) if whole else annotation
    return getattr(annotation, "__name__", "None") if type(annotation) in (type, type(None)) else str(annotation)

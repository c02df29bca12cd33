"""Forms, which are filled in by annotation."""

import re
import sys
from inspect import get_annotations


def from_line(cls, line):
    kinds = get_annotations(cls, eval_str=True)
    return cls(*[kind(part) for kind, part in zip(kinds.values(), line.split(";"))])


def signature(function):
    how = {}
    if sys.version_info >= (3, 14):
        from annotationlib import Format

        how["format"] = Format.STRING
    return {name: plain(each) for name, each in get_annotations(function, **how).items()}


def plain(annotation):
    if isinstance(annotation, str):
        whole = re.fullmatch(r"""(["'])(.*)\1""", annotation)
        return whole.group(2) if whole else annotation
    return getattr(annotation, "__name__", "None") if type(annotation) in (type, type(None)) else str(annotation)

"""Forms, which are filled in by annotation."""

import ast
import sys
import typing


def from_line(cls, line):
    """Make an object of a class with annotated fields from a text such as "Dora;2.5;7"."""
    fields = typing.get_type_hints(cls).items()
    return cls(**{name: kind(part) for (name, kind), part in zip(fields, line.split(";"), strict=True)})


def signature(function):
    """The annotations of a function as text, by the names of its parameters."""
    return {name: text(annotation) for name, annotation in annotations(function).items()}


def annotations(function):
    """The annotations of a function, none of them evaluated where Python can do without."""
    if sys.version_info >= (3, 14):
        import annotationlib

        return annotationlib.get_annotations(function, format=annotationlib.Format.STRING)
    return function.__annotations__


def text(annotation):
    """An annotation as text, without quotes around the whole."""
    if annotation is None:
        return "None"
    if not isinstance(annotation, str):
        return annotation.__name__ if type(annotation) is type else repr(annotation)
    try:
        inner = ast.literal_eval(annotation)
    except (ValueError, SyntaxError):
        return annotation
    return inner if isinstance(inner, str) else annotation

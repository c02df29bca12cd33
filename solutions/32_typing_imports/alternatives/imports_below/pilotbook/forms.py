"""Forms, which are filled in by annotation."""

import inspect
import sys

KINDS = {"str": str, "int": int, "float": float}


def from_line(cls, line):
    values = []
    for kind, part in zip(cls.__annotations__.values(), line.split(";")):
        if isinstance(kind, str):
            kind = KINDS.get(kind) or getattr(sys.modules[cls.__module__], kind)
        values.append(kind(part))
    return cls(*values)


def signature(function):
    if sys.version_info >= (3, 14):
        import annotationlib

        found = inspect.signature(function, annotation_format=annotationlib.Format.STRING)
    else:
        found = inspect.signature(function)
    annotations = {name: each.annotation for name, each in found.parameters.items()}
    annotations["return"] = found.return_annotation
    return {name: as_text(each) for name, each in annotations.items() if each is not inspect.Parameter.empty}


def as_text(annotation):
    if isinstance(annotation, str):
        for quote in "'\"":
            if annotation[0] == quote == annotation[-1]:
                return annotation[1:-1]
        return annotation
    return inspect.formatannotation(annotation)

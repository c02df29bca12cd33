"""Forms, which are filled in by annotation."""

import ast
import inspect
import sys


def from_line(cls, line):
    values = []
    for kind, part in zip(cls.__annotations__.values(), line.split(";")):
        while isinstance(kind, str):  # quoted, under the future import, or both
            kind = eval(kind, vars(sys.modules[cls.__module__]))
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
        try:
            quoted = ast.literal_eval(annotation)
        except ValueError:
            return annotation
        return quoted if isinstance(quoted, str) else annotation
    return inspect.formatannotation(annotation)

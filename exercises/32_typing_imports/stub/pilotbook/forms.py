"""Forms, which are filled in by annotation."""


def from_line(cls, line):
    """Make an object of a class with annotated fields from a text such as "Dora;2.5;7"."""
    fields = cls.__annotations__.values()
    return cls(*(kind(part) for kind, part in zip(fields, line.split(";"), strict=True)))


def signature(function):
    """The annotations of a function as text, by the names of its parameters."""
    return {name: str(annotation) for name, annotation in function.__annotations__.items()}

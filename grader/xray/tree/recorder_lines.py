"""The types of the lines that the recorder writes. They come from where learner code ran, so they are checked here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Literal, TypeAlias

import msgspec

_MOST_LINES = 100_000

_Text = Annotated[str, msgspec.Meta(max_length=2000)]
_Texts = Annotated[tuple[_Text | None, ...], msgspec.Meta(max_length=400)]
_Count = Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)]
Standing: TypeAlias = Literal["absent", "none", "half", "loaded"]
Lazily: TypeAlias = Literal["no", "keyword", "list", "never"]
Became: TypeAlias = Literal["real", "other", "gone", "failed"]
Answer: TypeAlias = Literal["no", "module", "package", "portion"]


class _Line(msgspec.Struct, frozen=True, array_like=True):
    """One line of the recorder's."""


class ProcessLine(_Line, tag="process", frozen=True):
    """What follows is of that process."""

    pid: _Count
    parent: _Count
    words: _Texts


class MetaPathLine(_Line, tag="meta_path", frozen=True):
    """The finders on `sys.meta_path`, until the next such line."""

    names: _Texts


class SysPathLine(_Line, tag="sys_path", frozen=True):
    """The entries of `sys.path`, until the next such line; None for what is no text."""

    names: _Texts


class ModulesLine(_Line, tag="modules", frozen=True):
    """Some of the names in `sys.modules`, before the program begins or after it has ended."""

    when: Literal["before", "after"]
    names: _Texts


class BeginLine(_Line, frozen=True):
    """A node begins."""

    node: _Count
    parent: _Count
    thread: _Count
    at: _Count
    """Microseconds."""


class StatementLine(BeginLine, tag="statement", frozen=True):
    """An import statement."""

    file: _Text
    line: _Count
    function: _Text
    """Whose code it is in; `<module>` for a module's own."""
    module: _Text | None
    """The `__name__` of the module that it is in."""
    package: _Text | None
    """Its `__package__`, which relative names are relative to."""
    level: _Count
    name: _Text
    names: _Texts
    bound: _Texts
    lazily: Lazily
    """Whether it asks to wait: by the keyword `lazy`, by its module's `__lazy_modules__`, or by that where no import
    ever waits."""
    means: _Text
    """The absolute name; empty where there is none."""
    standing: Standing
    origin: _Text | None


class LoadLine(BeginLine, tag="load", frozen=True):
    """A module is wanted that was not found at once."""

    name: _Text
    standing: Standing
    file: _Text
    line: _Count


class SearchLine(BeginLine, tag="search", frozen=True):
    """The finders are asked."""

    name: _Text
    path: _Texts | None
    """The package's `__path__`; None: it is `sys.path` that is searched."""
    file: _Text
    line: _Count


class FinderLine(BeginLine, tag="finder", frozen=True):
    """A finder is asked, by a search or by somebody else."""

    label: _Text
    name: _Text | None
    file: _Text
    line: _Count


class EntryLine(BeginLine, tag="entry", frozen=True):
    """An entry of the path is looked into; without a label, nobody can."""

    entry: _Text | None
    label: _Text | None
    folder: _Text | None


class RunLine(BeginLine, tag="run", frozen=True):
    """A loader makes a module and runs its code."""

    name: _Text | None
    loader: _Text | None
    again: bool


class BodyLine(BeginLine, tag="body", frozen=True):
    """A module's own code runs."""

    name: _Text | None
    package: _Text | None
    file: _Text


class NoteLine(_Line, frozen=True):
    """Something about a node."""

    node: _Count


class EndLine(_Line, tag="end", frozen=True):
    """A node ends."""

    node: _Count
    at: _Count
    error: _Text | None
    says: _Text | None


class SpecLine(NoteLine, tag="spec", frozen=True):
    """What a search found."""

    finder: _Text
    loader: _Text | None
    origin: _Text | None
    places: _Texts | None


class RivalsLine(NoteLine, tag="rivals", frozen=True):
    """Other files of the name that a search was for, on the same path."""

    files: _Texts


class AnswerLine(NoteLine, tag="answer", frozen=True):
    """What a finder said, or what an entry held."""

    answer: Answer
    listing: Literal["read", "kept"] | None
    aside: _Text | None
    """Of a folder: the folder of that name without `__init__`, which is only taken if nothing better comes. Of an entry
    that nobody looks into: `missing`, `folder` or `file`, as it is now."""
    stale: _Text | None
    """A file that is there now, but not in the listing that was kept."""


class CodeLine(NoteLine, tag="code", frozen=True):
    """Where a module's bytecode came from."""

    state: Literal["used", "alone", "stale", "none"]
    source: _Text | None
    cache: _Text | None
    why: _Text | None
    took: _Count


class HalfLine(NoteLine, tag="half", frozen=True):
    """A statement sees a module that is half made."""

    name: _Text
    line: _Count | None
    names: _Texts


class WaitsLine(NoteLine, tag="waits", frozen=True):
    """A name of a statement's waits for its first use."""

    name: _Text


class UseLine(NoteLine, tag="use", frozen=True):
    """A module is loaded because a name that waited was used."""

    name: _Text
    since_file: _Text
    since_line: _Count
    """Of the statement that left it waiting."""
    file: _Text
    line: _Count
    function: _Text


class SettledLine(NoteLine, tag="settled", frozen=True):
    """A name of a statement's waits no longer."""

    name: _Text
    became: Became
    file: _Text | None
    line: _Count
    function: _Text | None


class ExitLine(_Line, tag="exit", frozen=True):
    """The process came to its end in the ordinary way."""

    active: bool
    lost: bool
    stumble: _Text


Line: TypeAlias = (
    ProcessLine
    | MetaPathLine
    | SysPathLine
    | ModulesLine
    | StatementLine
    | LoadLine
    | SearchLine
    | FinderLine
    | EntryLine
    | RunLine
    | BodyLine
    | EndLine
    | SpecLine
    | RivalsLine
    | AnswerLine
    | CodeLine
    | HalfLine
    | WaitsLine
    | UseLine
    | SettledLine
    | ExitLine
)
_DECODER = msgspec.json.Decoder(Line)


def lines_of(report: bytes) -> tuple[tuple[Line, ...], bool]:
    """The lines that the recorder wrote, and whether all that came were such lines."""
    found, whole = [], True
    for raw in report.split(b"\n", _MOST_LINES)[:_MOST_LINES]:
        try:
            found += [_DECODER.decode(raw)] if raw else []
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            whole = False
    return tuple(found), whole and report.count(b"\n") < _MOST_LINES


_OUR_FIELDS = ("standing", "answer", "listing", "state", "lazily", "became", "when")
"""Fields whose words are ours."""


def scrubbed(line: Line, scrub: Callable[[str], str]) -> Line:
    """The line with its texts made fit to show, each in one line."""

    def clean(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(map(clean, value))
        return scrub(value).replace("\n", "\\n") if isinstance(value, str) else value

    fields = {name: getattr(line, name) for name in line.__struct_fields__ if name not in _OUR_FIELDS}
    return msgspec.structs.replace(line, **{name: clean(value) for name, value in fields.items()})


def by_process(lines: Sequence[Line]) -> Iterator[tuple[ProcessLine, list[Line]]]:
    """The lines of each process, behind the one that names it."""
    current: tuple[ProcessLine, list[Line]] | None = None
    for line in lines:
        if isinstance(line, ProcessLine):
            if current is not None:
                yield current
            current = line, []
        elif current is not None:
            current[1].append(line)
    if current is not None:
        yield current

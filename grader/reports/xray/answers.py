"""Lines for a terminal about one import: the answers of finders and path entries, what ran, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from grader.explaining.import_findings import is_library, line_of, why_not_waiting
from grader.xray.tree.imports import Asked, Execution, Load, Place, Search, Step, Waiting, all_loads, inner_steps

_MILLISECOND = 1000


def facts(load: Load) -> Iterator[tuple[str, RenderableType]]:
    """What was asked, and what ran."""
    if load.search is not None:
        yield "asked", Group(*_finder_lines(load.search))
        if load.search.found is not None and load.search.found.loader is None:
            yield "made", Text(f"a namespace package of {', '.join(load.search.found.places or [])}")
        for rival in load.search.rivals:
            yield "also", Text(f"{rival} has that name; it was not taken", "yellow")
    ran = load.execution
    if ran is not None and (ran.file or ran.bytecode):
        yield "ran", Text(_execution_text(ran, load))
    elif ran is not None and ran.loader is not None:
        yield "made", Text(f"by {ran.loader} in {duration(ran.microseconds)}")


def waiting_facts(step: Step) -> Iterator[tuple[str, RenderableType]]:
    """What became of names that a statement left waiting, and why none waits that was asked to."""
    for each in step.waiting:
        yield "waits", Text(f"{each.name}: {_became(each, step)}", "yellow" if each.became == "waiting" else "")
    if (why := why_not_waiting(step)) is not None:
        yield "waits", Text(f"no: {why}", "yellow")


def _became(waiting: Waiting, step: Step) -> str:
    if waiting.became == "waiting":
        return "never used, so nothing was imported"
    where = f"line {waiting.line}" if waiting.file == step.file else line_of(waiting.file or "", waiting.line)
    where += f" in {waiting.function}()" if waiting.function else ""
    ends = {"real": "used", "other": "something else was assigned to it", "gone": "deleted", "failed": "used, in vain,"}
    return f"{ends[waiting.became]}{f' at {where}' if waiting.file else ', nobody saw where'}"


def one_line(load: Load) -> str:
    """The same in one line, for what is no news."""
    if load.search is None or load.search.found is None:
        return "in sys.modules by then" if load.error is None else load.error.partition(":")[0]
    found, ran = load.search.found, load.execution
    origin = found.origin or ", ".join(found.places or [])
    if origin in ("built-in", "frozen"):
        return "built into Python" if origin == "built-in" else "frozen into Python"
    if found.loader is None:
        return f"a namespace package of {', '.join(found.places or [])}"
    parts = [duration(ran.microseconds)] if ran is not None else []
    if is_library(load):
        count = 1 + sum(each.execution is not None for each in all_loads(inner_steps(load)))
        return ", ".join(["standard library", *parts, *([f"{count} modules"] if count > 1 else [])])
    winners = [place for asked in load.search.asked for place in asked.places if place.answer in ("module", "package")]
    return ", ".join([origin, *(path_entry_name(load.search, place) for place in winners[:1]), *parts])


def duration(microseconds: int) -> str:
    """A time for people."""
    return f"{microseconds / _MILLISECOND:.1f} ms"


def path_entry_name(search: Search, place: Place) -> str:
    """An entry by its place on the path, as Python would index it."""
    return f"{search.along}[{search.path.index(place.entry)}]" if place.entry in search.path else search.along


def _finder_lines(search: Search) -> Iterator[RenderableType]:
    """The finders in a line, and below the one that searches folders, these."""
    line = Text()
    for asked in search.asked:
        if line and asked.error is None and not asked.places:
            line.append(", ")
        elif line:
            line.append("; ")
        line.append_text(_finder_answer(asked))
        if asked.places:
            yield line
            line = Text()
            yield from (Padding(_entry_line(place, search), (0, 0, 0, 2)) for place in asked.places)
    if line or not search.asked:
        yield line or Text("nobody: sys.meta_path is empty", "yellow")


def _finder_answer(asked: Asked) -> Text:
    if asked.error:
        return Text(f"{asked.finder} raised {asked.error}", "red")
    if asked.places:
        return Text(f"{asked.finder}:")
    no = asked.answer == "no"
    return Text(f"{asked.finder} {'no' if no else 'yes'}", "dim" if no else "green")


def _entry_line(place: Place, search: Search) -> Text:
    by = f", by {place.finder}" if place.finder not in (None, "FileFinder") else ""
    entry = place.entry or f"{''!r} (the current folder)"
    where = f"{path_entry_name(search, place)} {entry}{by}: ".lstrip()
    return Text.assemble((where, "dim" if place.answer == "no" else ""), _entry_answer(place, search))


def _entry_answer(place: Place, search: Search) -> tuple[str, str]:
    """What an entry held, and a style."""
    if place.stale:
        return f"no, by a listing from before; {_name(place.stale)} is there now", "yellow"
    if place.finder is None:
        states = {"folder": "a folder now, but none when it was first met", "file": "a file, but no archive"}
        return states.get(place.there or "", "not there"), "yellow" if place.there in states else "dim"
    if place.answer == "portion":
        return "a folder without __init__, set aside", "yellow"
    if place.answer == "no":
        return "no", "dim"
    origin = search.found.origin if search.found is not None else None
    name = _name(origin or "yes")
    if place.answer == "package" and origin is not None:
        name = f"{PurePosixPath(origin).parent.name}/{name}"
    return name + (", rather than the folder of that name" if place.aside else ""), "green"


def _name(path: str) -> str:
    return PurePosixPath(path).name


def _execution_text(ran: Execution, load: Load) -> str:
    origin = load.search.found.origin if load.search is not None and load.search.found is not None else None
    file = f"{ran.file} " if ran.file and ran.file != origin else ""
    again = "again " if ran.again else ""
    return f"{file}{again}in {duration(ran.microseconds)}{_bytecode(ran)}, __package__ {ran.package!r}"


def _bytecode(ran: Execution) -> str:
    code = ran.bytecode
    if code is None:
        return ""
    if code.state == "stale":
        return f", its cache did not fit{f' ({code.why})' if code.why else ''}"
    return {"used": ", from its cache", "alone": ", bytecode alone", "none": ", no cache"}[code.state]

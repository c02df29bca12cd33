"""Say in a few sentences what an x-ray shows, for readers who don't want to read the tree."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from grader.xray.tree.imports import NAMELESS, Half, Load, Search, Step, Xray, all_steps, inner_steps

_PYTHONS_OWN = ("BuiltinImporter", "FrozenImporter", "PathFinder")
_MAX_CIRCLE_NAMES = 6
"""Names of a circle that are written out."""


def findings(xray: Xray) -> list[str]:
    """Sentences: why it failed, circles, files that ran twice, names that hide others."""
    said = [sentence for process in xray.processes for sentence in _process_findings(process.steps)]
    return list(dict.fromkeys(said))


def is_library(load: Load) -> bool:
    """Whether a module is the standard library's, by where it was found."""
    found = load.search.found if load.search is not None else None
    if found is None:
        return False
    origin = found.origin or next(iter(found.places or ()), "")
    return origin in ("built-in", "frozen") or is_library_file(origin)


def is_library_file(file: str) -> bool:
    """Whether a file, as it is shown, is the standard library's."""
    return not file or file.startswith(("$PYTHON/", "<frozen "))


def path_index_of(search: Search) -> int | None:
    """The number of the path entry that won; None if none did, or it is no longer on the path."""
    if search.found is None:
        return None
    for asked in search.asked:
        for place in asked.places:
            if place.answer in ("module", "package") and place.entry in search.path:
                return search.path.index(place.entry)
    return None


def _process_findings(steps: list[Step]) -> Iterator[str]:
    yield from _circles(steps)
    every = list(all_steps(steps))
    for step in every:
        for load in step.loads:
            yield from _load_findings(load)
    yield from _waiting_findings(every)
    yield from _files_run_twice(every)
    yield from _uncaught_error(steps)


def _waiting_findings(steps: list[Step]) -> Iterator[str]:
    """Names that were left waiting (PEP 810) and never used, and statements that did not wait."""
    unused: dict[str, list[str]] = {}
    for step in steps:
        if step.kind != "statement" or is_library_file(step.file):
            continue
        names = [f"{each.name} (line {step.line})" for each in step.waiting if each.became == "waiting"]
        unused.setdefault(step.file, []).extend(names)
        if (why := why_not_waiting(step)) is not None:
            yield f"{_location(step)} was to wait, and did not: {why}."
    for file, names in unused.items():
        if names:
            yield f"{file_name(file)} left waiting, and so nobody imported, what was never used: {_joined(names)}."


def why_not_waiting(step: Step) -> str | None:
    """Why a statement did not wait though that was asked for; None if it did, or wasn't to."""
    if step.lazily == "no" or step.waiting or step.error is not None:
        return None
    if step.lazily == "never":
        return "in a try, in a function and in a class no import waits, and none with *"
    if step.standing == "loaded":
        return "what it names was loaded already"
    return "a filter (sys.set_lazy_imports_filter) wanted it at once"


def _circles(steps: list[Step], above: tuple[tuple[str, int], ...] = ()) -> Iterator[str]:
    """Circles: a module whose code is under way further up is imported again further down."""
    for step in steps:
        for half in step.halves:
            if step.error or not f"{step.module}.".startswith(f"{half.name}."):  # a package and its own modules
                yield _circle(step, half, above)
        for load in step.loads:
            yield from _circles(inner_steps(load), (*above, (load.name, step.line)))
        yield from _circles(step.steps, above)


def _circle(step: Step, half: Half, above: tuple[tuple[str, int], ...]) -> str:
    names = [name for name, _ in above]
    state = f"It had come to line {half.line}" if half.line else "It had not begun"
    has = f"and had {_joined(half.names)}" if half.names else "and had no names of its own yet"
    if half.name not in names:
        return f"{_location(step)} saw {half.name} half made. {state}, {has}."
    turn = [f"{name}" for name in names[names.index(half.name) :]]
    if len(turn) > _MAX_CIRCLE_NAMES:
        turn[3:-2] = ["…"]
    return f"A circle: {' imports '.join([*turn, half.name])}, which was half made. {state}, {has}."


def _joined(names: list[str]) -> str:
    return ", ".join(names)


def _location(step: Step) -> str:
    return f"Line {step.line} of {file_name(step.file)}"


def line_of(file: str, line: int) -> str:
    """A line in the middle of a sentence."""
    return f"line {line} of {file_name(file)}"


def file_name(file: str) -> str:
    """What a learner calls a file."""
    return "-c" if file in ("<string>", "<probe>") else file


def _load_findings(load: Load) -> Iterator[str]:
    search = load.search
    if search is None or is_library(load):
        return
    for asked in search.asked:
        for place in asked.places:
            if place.stale:
                yield (f"{place.stale} is there, but Python kept a listing of that folder from before, which lacks it.")
    if search.found is None:
        return
    if search.found.loader is None:
        folders = _joined(search.found.places or [])
        yield f"`{load.name}` has no `__init__.py`, so Python made a namespace package of {folders}."
        return
    portions = [place.entry for asked in search.asked for place in asked.places if place.answer == "portion"]
    if portions:
        yield f"{load.name} is {search.found.origin}: a folder without __init__, in {_joined(portions)}, was set aside."
    if load.name in sys.stdlib_module_names and search.along == "sys.path":
        number = path_index_of(search)
        entry = f"sys.path[{number}]" if number is not None else search.found.finder
        other = f" Without it, {search.rivals[0]} would be found." if search.rivals else ""
        yield f"{load.name} is {search.found.origin}, not the standard library's: {entry} was asked first.{other}"
    ran = load.execution
    if ran is not None and ran.bytecode is not None and ran.bytecode.state == "alone":
        yield f"{load.name} is {search.found.origin}, bytecode alone: no source is beside it, so no edit of one counts."


def _files_run_twice(steps: list[Step]) -> Iterator[str]:
    names: dict[str, list[str]] = {}
    for step in steps:
        for load in step.loads:
            ran = load.execution
            if ran is not None and ran.file and not ran.file.startswith("<") and ran.name != NAMELESS:
                names.setdefault(ran.file, []).append(ran.name)
    for file, ran_as in names.items():
        if len(set(ran_as)) > 1 and not is_library_file(file):
            yield f"{file} ran {len(ran_as)} times: as {' and as '.join(dict.fromkeys(ran_as))}."


def _uncaught_error(steps: list[Step]) -> Iterator[str]:
    """What ended the program, if an import did."""
    # Python itself imports what it prints a traceback with.
    own = [step for step in steps if step.kind == "program" or not is_library_file(step.file)]
    if own and own[-1].error and own[-1].means not in ("sitecustomize", "usercustomize"):
        yield from _failure_reason(own[-1])


def _failure_reason(step: Step) -> Iterator[str]:
    """Follow an exception down to the import that raised it."""
    below = [each for load in step.loads for each in inner_steps(load)] + step.steps
    for each in below:
        if each.error == step.error:
            yield from _failure_reason(each)
            return
    if step.kind == "use" and step.since is not None:
        yield (
            f"{_location(step)} was the first to use {step.text}, which {line_of(*step.since)} left waiting: an error "
            "of such an import comes at its first use."
        )
    for load in step.loads:
        search = load.search
        if load.error == step.error and search is not None and search.found is None and not search.error:
            yield f"Python found no module `{load.name}`:{_where_it_was_searched(search)}."
            return
    if step.kind != "program":
        yield f"{_location(step)} raised it."


def _where_it_was_searched(search: Search) -> str:
    places = [place.entry for asked in search.asked for place in asked.places]
    builtin = " it isn't built in, and" if any(asked.finder == "BuiltinImporter" for asked in search.asked) else ""
    own = [each.finder for each in search.asked if not each.places and each.finder not in _PYTHONS_OWN]
    also = f" {' and '.join(own)} had no answer, and" if own else ""
    if len(places) == 1:
        return f"{builtin}{also} {places[0]}, the only folder on {search.along}, doesn't have it"
    return f"{builtin}{also} none of the {len(places)} places on {search.along} has it"

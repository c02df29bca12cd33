"""Build the tree of imports from the recorder's nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from grader.xray.tree import recorder_lines as told
from grader.xray.tree.imports import (
    NAMELESS,
    Asked,
    Bytecode,
    Execution,
    Found,
    Half,
    Load,
    Place,
    Process,
    Search,
    Step,
    Waiting,
)
from grader.xray.tree.node_reader import Node, nodes_of, trouble
from grader.xray.tree.recorder_lines import Line

_AnyNode = Node[told.BeginLine]


def processes(lines: Sequence[Line], scrub: Callable[[str], str]) -> list[Process]:
    """What each process of an execution imported; the one that was started comes first.

    Args:
        lines: the recorder's.
        scrub: makes a text fit to show.
    """
    found = told.by_process([told.scrubbed(line, scrub) for line in lines])
    return [_process(first, rest) for first, rest in found]


def _process(first: told.ProcessLine, lines: Sequence[Line]) -> Process:
    roots, whole = nodes_of(lines)
    before, after = (
        [
            name
            for line in lines
            if isinstance(line, told.ModulesLine) and line.when == when
            for name in _texts(line.names)
        ]
        for when in ("before", "after")
    )
    return Process(_texts(first.words), _steps(roots), list(trouble(lines, whole=whole)), before, after)


def _steps(nodes: Iterable[_AnyNode]) -> list[Step]:
    steps: list[Step] = []
    for step in filter(None, map(_step, nodes)):
        before = steps[-1] if steps else None
        if step.kind == "reload" and before is not None and (before.kind, before.means) == ("search", step.means):
            # importlib.reload searches, then runs.
            before.kind, before.loads[0].execution = "reload", step.loads[0].execution
            before.error, before.microseconds = step.error, before.microseconds + step.microseconds
        else:
            steps.append(step)
    return steps


def _step(node: _AnyNode) -> Step | None:
    """A node as a step; None for what is no import by itself."""
    line, step = node.line, None
    if isinstance(line, told.StatementLine):
        step = _statement_step(node, line)
    elif isinstance(line, told.LoadLine):
        step = _single_load_step("call", node, line.name, line.file, line.line)
        step.standing, step.loads = line.standing, list(_loads(node, line.name))
        for use in node.notes_of(told.UseLine)[:1]:
            step.kind, step.text, step.since = "use", use.name, (use.since_file, use.since_line)
            step.file, step.line, step.function = use.file, use.line, _function(use.function)
    elif isinstance(line, told.SearchLine):
        step = _single_load_step("search", node, line.name, line.file, line.line, search=_search(node, line))
    elif isinstance(line, told.FinderLine):
        search = Search(line.name or NAMELESS, "", [], [line.label], [_asked(node, line)], None, node.error)
        step = _single_load_step("search", node, search.name, line.file, line.line, search=search)
    elif isinstance(line, told.RunLine):
        kind = "reload" if line.again else "call"
        step = _single_load_step(kind, node, line.name or NAMELESS, "", 0, execution=_execution(node, line))
    elif isinstance(line, told.BodyLine):
        body = _execution_of_body(node, line)
        step = _single_load_step("program", node, body.name, line.file, 0, execution=body)
    return step


def _single_load_step(
    kind: str,
    node: _AnyNode,
    name: str,
    file: str,
    line: int,
    *,
    search: Search | None = None,
    execution: Execution | None = None,
) -> Step:
    loads = [Load(name, search, execution, node.error)]
    return Step(kind, file, line, node.line.thread, node.microseconds, means=name, loads=loads, error=node.error)


def _statement_step(node: _AnyNode, line: told.StatementLine) -> Step:
    own = [
        each for each in node.children_of(told.LoadLine) if (each.line.file, each.line.line) == (line.file, line.line)
    ]
    return Step(
        "statement",
        line.file,
        line.line,
        line.thread,
        node.microseconds,
        text=_as_written(line),
        function=_function(line.function),
        module=line.module,
        package=line.package,
        means=line.means,
        standing=line.standing,
        origin=line.origin,
        halves=[Half(half.name, half.line, _texts(half.names)) for half in node.notes_of(told.HalfLine)],
        loads=[load for each in own for load in _loads(each, each.line.name)],
        steps=_steps(child for child in node.children if all(child is not each for each in own)),
        bound=_texts(line.bound),
        lazily=line.lazily,
        waiting=list(_waiting(node)),
        error=node.error,
    )


def _function(name: str | None) -> str | None:
    """Whose code it is, if not a module's own."""
    return None if name == "<module>" else name


def _waiting(node: _AnyNode) -> Iterator[Waiting]:
    """The names that a statement left waiting, and what became of them."""
    settled = {note.name: note for note in reversed(node.notes_of(told.SettledLine))}
    for name in dict.fromkeys(note.name for note in node.notes_of(told.WaitsLine)):
        end = settled.get(name)
        if end is None:
            yield Waiting(name, "waiting")
        else:
            yield Waiting(name, end.became, end.file, end.line, _function(end.function))


def _as_written(line: told.StatementLine) -> str:
    """The statement, as it would stand in one line."""
    names, bound = _texts(line.names), _texts(line.bound)
    lazy = "lazy " if line.lazily == "keyword" else ""
    if not names:
        plain = not bound or bound[0] == line.name.partition(".")[0]
        return f"{lazy}import {line.name}" if plain else f"{lazy}import {line.name} as {bound[0]}"
    called = bound if len(bound) == len(names) else names
    items = [name if name == new else f"{name} as {new}" for name, new in zip(names, called, strict=True)]
    return f"{lazy}from {'.' * min(line.level, 20)}{line.name} import {', '.join(items)}"


def _loads(node: _AnyNode, name: str) -> Iterator[Load]:
    """A module that was wanted; before it the packages that it is in."""
    for child in node.children_of(told.LoadLine):
        yield from _loads(child, child.line.name)
    searches = [_search(child, child.line) for child in node.children_of(told.SearchLine)]
    runs = [_execution(child, child.line) for child in node.children_of(told.RunLine)]
    yield Load(name, next(iter(searches), None), next(iter(runs), None), node.error)


def _search(node: Node[Any], line: told.SearchLine) -> Search:
    path = node.path if line.path is None else line.path
    asked = [_asked(child, child.line) for child in node.children_of(told.FinderLine)]
    specs = [
        Found(each.finder, each.loader, each.origin, _optional_texts(each.places))
        for each in node.notes_of(told.SpecLine)
    ]
    along = "sys.path" if line.path is None else f"{line.name.rpartition('.')[0]}.__path__"
    rivals = [file for each in node.notes_of(told.RivalsLine) for file in _texts(each.files)]
    return Search(
        line.name, along, list(path), _texts(node.finders), asked, next(iter(specs), None), node.error, rivals
    )


def _asked(node: Node[Any], line: told.FinderLine) -> Asked:
    answers = node.notes_of(told.AnswerLine)
    others = [child for child in node.children if not isinstance(child.line, told.EntryLine)]
    places = [_place(child, child.line) for child in node.children_of(told.EntryLine)]
    return Asked(line.label, answers[0].answer if answers else "no", places, node.error, _steps(others))


def _place(node: Node[Any], line: told.EntryLine) -> Place:
    entry = line.entry if line.entry is not None else "?"
    for note in node.notes_of(told.AnswerLine):
        if line.label is None:
            return Place(entry, None, note.answer, note.listing, there=note.aside)
        return Place(entry, line.label, note.answer, note.listing, aside=note.aside, stale=note.stale)
    return Place(entry, line.label, "no")


def _execution(node: Node[Any], line: told.RunLine) -> Execution:
    bodies = node.children_of(told.BodyLine)
    codes = [Bytecode(note.state, note.source, note.cache, note.why) for note in node.notes_of(told.CodeLine)]
    body = bodies[0].line if bodies else None
    return Execution(
        line.name or NAMELESS,
        body.package if body else None,
        line.loader,
        body.file if body else None,
        node.microseconds,
        codes[0] if codes else None,
        line.again,
        node.error,
        _steps(each for child in node.children for each in (child.children if child.line is body else [child])),
    )


def _execution_of_body(node: Node[Any], line: told.BodyLine) -> Execution:
    return Execution(
        line.name or NAMELESS,
        line.package,
        None,
        line.file,
        node.microseconds,
        error=node.error,
        steps=_steps(node.children),
    )


def _texts(names: Iterable[str | None]) -> list[str]:
    return [name for name in names if name is not None]


def _optional_texts(names: Iterable[str | None] | None) -> list[str] | None:
    return None if names is None else _texts(names)

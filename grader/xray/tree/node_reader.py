"""Turn the recorder's lines into nodes: whatever they say, each node has one parent, which came before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from grader.xray.tree import recorder_lines as told
from grader.xray.tree.recorder_lines import Line

_MAX_DEPTH = 160
"""Nodes in nodes; an import in an import takes four."""
_MAX_NODES = 20_000

_Line_co = TypeVar("_Line_co", bound=told.BeginLine, covariant=True)
_Begin = TypeVar("_Begin", bound=told.BeginLine)
_Note = TypeVar("_Note", bound=told.NoteLine)


@dataclass
class Node(Generic[_Line_co]):
    """A node of the recorder's, with what was noted of it."""

    line: _Line_co
    depth: int
    finders: tuple[str | None, ...]
    """What was on `sys.meta_path`."""
    path: tuple[str | None, ...]
    """What was on `sys.path`."""
    children: list[Node[told.BeginLine]] = field(default_factory=list)
    notes: list[told.NoteLine] = field(default_factory=list)
    end: told.EndLine | None = None

    @property
    def microseconds(self) -> int:
        """Microseconds; 0 where it never ended."""
        return max(0, self.end.at - self.line.at) if self.end is not None else 0

    @property
    def error(self) -> str | None:
        """The exception that ended it."""
        if self.end is None or self.end.error is None:
            return None
        return f"{self.end.error}: {self.end.says}" if self.end.says else self.end.error

    def add(self, line: told.EndLine | told.NoteLine) -> None:
        """Take in what is said of it."""
        if isinstance(line, told.EndLine):
            self.end = line
        else:
            self.notes.append(line)

    def children_of(self, kind: type[_Begin]) -> list[Node[_Begin]]:
        """The children of one kind."""
        return [child for child in self.children if isinstance(child.line, kind)]  # type: ignore[misc]

    def notes_of(self, kind: type[_Note]) -> list[_Note]:
        """The notes of one kind."""
        return [note for note in self.notes if isinstance(note, kind)]


def nodes_of(lines: Sequence[Line]) -> tuple[list[Node[told.BeginLine]], bool]:
    """The outermost nodes of one process, and whether none was left out for want of room."""
    known: dict[int, Node[told.BeginLine] | None] = {}
    roots: list[Node[told.BeginLine]] = []
    finders: tuple[str | None, ...] = ()
    path: tuple[str | None, ...] = ()
    for line in lines:
        if isinstance(line, told.MetaPathLine):
            finders = line.names
        elif isinstance(line, told.SysPathLine):
            path = line.names
        elif isinstance(line, told.BeginLine) and line.node not in known and len(known) < _MAX_NODES:
            parent = known.get(line.parent)
            known[line.node] = node = _node(line, parent, finders, path) if parent or line.parent not in known else None
            if node is not None:
                (parent.children if parent else roots).append(node)
        elif isinstance(line, (told.EndLine, told.NoteLine)) and (of := known.get(line.node)) is not None:
            of.add(line)
    begun = {line.node for line in lines if isinstance(line, told.BeginLine)}
    return roots, len(begun) == len(known) and None not in known.values()


def _node(
    line: told.BeginLine,
    parent: Node[told.BeginLine] | None,
    finders: tuple[str | None, ...],
    path: tuple[str | None, ...],
) -> Node[told.BeginLine] | None:
    """A new node; None where it lies too deep."""
    depth = parent.depth + 1 if parent is not None else 0
    return Node(line, depth, finders, path) if depth < _MAX_DEPTH else None


def trouble(lines: Sequence[Line], *, whole: bool) -> Iterator[str]:
    """What can't be seen of one process, in sentences."""
    ends = [line for line in lines if isinstance(line, told.ExitLine)]
    if not ends:
        yield (
            "A process did not end in the ordinary way (os._exit, exec, a signal, a limit), or closed the recorder's "
            "channel: its imports are shown up to there."
        )
    for end in ends[:1]:
        if end.stumble:
            yield f"The recorder stumbled ({end.stumble}), so that something may be missing."
        elif not end.active:
            yield "The recorder was switched off on the way (see sys.settrace): what came later is missing."
    if any(end.lost for end in ends) or not whole:
        yield "There was so much to see that only the beginning is shown."

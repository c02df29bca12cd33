"""Write the nodes of the recorded tree, which begin and end by thread."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from grader.xray.recorder.channel import MODULES, Channel, as_json, clock, system, thread
    from grader.xray.recorder.lazy_names import WaitingName


_NAMES_IN_A_LINE = 200
"""In a line."""


class State:
    """What there is one of."""

    channel: "Channel"

    def __init__(self) -> None:
        self.nodes = 0
        self.threads: dict[int, int] = {}
        """Numbers of threads, in the order in which they are met."""
        self.under_way: dict[int, list[int]] = {}
        """By thread: the nodes that have begun, outermost first."""
        self.listing_read: dict[int, bool] = {}
        """By thread: whether the path entry finder that is being asked has read its folder anew."""
        self.bodies: dict[str, FrameType] = {}
        """Of the modules that run, by name."""
        self.waiting: dict[tuple[int, str], WaitingName] = {}
        """Global names that wait for their first use, by the identity of the globals and name."""
        self.modules_with_waiting: set[int] = set()
        """The identities of globals that hold such names, or did."""
        self.last_emitted: dict[str, Any] = {}
        """What was last said of the lists of the import system."""
        self.failure = ""
        """How the recorder first failed, if it did."""


state = State()


def emit_line(*fields: object) -> None:
    """Write one line."""
    if state.channel.process != system.getpid():  # forked
        state.channel = Channel(None)
        emit_process()
    state.channel.write((as_json(fields) + "\n").encode())


def emit_process() -> None:
    """Say which process this is."""
    words = [word[:200] for word in sys.orig_argv if type(word) is str]
    state.last_emitted.clear()
    emit_line("process", system.getpid(), system.getppid(), words)


def emit_modules(when: str) -> None:
    """Say what is in `sys.modules`, a part at a time."""
    names = [name for name in [*MODULES] if type(name) is str]
    for start in range(0, len(names), _NAMES_IN_A_LINE):
        emit_line("modules", when, names[start : start + _NAMES_IN_A_LINE])


def emit_if_new(kind: str, names: "list[str | None]") -> None:
    """Say what is on one of the lists of the import system, unless that was said."""
    if state.last_emitted.get(kind) != names:
        state.last_emitted[kind] = names
        emit_line(kind, names)


def microseconds() -> int:
    """Microseconds."""
    return int(clock() * 1e6)


def begin_node(kind: str, *fields: object) -> int:
    """Open a node of the tree; whatever this thread does next is in it."""
    own = thread.get_ident()
    state.nodes += 1
    node = state.nodes
    stack = state.under_way.setdefault(own, [])
    emit_line(
        kind, node, current_node(), state.threads.setdefault(own, len(state.threads) + 1), microseconds(), *fields
    )
    stack.append(node)
    return node


def current_node() -> int:
    """The innermost node under way in this thread; 0 for none."""
    stack = state.under_way.get(thread.get_ident())
    return stack[-1] if stack else 0


def end_node(node: int, trouble: "tuple[str, str] | None" = None) -> None:
    """Close a node, and whatever is still open in it."""
    stack = state.under_way.get(thread.get_ident(), [])
    if node in stack:
        del stack[stack.index(node) :]
    emit_line("end", node, microseconds(), *(trouble or (None, None)))

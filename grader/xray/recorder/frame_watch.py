"""Watch one frame, from its first event to its last."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from grader.xray.recorder.channel import MODULES, OURS
    from grader.xray.recorder.lazy_names import lists_as_lazy, note_waiting_names, settle_waiting_names
    from grader.xray.recorder.node_writer import begin_node, emit_line, end_node, state
    from grader.xray.recorder.objects import (
        absolute_name,
        exact_text,
        exception_text,
        globals_of,
        module_names,
        origin_of,
        sys_modules_state,
    )
    from grader.xray.recorder.statements import Statement

    OPCODES: "dict[str, int]" = {}

_RETURNS = (OPCODES.get("RETURN_VALUE"), OPCODES.get("RETURN_CONST"))
_MAX_NAMES = 12


class Watch:
    """The trace function of one frame.

    Args:
        node: that ends with the frame; None: there is none.
        finish: called with the frame and what it returns, before the node ends.
        statements: import statements of the frame's code, by offset.
        sees_names: whether it is looked, line by line, which names wait no longer.
    """

    def __init__(
        self,
        node: "int | None",
        finish: "Callable[[FrameType, Any, Watch], None] | None" = None,
        statements: "dict[int, Statement] | None" = None,
        sees_names: bool = False,
    ) -> None:
        self._node, self._finish, self._statements = node, finish, statements
        self.sees_names, self._line = sees_names, 0
        self._statement: tuple[Statement, int, int] | None = None
        """The import statement under way, its node, and its line."""
        self.node = node
        self.trouble: tuple[str, str] | None = None

    def __call__(self, frame: "FrameType", event: str, value: "Any") -> "Watch":
        """Whatever happens in the frame."""
        try:
            if self.sees_names:
                self._see_names(frame)
            if event == "opcode":
                self._on_opcode(frame)
            elif event == "exception":
                self.trouble = exception_text(value)
                self._end_statement(frame, self.trouble)
            elif event == "return":
                self._on_return(frame, value)
        except RecursionError:  # the program's own depth: no call can be made here
            state.failure = "too deep a recursion"
        except BaseException as error:  # noqa: BLE001 - ours must not reach the program
            raise_if_not_ours(error)
        return self

    def _on_opcode(self, frame: "FrameType") -> None:
        offset, under_way = frame.f_lasti, self._statement
        if under_way is not None:
            if under_way[0].start <= offset <= under_way[0].last:
                return
            self._end_statement(frame, None)
        one = self._statements and self._statements.get(offset)
        if one:
            self._statement = one, begin_statement(frame, one), frame.f_lineno or 0

    def _see_names(self, frame: "FrameType") -> None:
        if state.waiting and self._line:
            settle_waiting_names((frame.f_code.co_filename, self._line, frame.f_code.co_name))
        self._line = frame.f_lineno or 0

    def _end_statement(self, frame: "FrameType", trouble: "tuple[str, str] | None") -> None:
        if self._statement is not None:
            one, node, line = self._statement
            if trouble is None:
                note_waiting_names(node, frame, line, one)
            end_node(node, trouble)
            self._statement = None

    def _on_return(self, frame: "FrameType", value: "Any") -> None:
        self._end_statement(frame, None)
        if self.trouble is not None and frame.f_code.co_code[frame.f_lasti] in _RETURNS:
            self.handled, self.trouble = self.trouble, None
        if self._finish is not None:
            self._finish(frame, value, self)
        if self._node is not None:
            end_node(self._node, self.trouble)

    handled: "tuple[str, str] | None" = None
    """The last exception that the frame took care of."""


def raise_if_not_ours(error: BaseException) -> None:
    """Let pass what a signal handler of the learner's raises while the recorder is at work; own stumbles are noted."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if isinstance(error, KeyboardInterrupt) or trace is None or trace.tb_frame.f_code.co_filename != OURS:
        raise error
    if not state.failure:
        state.failure = f"{type(error).__name__} in line {trace.tb_lineno}"


def begin_statement(frame: "FrameType", one: "Statement") -> int:
    """An import statement that is about to run."""
    about, code = globals_of(frame), frame.f_code
    name = absolute_name(one.level, one.name, about)
    found = sys_modules_state(name)
    what = (code.co_filename, frame.f_lineno or 0, code.co_name)
    lazily = "keyword" if one.is_lazy else "no"
    if not one.is_lazy and lists_as_lazy(about, name):
        lazily = "never" if one.never_waits else "list"
    says = (
        exact_text(about.get("__name__")),
        exact_text(about.get("__package__")),
        one.level,
        one.name,
        one.names,
        one.bound,
        lazily,
    )
    node = begin_node("statement", *what, *says, name, found, origin_of(name) if found in ("loaded", "half") else None)
    for each in (name, *[f"{name}.{wanted}" for wanted in one.names]):
        if sys_modules_state(each) == "half":
            emit_partial_module(node, each)
    return node


def emit_partial_module(node: int, name: str) -> None:
    """Somebody sees a module whose code has not run to its end: how far it is, and what it has."""
    body = state.bodies.get(name)
    names = [each for each in list(module_names(MODULES.get(name))) if type(each) is str and each[:2] != "__"]
    emit_line("half", node, name, body.f_lineno if body is not None else None, names[:_MAX_NAMES])

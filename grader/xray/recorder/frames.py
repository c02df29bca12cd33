"""The trace function: chooses the frames that the recorder watches, and starts and ends the recording."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

    from grader.xray.recorder.channel import MODULES, OURS, Channel, borrow_module, system
    from grader.xray.recorder.frame_watch import Watch, raise_if_not_ours
    from grader.xray.recorder.lazy_names import CAN_WAIT, settle_failed_names, settle_waiting_names
    from grader.xray.recorder.machinery import ASKS_ENTRIES, ASKS_FINDERS, CALLS_MODULE_CODE, HANDLERS, emit_answer
    from grader.xray.recorder.node_writer import begin_node, emit_line, emit_modules, emit_process, state
    from grader.xray.recorder.objects import class_label, exact_text, globals_of, import_caller, is_library_code
    from grader.xray.recorder.statements import statements_in

    EVERYTHING = ALONE = False

_ASKING_CODE = (ASKS_FINDERS, ASKS_ENTRIES)
_MAX_CODES = 50_000
_EXIT_LINE_BYTES = 1000
"""Bytes."""


def begin_body(frame: "FrameType", code: "CodeType") -> "int | None":
    """A module's own code; None if the frame is something else that happens to be called `<module>`."""
    back, about = frame.f_back, globals_of(frame)
    if back is not None and id(back.f_code) != CALLS_MODULE_CODE:
        generated = code.co_filename.startswith("<") and is_library_code(back.f_code)
        if frame.f_globals is back.f_globals or generated:
            return None
    name = exact_text(about.get("__name__"))
    if name is not None:
        state.bodies[name] = frame
    return begin_node("body", name, exact_text(about.get("__package__")), code.co_filename)


def end_body(frame: "FrameType", _value: "Any", _watch: Watch) -> None:
    """A module has run."""
    name = exact_text(globals_of(frame).get("__name__"))
    if name is not None and state.bodies.get(name) is frame:
        del state.bodies[name]
    if name == "threading" and is_library_code(frame.f_code):
        frame.f_globals["_trace_hook"] = tracer


def watch_other_frame(frame: "FrameType", known: "CodeInfo", asked: bool) -> "Watch | None":
    """A frame of anybody else: a module's code, a finder that somebody wrote, or what holds import statements."""
    node: int | None = None
    finish: Callable[[FrameType, Any, Watch], None] | None = None
    if known.is_body:
        node, finish = begin_body(frame, known.code), end_body
    elif asked and frame.f_back is not None:
        inner = frame.f_back.f_locals
        if id(frame.f_back.f_code) == ASKS_FINDERS:
            node = begin_node(
                "finder", class_label(inner.get("finder")), exact_text(inner.get("name")), *import_caller(frame)
            )
        else:
            node = begin_node("entry", exact_text(inner.get("entry")), class_label(inner.get("finder")), None)
        finish = emit_answer
    sees_names = id(frame.f_globals) in state.modules_with_waiting and known.interesting
    if node is None and not known.statements and not sees_names:
        return None
    # A module's own code may leave names waiting, and use them further down.
    sees_names = sees_names or (CAN_WAIT and known.is_body and known.interesting)
    return Watch(node, finish if node is not None else None, known.statements, sees_names)


class CodeInfo:
    """What is known of a code object, which is kept, so that no other gets its id."""

    def __init__(self, code: "CodeType", handler: "Callable[[FrameType], Watch | None] | None" = None) -> None:
        self.code, self.begins, self.is_body = code, handler, code.co_name == "<module>"
        self.interesting = handler is None and (EVERYTHING or not is_library_code(code)) and OURS not in code.co_consts
        self.statements = statements_in(code) if self.interesting else {}
        self.matters = self.is_body or bool(self.statements)


def tracer(frame: "FrameType", event: str, _value: object) -> "Watch | None":
    """The trace function: looks at each frame that begins."""
    if event != "call":
        return None
    try:
        code = frame.f_code
        known = _CODE_INFO.get(id(code)) or _remember(code)
        back = frame.f_back
        asked = (
            back is not None
            and id(back.f_code) in _ASKING_CODE
            and not code.co_filename.startswith("<frozen importlib")
        )
        if known.begins is not None:
            watch = known.begins(frame)
        else:
            named = state.waiting and id(frame.f_globals) in state.modules_with_waiting
            watch = watch_other_frame(frame, known, asked) if known.matters or asked or named else None
        if watch is not None:
            frame.f_trace, frame.f_trace_lines = watch, watch.sees_names
            if known.statements:
                frame.f_trace_opcodes = True
    except RecursionError:  # see Watch
        state.failure = "too deep a recursion"
        watch = None
    except BaseException as error:  # noqa: BLE001 - as above
        raise_if_not_ours(error)
        watch = None
    return watch


def _remember(code: "CodeType") -> CodeInfo:
    if len(_CODE_INFO) > _MAX_CODES:  # a program that compiles without end
        _CODE_INFO.clear()
        _CODE_INFO.update(_MACHINERY_INFO)
    known = _CODE_INFO[id(code)] = CodeInfo(code)
    return known


_MACHINERY_INFO = {id(code): CodeInfo(code, begins) for code, begins in HANDLERS}
_CODE_INFO = dict(_MACHINERY_INFO)


def finish_recording() -> None:
    """At the end, after all that learner code registered: what others wrote, and whether anything was lost."""
    channel = state.channel
    if channel.process == system.getpid():
        channel.bytes_left = max(channel.bytes_left, _EXIT_LINE_BYTES)
        settle_waiting_names(None)
        settle_failed_names()
        emit_modules("after")
        emit_line("exit", sys.gettrace() is tracer, channel.lost, state.failure)
        if channel.first:
            channel.forward_children()


def _forget_codec() -> None:
    """Of reading a `.pth` file Python 3.13 leaves a module, which would not be there without ours."""
    encodings = MODULES.get("encodings")
    if ALONE and MODULES.pop("encodings.utf_8_sig", None) is not None:
        vars(encodings).pop("utf_8_sig", None)


def start_recording() -> None:
    """Begin, if this process is one to look at."""
    number = next(filter(str.isdigit, sys._xoptions), None)
    if number is not None:
        # How the first process was told its channel; nobody else should see that.
        del sys._xoptions[number]
        index = sys.orig_argv.index(number)
        del sys.orig_argv[index - 1 : index + 1]
    state.channel = Channel(None if number is None else int(number))
    if state.channel.descriptor is None:
        return
    _forget_codec()
    emit_process()
    emit_modules("before")
    borrow_module("atexit").register(finish_recording)
    sys._getframe().f_trace_opcodes = True  # or Python 3.12 tells nobody of instructions
    sys.settrace(tracer)


start_recording()

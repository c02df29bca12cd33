"""Which frames the recorder looks at, and how it begins and ends."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

    from grader.xray.recorder.channel import MODULES, OURS, Channel, system, take
    from grader.xray.recorder.machinery import ASKS_ENTRIES, ASKS_FINDERS, CALLS_BODIES, HANDLERS, answered
    from grader.xray.recorder.nodes import begin, emit, hello, state
    from grader.xray.recorder.objects import caller, globals_of, in_library, label, plain
    from grader.xray.recorder.statements import statements_in
    from grader.xray.recorder.watches import Watch, raise_if_not_ours

    EVERYTHING = ALONE = False

_ASK = (ASKS_FINDERS, ASKS_ENTRIES)
_MOST_CODES = 50_000
_LAST_WORDS = 1000
"""Bytes."""


def body(frame: "FrameType", code: "CodeType") -> "int | None":
    """A module's own code; None if the frame is something else that happens to be called `<module>`."""
    back, about = frame.f_back, globals_of(frame)
    if back is not None and id(back.f_code) != CALLS_BODIES:
        generated = code.co_filename.startswith("<") and in_library(back.f_code)
        if frame.f_globals is back.f_globals or generated:
            return None
    name = plain(about.get("__name__"))
    if name is not None:
        state.bodies[name] = frame
    return begin("body", name, plain(about.get("__package__")), code.co_filename)


def leave_body(frame: "FrameType", _value: "Any", _watch: Watch) -> None:
    """A module has run."""
    name = plain(globals_of(frame).get("__name__"))
    if name is not None and state.bodies.get(name) is frame:
        del state.bodies[name]
    if name == "threading" and in_library(frame.f_code):
        frame.f_globals["_trace_hook"] = tracer


def enter(frame: "FrameType", known: "Known", asked: bool) -> "Watch | None":
    """A frame of anybody else: a module's code, a finder that somebody wrote, or what holds import statements."""
    node: int | None = None
    finish: Callable[[FrameType, Any, Watch], None] | None = None
    if known.is_body:
        node, finish = body(frame, known.code), leave_body
    elif asked and frame.f_back is not None:
        inner = frame.f_back.f_locals
        if id(frame.f_back.f_code) == ASKS_FINDERS:
            node = begin("finder", label(inner.get("finder")), plain(inner.get("name")), *caller(frame))
        else:
            node = begin("entry", plain(inner.get("entry")), label(inner.get("finder")), None)
        finish = answered
    if node is None and not known.statements:
        return None
    return Watch(node, finish if node is not None else None, known.statements)


class Known:
    """What is known of a code object, which is kept, so that no other gets its id."""

    def __init__(self, code: "CodeType", begins: "Callable[[FrameType], Watch | None] | None" = None) -> None:
        self.code, self.begins, self.is_body = code, begins, code.co_name == "<module>"
        interesting = begins is None and (EVERYTHING or not in_library(code)) and OURS not in code.co_consts
        self.statements = statements_in(code) if interesting else {}
        self.matters = self.is_body or bool(self.statements)


def tracer(frame: "FrameType", event: str, _value: object) -> "Watch | None":
    """The trace function: looks at each frame that begins."""
    if event != "call":
        return None
    try:
        code = frame.f_code
        known = _KNOWN.get(id(code)) or _learn(code)
        back = frame.f_back
        asked = back is not None and id(back.f_code) in _ASK and not code.co_filename.startswith("<frozen importlib")
        if known.begins is not None:
            watch = known.begins(frame)
        else:
            watch = enter(frame, known, asked) if known.matters or asked else None
        if watch is not None:
            frame.f_trace, frame.f_trace_lines = watch, False
            if known.statements:
                frame.f_trace_opcodes = True
    except RecursionError:  # see Watch
        state.stumble = "too deep a recursion"
        watch = None
    except BaseException as error:  # noqa: BLE001 - as above
        raise_if_not_ours(error)
        watch = None
    return watch


def _learn(code: "CodeType") -> Known:
    if len(_KNOWN) > _MOST_CODES:  # a program that compiles without end
        _KNOWN.clear()
        _KNOWN.update(_MACHINERY)
    known = _KNOWN[id(code)] = Known(code)
    return known


_MACHINERY = {id(code): Known(code, begins) for code, begins in HANDLERS}
_KNOWN = dict(_MACHINERY)


def goodbye() -> None:
    """At the end, after all that learner code registered: what others wrote, and whether anything was lost."""
    channel = state.channel
    if channel.process == system.getpid():
        channel.room = max(channel.room, _LAST_WORDS)
        emit("exit", sys.gettrace() is tracer, channel.lost, state.stumble)
        if channel.first:
            channel.gather()


def _forget_codec() -> None:
    """Of reading a `.pth` file Python 3.13 leaves a module, which would not be there without ours."""
    encodings = MODULES.get("encodings")
    if ALONE and MODULES.pop("encodings.utf_8_sig", None) is not None:
        vars(encodings).pop("utf_8_sig", None)


def start() -> None:
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
    hello()
    take("atexit").register(goodbye)
    sys._getframe().f_trace_opcodes = True  # or Python 3.12 tells nobody of instructions
    sys.settrace(tracer)


start()

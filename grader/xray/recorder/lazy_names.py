"""Names that an import statement left waiting until their first use, as Python 3.15 and later can (PEP 810)."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from grader.xray.recorder.channel import MODULES, borrow_module
    from grader.xray.recorder.node_writer import emit_line, state
    from grader.xray.recorder.objects import (
        absolute_name,
        globals_of,
        is_library_code,
        is_machinery_code,
        module_names,
    )
    from grader.xray.recorder.statements import Statement

    OPCODES: "dict[str, int]" = {}

CAN_WAIT = sys.version_info >= (3, 15)
_LazyImport = borrow_module("_types").LazyImportType if CAN_WAIT else None
_IMPORTING = (OPCODES["IMPORT_NAME"], OPCODES["IMPORT_FROM"])
_IMPORTING_FUNCTIONS = ("import_module", "__import__", "_gcd_import", "_find_and_load")
"""Of importlib: what they load, nobody's name waited for."""
_MAX_WAITING_NAMES = 500
_MISSING = object()


class WaitingName:
    """A global name that stands for a module, or for a name in one, which nobody has used so far.

    Args:
        node: of the statement.
        frame: that ran it.
        line: that it is in.
        module: the absolute name of the module.
        wanted: the name in it; None: the module itself is meant.
        bound: the global name.
    """

    def __init__(self, node: int, frame: "FrameType", line: int, module: str, wanted: "str | None", bound: str) -> None:
        self.node, self.about, self.module, self.wanted, self.bound = node, globals_of(frame), module, wanted, bound
        self.since = frame.f_code.co_filename, line
        self.used: tuple[str, int, str] | None = None

    def means(self, name: str) -> bool:
        """Whether a module is wanted for it: the one that it stands for, or one that this is in."""
        return f"{self.module}.".startswith(f"{name}.") or name == f"{self.module}.{self.wanted}"

    def stands_for(self, value: object) -> bool:
        """Whether a value is what the import gives."""
        module = MODULES.get(self.module)
        if self.wanted is None:
            return value is module or value is MODULES.get(self.module.partition(".")[0])
        return value is module_names(module).get(self.wanted) or value is MODULES.get(f"{self.module}.{self.wanted}")


def lists_as_lazy(about: "dict[str, Any]", name: str) -> bool:
    """Whether a module's `__lazy_modules__` holds a name, as far as it is of a plain type."""
    listed: Any = about.get("__lazy_modules__")
    if type(listed) not in (list, tuple, set, frozenset, dict):
        return False
    return name in [each for each in listed if type(each) is str]


def note_waiting_names(node: int, frame: "FrameType", line: int, one: "Statement") -> None:
    """A statement has ended: which of its names wait?"""
    about = globals_of(frame)
    for index, bound in enumerate(one.bound):
        if type(about.get(bound)) is not _LazyImport:
            continue
        wanted = one.names[index] if len(one.names) == len(one.bound) else None
        module = absolute_name(one.level, one.name, about)
        key = (id(about), bound)
        if key in state.waiting:
            settle_waiting_name(key, "other", None)
        emit_line("waits", node, bound)
        if len(state.waiting) < _MAX_WAITING_NAMES:
            state.waiting[key] = WaitingName(node, frame, line, module, wanted, bound)
            state.modules_with_waiting.add(id(about))


def note_use(node: int, frame: "FrameType", name: object) -> None:
    """A module is wanted: is that the first use of a name that waits?"""
    if not state.waiting or type(name) is not str:
        return
    user = _user_of(frame)
    if user is None:
        return
    known = [one for one in list(state.waiting.values()) if one.means(name)]
    own = [one for one in known if one.about is user.f_globals]
    for one in (own or known)[:1]:
        while user.f_back is not None and is_library_code(user.f_code):
            user = user.f_back
        one.used = (user.f_code.co_filename, user.f_lineno or 0, user.f_code.co_name)
        emit_line("use", node, one.bound, *one.since, *one.used)


def _user_of(frame: "FrameType") -> "FrameType | None":
    """The frame that needs a module without importing it; None if something imports it."""
    back = frame.f_back
    while back is not None and is_machinery_code(back.f_code):
        if back.f_code.co_name in _IMPORTING_FUNCTIONS:
            return None
        back = back.f_back
    if back is None or back.f_lasti < 0 or back.f_code.co_code[back.f_lasti] in _IMPORTING:
        return None
    return None if "__import__" in back.f_code.co_names else back


def settle_waiting_names(where: "tuple[str, int, str] | None") -> None:
    """See which names wait no longer, since somebody used them or put something else in their place.

    Args:
        where: file, line and function that ran since the last look; None if nobody knows.
    """
    for key, one in list(state.waiting.items()):
        value = dict.get(one.about, one.bound, _MISSING)
        if type(value) is not _LazyImport:
            gone, real = value is _MISSING, one.used is not None or one.stands_for(value)
            settle_waiting_name(key, "gone" if gone else "real" if real else "other", where)


def settle_failed_names() -> None:
    """At the end: names that were used, and wait still, since their import failed."""
    for key, one in list(state.waiting.items()):
        if one.used is not None:
            settle_waiting_name(key, "failed", None)


def settle_waiting_name(key: "tuple[int, str]", how: str, where: "tuple[str, int, str] | None") -> None:
    """Say what became of a name that waited."""
    one = state.waiting.pop(key)
    emit_line("settled", one.node, one.bound, how, *(one.used or where or (None, 0, None)))

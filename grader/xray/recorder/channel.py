"""The channel that the recorder writes its lines to."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    FOLDER = ""

MODULES = sys.modules
OURS = "<kata xray>"
_MAX_BYTES, _MAX_TEXT_BYTES, _MAX_CHILD_BYTES = 6 << 20, 1000, 1 << 20
_ESCAPES = {34: '\\"', 92: "\\\\"} | {code: f"\\u{code:04x}" for code in (*range(32), 127)}
_ancestors = type.__dict__["__mro__"].__get__


class ModuleNames:
    """What a module holds now, whatever becomes of the module.

    Args:
        module: whose names these are.
    """

    def __init__(self, module: object) -> None:
        self.__dict__.update(module.__dict__)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def borrow_module(name: str) -> ModuleNames:
    """The names of a module that is built in, without leaving it in `sys.modules`."""
    known = name in MODULES
    module = __import__(name)
    if not known:
        del MODULES[name]
    return ModuleNames(module)


system, clock, thread = (
    borrow_module("nt" if sys.platform == "win32" else "posix"),
    borrow_module("time").perf_counter,
    borrow_module("_thread"),
)


def is_a(cls: type, thing: object) -> bool:
    """What `isinstance` says where nobody lies: it asks no attribute of the thing."""
    return cls in _ancestors(type(thing))


def as_json(value: object) -> str:
    """A value of plain types as JSON; whatever else it is, learner code made it, and it is not asked."""
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return repr(value)
    if type(value) is list or type(value) is tuple:
        return "[" + ",".join([as_json(each) for each in value[:200]]) + "]"
    if not is_a(str, value):
        return '"?"'
    raw = str.encode(value, "utf-8", "backslashreplace")[:_MAX_TEXT_BYTES]  # type: ignore[arg-type]
    return '"' + raw.decode("utf-8", "ignore").translate(_ESCAPES) + '"'


class Channel:
    """Where lines go: the report channel of the first process, a file of its own for each other one.

    Args:
        descriptor: of the report channel; None: this process has none.
    """

    def __init__(self, descriptor: "int | None") -> None:
        self.first, self.process, self.lost, self.bytes_left = (
            descriptor is not None,
            system.getpid(),
            False,
            _MAX_BYTES,
        )
        self.lock = thread.allocate_lock()
        self.descriptor = _to_high_number(_own_file() if descriptor is None else descriptor)
        if self.descriptor is not None:
            self._identity = system.fstat(self.descriptor)[1:3]

    def write(self, line: bytes) -> None:
        """Write a line at once: whatever ends this process, it is out."""
        with self.lock:
            if self.descriptor is None:
                return
            self.bytes_left -= len(line)
            if self.bytes_left < 0:
                self.lost = True
                return
            try:
                # Learner code may have closed ours, and got the number for a file of its own.
                if system.fstat(self.descriptor)[1:3] != self._identity:
                    self.descriptor = None
                while line and self.descriptor is not None:
                    line = line[system.write(self.descriptor, line) :]
            except OSError:
                self.descriptor = None

    def forward_children(self) -> None:
        """Pass on what other processes wrote."""
        for number in sorted(map(int, filter(str.isdigit, _names_in_folder(FOLDER)))):
            try:
                descriptor = system.open(f"{FOLDER}/{number}", system.O_RDONLY)
                content = system.read(descriptor, _MAX_CHILD_BYTES)
                system.close(descriptor)
            except OSError:
                continue
            self.write(content[: content.rfind(b"\n") + 1])


def _names_in_folder(folder: str) -> "list[str]":
    try:
        names: list[str] = system.listdir(folder)
    except OSError:
        return []
    return names


def _own_file() -> "int | None":
    flags = system.O_WRONLY | system.O_CREAT | system.O_APPEND  # after an exec the number is the same
    try:
        descriptor: int = system.open(f"{FOLDER}/{system.getpid()}", flags, 0o600)
    except OSError:  # no x-rayed execution, or a process that is not to write
        return None
    return descriptor


def _to_high_number(descriptor: "int | None") -> "int | None":
    """The same under a high number, so that what learner code opens gets the numbers that it would get."""
    if descriptor is None:
        return None
    for number in range(240, 200, -1):
        try:
            system.fstat(number)
        except OSError:
            try:
                system.dup2(descriptor, number, False)
            except OSError:
                break
            system.close(descriptor)
            return number
    return descriptor

"""Read objects without calling any code of theirs."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

    from grader.xray.recorder.channel import MODULES, is_a

_ModuleType, _ModuleSpec = type(sys), MODULES["_frozen_importlib"].ModuleSpec
_inner_names = vars(_ModuleType)["__dict__"].__get__
_class_name, _class_module = type.__dict__["__qualname__"].__get__, type.__dict__["__module__"].__get__
_arguments = BaseException.__dict__["args"].__get__
_NAMESPACE_PATHS = ("_NamespacePath", "NamespacePath")
"""The class of a namespace package's `__path__`, up to Python 3.14 and from 3.15 on."""
_LIBRARY_PREFIXES = ("<frozen ", sys.base_prefix.rstrip("/\\") + ("\\" if sys.platform == "win32" else "/"))


def class_label(thing: object) -> str:
    """What a finder or loader is called: its class, or the class of it as an instance."""
    cls = thing if is_a(type, thing) else type(thing)
    name = _class_name(cls)
    try:
        module = _class_module(cls)
    except AttributeError:  # somebody removed it
        module = None
    if type(module) is not str or module in ("_frozen_importlib", "_frozen_importlib_external", "zipimport"):
        return str(name)
    return f"{module}.{name}"


def module_names(module: object) -> "dict[str, Any]":
    """A module's own names; none if it is no module at all."""
    inner: dict[str, Any] = _inner_names(module) if is_a(_ModuleType, module) else {}
    return inner


def spec_fields(spec: object) -> "dict[str, Any]":
    """A spec's fields; none if it is of a class of somebody's own."""
    fields: dict[str, Any] = object.__getattribute__(spec, "__dict__") if type(spec) is _ModuleSpec else {}
    return fields


def path_entries(places: object) -> "list[object] | None":
    """A package's `__path__`; that of a namespace package as it was when it was last looked for."""
    if type(places) is list or places is None:
        return places
    if class_label(places) not in _NAMESPACE_PATHS:
        return []
    known = object.__getattribute__(places, "__dict__").get("_path")
    return known if type(known) is list else []


def sys_modules_state(name: str) -> str:
    """What `sys.modules` holds under a name: `absent`, `none` (None itself), `half` (a module half made), `loaded`."""
    module = dict.get(MODULES, name, MODULES)
    if module is MODULES or module is None:
        return "absent" if module is MODULES else "none"
    return "half" if spec_fields(module_names(module).get("__spec__")).get("_initializing") else "loaded"


def origin_of(name: str) -> "str | None":
    """The file of a module in `sys.modules`, or what its spec has in place of that."""
    names = module_names(dict.get(MODULES, name, None))
    file = names.get("__file__")
    return exact_text(file) or exact_text(spec_fields(names.get("__spec__")).get("origin"))


def absolute_name(level: int, name: str, about: "dict[str, Any]") -> str:
    """The absolute name that an import statement means, as `importlib` finds it; empty where Python will complain."""
    if not level:
        return name
    package, spec = about.get("__package__"), spec_fields(about.get("__spec__"))
    if package is None:
        package = spec.get("name", about.get("__name__"))
        if type(package) is str and spec.get("submodule_search_locations") is None and "__path__" not in about:
            package = package.rpartition(".")[0]
    if type(package) is not str or not package:
        return ""
    bits = package.rsplit(".", level - 1)
    base = bits[0] if len(bits) == level else ""
    return f"{base}.{name}" if base and name else base


def globals_of(frame: "FrameType") -> "dict[str, Any]":
    """The global names of a frame; none if they are kept by somebody's own kind of dictionary."""
    return frame.f_globals if type(frame.f_globals) is dict else {}


def exact_text(value: object) -> "str | None":
    """A text, exactly; None for all else."""
    return value if type(value) is str else None


def exception_text(what: "tuple[Any, Any, Any]") -> "tuple[str, str]":
    """An exception's class and message, as far as these are plain."""
    said = _arguments(what[1]) if is_a(BaseException, what[1]) else (what[1],)
    words = [word for word in map(exact_text, said[:2]) if word is not None]
    return str(_class_name(what[0])), words[0] if words else ""


def is_library_code(code: "CodeType") -> bool:
    """Whether code is the standard library's."""
    return code.co_filename.startswith(_LIBRARY_PREFIXES)


def import_caller(frame: "FrameType") -> "tuple[str, int]":
    """The file and line that an import came from, beyond the machinery."""
    back = frame.f_back
    while back is not None and is_machinery_code(back.f_code):
        back = back.f_back
    return (back.f_code.co_filename, back.f_lineno or 0) if back is not None else ("", 0)


def is_machinery_code(code: "CodeType") -> bool:
    """Whether code is a function of importlib's."""
    return is_library_code(code) and "importlib" in code.co_filename and code.co_name != "<module>"

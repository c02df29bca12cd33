"""Handlers for the frames of importlib's own functions."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

    from grader.xray.recorder.channel import MODULES, borrow_module, system, thread
    from grader.xray.recorder.frame_watch import Watch
    from grader.xray.recorder.lazy_names import note_use
    from grader.xray.recorder.node_writer import (
        begin_node,
        current_node,
        emit_if_new,
        emit_line,
        end_node,
        microseconds,
        state,
    )
    from grader.xray.recorder.objects import (
        class_label,
        exact_text,
        import_caller,
        path_entries,
        spec_fields,
        sys_modules_state,
    )

_bootstrap, _external = MODULES["_frozen_importlib"], MODULES["_frozen_importlib_external"]
_zipimport = MODULES.get("zipimport")
_imp = borrow_module("_imp")
_ENDS = ("/__init__.py", *_imp.extension_suffixes(), ".py")
"""What follows a module's name in the names of its files, in the order in which a folder is looked through."""
_MAX_ENTRIES, _MAX_RIVALS = 60, 8
_KIND, _FOLDER = 0o170000, 0o040000
"""Of the bits of a mode; see inode(7)."""


def on_load(frame: "FrameType") -> Watch:
    """`_find_and_load`: a module is wanted that an import did not find at once."""
    name = frame.f_locals["name"]
    standing = sys_modules_state(name) if type(name) is str else "absent"
    node = begin_node("load", name, standing, *import_caller(frame))
    note_use(node, frame, name)
    return Watch(node)


def on_search(frame: "FrameType") -> Watch:
    """`_find_spec`: the finders on `sys.meta_path` are asked, one after the other."""
    name, path = frame.f_locals["name"], frame.f_locals["path"]
    if type(sys.meta_path) is list:
        emit_if_new("meta_path", [class_label(each) for each in sys.meta_path])
    if path is None and type(sys.path) is list:
        emit_if_new("sys_path", [exact_text(each) for each in sys.path])
    return Watch(begin_node("search", name, None if path is None else _texts(path), *import_caller(frame)), emit_spec)


def _texts(places: object) -> "list[str | None]":
    known = path_entries(places)
    return [exact_text(each) for each in known] if known is not None else []


def emit_spec(frame: "FrameType", spec: "Any", watch: Watch) -> None:
    """What came of a search."""
    if spec is None:
        return
    fields = spec_fields(spec)
    places = fields.get("submodule_search_locations")
    loader = fields.get("loader")
    what = (exact_text(fields.get("origin")), None if places is None else _texts(places))
    emit_line(
        "spec",
        watch.node,
        class_label(frame.f_locals.get("finder")),
        None if loader is None else class_label(loader),
        *what,
    )
    if loader is not None and (rivals := _rivals(frame, what[0])):
        emit_line("rivals", watch.node, rivals)


def _rivals(frame: "FrameType", origin: "str | None") -> "list[str]":
    """Other files of that name on the path: had the winner not been there, the first would have won."""
    name, path = exact_text(frame.f_locals["name"]), frame.f_locals["path"]
    entries = _texts(sys.path if path is None else path)
    if name is None:
        return []
    found = []
    for entry in dict.fromkeys(entries[:_MAX_ENTRIES]):
        start = f"{entry}/" if entry else ""
        files = (f"{start}{name.rpartition('.')[2]}{end}" for end in _ENDS)
        first = next((each for each in files if _kind_of_file(each) == "file"), None)
        if first is not None and not (origin or "").endswith(first):
            found.append(first)
    return found[:_MAX_RIVALS]


def on_finder(frame: "FrameType") -> Watch:
    """A finder's `find_spec`."""
    inner = frame.f_locals
    asked = inner.get("cls", inner.get("self"))
    return Watch(
        begin_node("finder", class_label(asked), exact_text(inner.get("fullname")), *import_caller(frame)), emit_answer
    )


def emit_answer(_frame: "FrameType", spec: "Any", watch: Watch) -> None:
    """What a finder said."""
    emit_line("answer", watch.node, _answer_kind(spec), None, None, None)


def _answer_kind(spec: object) -> str:
    fields = spec_fields(spec)
    if spec is None:
        return "no"
    if not fields or fields.get("submodule_search_locations") is None:
        return "module"
    return "package" if fields.get("loader") is not None else "portion"


def on_path_entry(frame: "FrameType") -> Watch:
    """`PathFinder._path_importer_cache`: which finder looks into an entry of the path?"""
    entry, known = frame.f_locals["path"], sys.path_importer_cache
    cached = type(entry) is str and type(known) is dict and entry in known

    def nobody(_frame: "FrameType", value: "Any", _watch: Watch) -> None:
        if value is None:
            node = begin_node("entry", exact_text(entry), None, None)
            emit_line("answer", node, "no", "kept" if cached else "read", _kind_of_file(entry), None)
            end_node(node)

    return Watch(None, nobody)


def _kind_of_file(path: object) -> str:
    """What is at a path now: `missing`, `folder` or `file`."""
    try:
        mode = system.stat(path)[0]
    except (OSError, ValueError, TypeError):
        return "missing"
    return "folder" if mode & _KIND == _FOLDER else "file"


def on_folder(frame: "FrameType") -> Watch:
    """`FileFinder.find_spec`: a folder is looked into."""
    state.listing_read[thread.get_ident()] = False
    own = frame.f_locals["self"]
    folder, entry = exact_text(object.__getattribute__(own, "__dict__").get("path")), _asked_entry(frame)
    return Watch(begin_node("entry", folder if entry is None else entry, class_label(own), folder), emit_folder_answer)


def on_archive(frame: "FrameType") -> Watch:
    """`zipimporter.find_spec`: an archive is looked into."""
    own = frame.f_locals["self"]
    inner = object.__getattribute__(own, "__dict__")
    where, entry = f"{exact_text(inner.get('archive'))}/{exact_text(inner.get('prefix'))}", _asked_entry(frame)
    return Watch(begin_node("entry", where if entry is None else entry, class_label(own), where), emit_answer)


def _asked_entry(frame: "FrameType") -> "str | None":
    """The entry of the path for which `PathFinder` asks; None if somebody else does."""
    back = frame.f_back
    return exact_text(back.f_locals.get("entry")) if back is not None and id(back.f_code) == ASKS_ENTRIES else None


def emit_folder_answer(frame: "FrameType", spec: "Any", watch: Watch) -> None:
    """What a folder held, by its listing that was read now or kept since an earlier search."""
    inner = frame.f_locals
    kind, listing = _answer_kind(spec), "read" if state.listing_read.get(thread.get_ident()) else "kept"
    aside = exact_text(inner.get("base_path")) if inner.get("is_namespace") and kind != "portion" else None
    stale = None
    if kind == "no" and listing == "kept" and watch.trouble is None:
        path = (
            f"{exact_text(object.__getattribute__(inner['self'], '__dict__').get('path'))}/{inner.get('tail_module')}"
        )
        stale = next((each for each in (path + ".py", path + "/__init__.py") if _kind_of_file(each) == "file"), None)
    emit_line("answer", watch.node, kind, listing, aside, stale)


def on_listing_read(_frame: "FrameType") -> None:
    """`FileFinder._fill_cache`: a folder's listing is read."""
    state.listing_read[thread.get_ident()] = True


def on_bytecode(_frame: "FrameType") -> Watch:
    """`get_code` of the loaders that compile, or take what was compiled."""
    began = microseconds()

    def done(frame: "FrameType", code: "Any", watch: Watch) -> None:
        inner, says = frame.f_locals, watch.handled or watch.trouble
        source, cache = exact_text(inner.get("source_path")), exact_text(inner.get("bytecode_path"))
        if code is not None and "code_object" not in inner:
            kind = "used" if source else "alone"
        else:
            kind = "stale" if "exc_details" in inner else "none"  # it was read, and then found not to fit
        why = says[1] if says is not None and kind == "stale" and says[0] in ("ImportError", "EOFError") else None
        emit_line(
            "code", current_node(), kind, source or exact_text(inner.get("path")), cache, why, microseconds() - began
        )

    return Watch(None, done)


def on_run(frame: "FrameType") -> Watch:
    """`_load_unlocked`, or `_exec` for a reload: a loader makes the module and runs its code."""
    fields = spec_fields(frame.f_locals["spec"])
    loader = fields.get("loader")
    again = "module" in frame.f_locals and frame.f_code.co_name == "_exec"
    return Watch(
        begin_node("run", exact_text(fields.get("name")), None if loader is None else class_label(loader), again)
    )


def _handlers() -> "list[tuple[CodeType, Callable[[FrameType], Watch | None]]]":
    """The functions of importlib that are looked at, and what looks at each."""
    finders, external = (_bootstrap.BuiltinImporter, _bootstrap.FrozenImporter), _external
    looked_at: dict[Any, Any] = {
        _bootstrap._find_and_load: on_load,
        _bootstrap._find_spec: on_search,
        _bootstrap._load_unlocked: on_run,
        _bootstrap._exec: on_run,
        external.PathFinder.find_spec: on_finder,
        external.PathFinder._path_importer_cache: on_path_entry,
        external.FileFinder.find_spec: on_folder,
        external.FileFinder._fill_cache: on_listing_read,
        external.SourceLoader.get_code: on_bytecode,
        external.SourcelessFileLoader.get_code: on_bytecode,
    } | {each.find_spec: on_finder for each in finders}
    if _zipimport is not None:
        looked_at[_zipimport.zipimporter.find_spec] = on_archive
    return [(each.__code__, begins) for each, begins in looked_at.items()]


HANDLERS = _handlers()
ASKS_FINDERS, ASKS_ENTRIES = id(_bootstrap._find_spec.__code__), id(_external.PathFinder._get_spec.__code__)
CALLS_MODULE_CODE = id(_bootstrap._call_with_frames_removed.__code__)

"""What is read in the frames of importlib's own functions."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

    from grader.xray.recorder.channel import MODULES, system, thread
    from grader.xray.recorder.nodes import begin, emit, emit_if_new, end, inside, now, state
    from grader.xray.recorder.objects import as_known, caller, fields_of, label, plain, standing
    from grader.xray.recorder.watches import Watch

_bootstrap, _external = MODULES["_frozen_importlib"], MODULES["_frozen_importlib_external"]
_zipimport = MODULES.get("zipimport")
_KIND, _FOLDER = 0o170000, 0o040000
"""Of the bits of a mode; see inode(7)."""


def load(frame: "FrameType") -> Watch:
    """`_find_and_load`: a module is wanted that an import did not find at once."""
    name = frame.f_locals["name"]
    return Watch(begin("load", name, standing(name) if type(name) is str else "absent", *caller(frame)))


def search(frame: "FrameType") -> Watch:
    """`_find_spec`: the finders on `sys.meta_path` are asked, one after the other."""
    name, path = frame.f_locals["name"], frame.f_locals["path"]
    if type(sys.meta_path) is list:
        emit_if_new("meta_path", [label(each) for each in sys.meta_path])
    if path is None and type(sys.path) is list:
        emit_if_new("sys_path", [plain(each) for each in sys.path])
    return Watch(begin("search", name, None if path is None else _texts(path), *caller(frame)), found)


def _texts(places: object) -> "list[str | None]":
    known = as_known(places)
    return [plain(each) for each in known] if known is not None else []


def found(frame: "FrameType", spec: "Any", watch: Watch) -> None:
    """What came of a search."""
    if spec is None:
        return
    fields = fields_of(spec)
    places = fields.get("submodule_search_locations")
    loader = fields.get("loader")
    what = (plain(fields.get("origin")), None if places is None else _texts(places))
    emit("spec", watch.node, label(frame.f_locals.get("finder")), None if loader is None else label(loader), *what)


def finder(frame: "FrameType") -> Watch:
    """A finder's `find_spec`."""
    inner = frame.f_locals
    asked = inner.get("cls", inner.get("self"))
    return Watch(begin("finder", label(asked), plain(inner.get("fullname")), *caller(frame)), answered)


def answered(_frame: "FrameType", spec: "Any", watch: Watch) -> None:
    """What a finder said."""
    emit("answer", watch.node, _kind(spec), None, None, None)


def _kind(spec: object) -> str:
    fields = fields_of(spec)
    if spec is None:
        return "no"
    if not fields or fields.get("submodule_search_locations") is None:
        return "module"
    return "package" if fields.get("loader") is not None else "portion"


def place(frame: "FrameType") -> Watch:
    """`PathFinder._path_importer_cache`: which finder looks into an entry of the path?"""
    entry, known = frame.f_locals["path"], sys.path_importer_cache
    cached = type(entry) is str and type(known) is dict and entry in known

    def nobody(_frame: "FrameType", value: "Any", _watch: Watch) -> None:
        if value is None:
            node = begin("entry", plain(entry), None, None)
            emit("answer", node, "no", "kept" if cached else "read", _there(entry), None)
            end(node)

    return Watch(None, nobody)


def _there(path: object) -> str:
    """What is at a path now: `missing`, `folder` or `file`."""
    try:
        mode = system.stat(path)[0]
    except (OSError, ValueError, TypeError):
        return "missing"
    return "folder" if mode & _KIND == _FOLDER else "file"


def look(frame: "FrameType") -> Watch:
    """`FileFinder.find_spec`: a folder is looked into."""
    state.filled[thread.get_ident()] = False
    own = frame.f_locals["self"]
    folder, entry = plain(object.__getattribute__(own, "__dict__").get("path")), _entry_before(frame)
    return Watch(begin("entry", folder if entry is None else entry, label(own), folder), looked)


def look_into_archive(frame: "FrameType") -> Watch:
    """`zipimporter.find_spec`: an archive is looked into."""
    own = frame.f_locals["self"]
    inner = object.__getattribute__(own, "__dict__")
    where, entry = f"{plain(inner.get('archive'))}/{plain(inner.get('prefix'))}", _entry_before(frame)
    return Watch(begin("entry", where if entry is None else entry, label(own), where), answered)


def _entry_before(frame: "FrameType") -> "str | None":
    """The entry of the path for which `PathFinder` asks; None if somebody else does."""
    back = frame.f_back
    return plain(back.f_locals.get("entry")) if back is not None and id(back.f_code) == ASKS_ENTRIES else None


def looked(frame: "FrameType", spec: "Any", watch: Watch) -> None:
    """What a folder held, by its listing that was read now or kept since an earlier search."""
    inner = frame.f_locals
    kind, listing = _kind(spec), "read" if state.filled.get(thread.get_ident()) else "kept"
    aside = plain(inner.get("base_path")) if inner.get("is_namespace") and kind != "portion" else None
    stale = None
    if kind == "no" and listing == "kept" and watch.trouble is None:
        path = f"{plain(object.__getattribute__(inner['self'], '__dict__').get('path'))}/{inner.get('tail_module')}"
        stale = next((each for each in (path + ".py", path + "/__init__.py") if _there(each) == "file"), None)
    emit("answer", watch.node, kind, listing, aside, stale)


def filled(_frame: "FrameType") -> None:
    """`FileFinder._fill_cache`: a folder's listing is read."""
    state.filled[thread.get_ident()] = True


def bytecode(_frame: "FrameType") -> Watch:
    """`get_code` of the loaders that compile, or take what was compiled."""
    began = now()

    def done(frame: "FrameType", code: "Any", watch: Watch) -> None:
        inner, says = frame.f_locals, watch.handled or watch.trouble
        source, cache = plain(inner.get("source_path")), plain(inner.get("bytecode_path"))
        if code is not None and "code_object" not in inner:
            kind = "used" if source else "alone"
        else:
            kind = "stale" if "exc_details" in inner else "none"  # it was read, and then found not to fit
        why = says[1] if says is not None and kind == "stale" and says[0] in ("ImportError", "EOFError") else None
        emit("code", inside(), kind, source or plain(inner.get("path")), cache, why, now() - began)

    return Watch(None, done)


def run(frame: "FrameType") -> Watch:
    """`_load_unlocked`, or `_exec` for a reload: a loader makes the module and runs its code."""
    fields = fields_of(frame.f_locals["spec"])
    loader = fields.get("loader")
    again = "module" in frame.f_locals and frame.f_code.co_name == "_exec"
    return Watch(begin("run", plain(fields.get("name")), None if loader is None else label(loader), again))


def _handlers() -> "list[tuple[CodeType, Callable[[FrameType], Watch | None]]]":
    """The functions of importlib that are looked at, and what looks at each."""
    finders, external = (_bootstrap.BuiltinImporter, _bootstrap.FrozenImporter), _external
    looked_at: dict[Any, Any] = {
        _bootstrap._find_and_load: load,
        _bootstrap._find_spec: search,
        _bootstrap._load_unlocked: run,
        _bootstrap._exec: run,
        external.PathFinder.find_spec: finder,
        external.PathFinder._path_importer_cache: place,
        external.FileFinder.find_spec: look,
        external.FileFinder._fill_cache: filled,
        external.SourceLoader.get_code: bytecode,
        external.SourcelessFileLoader.get_code: bytecode,
    } | {each.find_spec: finder for each in finders}
    if _zipimport is not None:
        looked_at[_zipimport.zipimporter.find_spec] = look_into_archive
    return [(each.__code__, begins) for each, begins in looked_at.items()]


HANDLERS = _handlers()
ASKS_FINDERS, ASKS_ENTRIES = id(_bootstrap._find_spec.__code__), id(_external.PathFinder._get_spec.__code__)
CALLS_BODIES = id(_bootstrap._call_with_frames_removed.__code__)

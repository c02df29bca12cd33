"""What may lie beside an answer: files and folders of odd names and kinds, leftovers of tools, damaged metadata."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

Addition = Callable[[Path], None]
"""Adds something to a folder."""

_MODULE = "depth = 7.5\n"
_GARBAGE = bytes(range(256)) * 4
_LONGEST = 255
"""Bytes that a name may have on most systems."""
_DEEP = 30


def _file(name: str, content: str | bytes = _MODULE) -> Addition:
    def add(folder: Path) -> None:
        path = folder / name
        _make_room(path)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    return add


def _folder(name: str) -> Addition:
    def add(folder: Path) -> None:
        _make_room(folder / name)
        (folder / name).mkdir()

    return add


def _make_room(path: Path) -> None:
    """Remove what stands there, and a file where its folder has to be."""
    for each in (path.parent, path):
        if each.is_file():
            each.unlink()
    if path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)


def _all(*additions: Addition) -> Addition:
    def add(folder: Path) -> None:
        for addition in additions:
            addition(folder)

    return add


def _beside_each(suffix: str, content: bytes) -> Addition:
    """A file beside each module, of the module's name but for its suffix."""

    def add(folder: Path) -> None:
        for path in [*folder.glob("*.py")] or [folder / "x.py"]:
            path.with_suffix(suffix).write_bytes(content)

    return add


def _in_capitals(folder: Path) -> None:
    contents = {path.name.swapcase(): path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for name, content in (contents or {"X.PY": b""}).items():
        if not (folder / name).exists():
            (folder / name).write_bytes(content)


def _nested(name: str, folder: Path) -> None:
    """Folders in each other. They are made one by one, since the whole path may be longer than systems take."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(_DEEP):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def _link(target: str) -> Addition:
    return lambda folder: (folder / "link.py").symlink_to(target)


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.py")


def _not_utf_8(folder: Path) -> None:
    os.close(os.open(os.fsencode(folder) + b"/tide\xff.py", os.O_CREAT | os.O_WRONLY))


_METADATA = b"Metadata-Version: 99\nName: \xff\nVersion: 1..x\nRequires-Dist: x; os_name ~= 'posix'\n"
_ENTRY_POINTS = b"[console_scripts]\n9 lives = no such:thing\n[console_scripts]\n= \n[merrow_horn.sounds]\n\xff = 7\n"

NAMES: tuple[str, ...] = (
    "two words.py", "new\nline.py", "tab\t.py", "e\u0301tude.py", "潮汐.py", "-x.py", "--help", "con.py", "AUX",
    f"{'n' * (_LONGEST - 3)}.py", ".hidden.py", ".env", "x.py ", "back\\slash.py", "co:lon.py", "quo'te\".py",
    "$(x).py", "%n%s.py", "\x1b[2J.py", "evil\u202eyp.txt", "*.py", "class.py", "0.py", "a.b.c.py", "~", "#x.py",
)  # fmt: skip
"""Names that a file may have."""

ADDED: Mapping[str, Addition] = {
    **{f"a file {name[:40]!r} added": _file(name) for name in NAMES},
    **{f"a folder {name[:40]!r} added": _folder(name) for name in NAMES[:: len(NAMES) // 6]},
    "a folder x.py added": _folder("x.py"),
    "a folder __init__.py added": _folder("__init__.py"),
    "a garbage __init__.py added": _file("__init__.py", _GARBAGE),
    "a folder __main__.py added": _folder("__main__.py/x"),
    "each file added once more, capitals for small letters": _in_capitals,
    "garbage .pyc files added beside modules": _beside_each(".pyc", _GARBAGE),
    "garbage .so files added beside modules": _beside_each(".cpython-311-x86_64-linux-gnu.so", _GARBAGE),
    "a garbage __pycache__ added": _file("__pycache__/x.cpython-311.pyc", _GARBAGE),
    "a file __pycache__ added": _file("__pycache__", _GARBAGE),
    "files build and dist added": _all(_file("build"), _file("dist")),
    "a folder build added": _file("build/lib/old.py"),
    "a pyvenv.cfg added": _file("pyvenv.cfg", "home = /nowhere\n"),
    "a .pth file added": _file("x.pth", "import no_such_module\n\0\n"),
    "a sitecustomize.py added": _file("sitecustomize.py", "raise SystemExit(7)\n"),
    "standard modules shadowed": _all(
        *(_file(f"{name}.py", "raise SystemExit(7)\n") for name in ("os", "json", "enum", "setuptools"))
    ),
    "a conftest.py and a pytest.ini added": _all(
        _file("conftest.py", "raise SystemExit\n"), _file("pytest.ini", "[pytest]\naddopts = --no-such\n")
    ),
    "damaged metadata added in a .dist-info": _all(
        _file("x-1.dist-info/METADATA", _METADATA),
        _file("x-1.dist-info/entry_points.txt", _ENTRY_POINTS),
        _file("x-1.dist-info/RECORD", _GARBAGE),
    ),
    "damaged metadata added in an .egg-info": _file("x.egg-info/PKG-INFO", _METADATA),
    "a file x.egg-info added": _file("x.egg-info", _METADATA),
    "a file x.dist-info added": _file("x-1.dist-info", _METADATA),
    "hundreds of files added": _all(*(_file(f"tide_{number}.py") for number in range(400))),
    "folders added, 30 deep": functools.partial(_nested, "deep"),
}
"""What is added to a folder, by its description."""

REFUSABLE: Mapping[str, Addition] = {
    "a link to a file added": _link("nowhere.py"),
    "a link to its own folder added": _link("."),
    "folders added, 30 deep, whose path is longer than a system takes": functools.partial(_nested, "d" * 200),
    "folders added, 30 deep, whose path is almost as long as a system takes": functools.partial(_nested, "d" * 132),
    **({"a named pipe added": _pipe} if hasattr(os, "mkfifo") else {}),
    **({"a name added that isn't UTF-8": _not_utf_8} if os.name == "posix" else {}),
}
"""The same for what need not be taken in."""

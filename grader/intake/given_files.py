"""The files that an exercise gives: put back over the learner's, and the ones that Python finds."""

from __future__ import annotations

import importlib.machinery
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# An extension module of any Python: under all of them, a project is to earn the same.
_COMPILED = r"\.([A-Za-z0-9_-]+\.)?" + ("pyd" if os.name == "nt" else "so")
_PACKAGE = re.compile("__init__(" + "|".join([*map(re.escape, importlib.machinery.all_suffixes()), _COMPILED]) + ")")
"""What makes a package of its folder."""
_NAMED = 2
"""Hiding files of one module that are named; there may be hundreds."""
_EDITED_NAMED = 3
"""Edited files that are named in one sentence."""


def edited(files: tuple[str, ...], source: Path, target: Path) -> tuple[str, ...]:
    """The given files that somebody has changed in a copy of a project, before they are put back.

    Line ends are no change: systems and editors rewrite them. Neither is a file that is missing.

    Args:
        files: the given files, as POSIX paths.
        source: where they are as they were given.
        target: the copy.
    """
    return tuple(name for name in files if (target / name).is_file() and _differs(source / name, target / name))


def _differs(given: Path, own: Path) -> bool:
    size = given.stat().st_size
    if own.stat().st_size > 2 * size + 2:  # every byte a line end, each of them doubled, and one more at the end
        return True
    return _lines(given.read_bytes()) != _lines(own.read_bytes())


def _lines(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")


def said_of_edited(names: tuple[str, ...]) -> str:
    """What to say of edited given files, as a sentence; empty if there are none.

    Args:
        names: the files.
    """
    if not names:
        return ""
    if len(names) > _EDITED_NAMED:
        names = (*names[: _EDITED_NAMED - 1], f"{len(names) - _EDITED_NAMED + 1} more files")
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"Your changes to {listed} don't count: grading uses the original{'s' * (len(names) > 1)}."


def lay_over(files: tuple[str, ...], source: Path, target: Path) -> tuple[str, ...]:
    """Put the given files into a copy of a project, whatever stands there, and remove what hides them.

    Two things hide a given `tides.py` from `import tides`, since Python looks for them first in that folder: a package
    `tides` (a folder with an `__init__` of any kind), and an extension module `tides`. What lies in other folders is
    the exercise's own matter, since checks decide what is on the path, and caches are never taken in.

    Args:
        files: the given files, as POSIX paths.
        source: where they are as they were given. What hides one of them here is meant, and stays.
        target: the copy.

    Returns:
        A sentence for each given file that was hidden.
    """
    for name in files:
        path = target / name
        for parent in reversed(path.relative_to(target).parents):
            _make_folder(target / parent)
        if path.is_dir():
            shutil.rmtree(path)
        shutil.copyfile(source / name, path)
    return tuple(said for name in files for said in _uncover(PurePosixPath(name), source, target))


def _make_folder(path: Path) -> None:
    if not path.is_dir():
        path.unlink(missing_ok=True)
        path.mkdir()


def _uncover(given: PurePosixPath, source: Path, target: Path) -> Iterator[str]:
    hiding = [name for name in sorted(_hiding(given, target)) if not (source / name).exists()]
    if not hiding:
        return
    for name in hiding:
        (target / name).unlink()
    packages = any(name.parent != given.parent for name in hiding)
    modules = any(name.parent == given.parent for name in hiding)
    first = " and ".join(["packages"] * packages + ["compiled modules"] * modules)
    them = "it" if len(hiding) == 1 else "them"
    names = [*map(str, hiding[:_NAMED]), *([f"{len(hiding) - _NAMED} more"] if len(hiding) > _NAMED else [])]
    yield (
        f"{' and '.join(names)} would hide the given {given}, since Python finds {first} before a source file of the"
        f" same name. Grading leaves {them} out: rename or remove {them}."
    )


def _hiding(given: PurePosixPath, project: Path) -> Iterator[PurePosixPath]:
    """What Python's `FileFinder` finds before a module that is given as a source file."""
    if given.suffix != ".py":
        return
    compiled = re.compile(re.escape(given.stem) + _COMPILED)
    yield from _files(given.parent, compiled, project)
    if given.stem != "__init__":  # a package comes before whatever else has its name
        yield from _files(given.with_suffix(""), _PACKAGE, project)


def _files(folder: PurePosixPath, named: re.Pattern[str], project: Path) -> Iterator[PurePosixPath]:
    if not (project / folder).is_dir():
        return
    with os.scandir(project / folder) as entries:
        yield from (folder / entry.name for entry in entries if named.fullmatch(entry.name) and entry.is_file())

"""A file was run directly, and the system couldn't start it: its first line doesn't name a program that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grader.display import visible
from grader.explaining.causes import links
from grader.explaining.causes.scenes import ProjectFiles, Scene
from grader.model import Cause

_BOM = b"\xef\xbb\xbf"
_ENV = re.compile(r"env: [\u2018'`]([^\u2019'`\n]{1,80})[\u2019']: No such file or directory")
_NO_PROGRAM = re.compile(
    r"^[\w/.-]*sh: (?:line )?(?:\d+: )?([^:\n]{1,200}/[^:\n]{1,200}): not found$"
    r"|^(?:[\w/.-]+: )?(?:line \d+: )?([^:\n]{1,200}): (?:[^:\n]{1,80}: bad interpreter|cannot execute: required file)",
    re.MULTILINE,
)
_NO_FORMAT = re.compile(
    r"^(?:[\w/.-]+: )?(?:line \d+: )?([^:\n]{1,200}): (?:cannot execute binary file|Exec format error)", re.MULTILINE
)
_FAILED = re.compile(r"\[Errno (2|8)\] (?:No such file or directory|Exec format error): (['\"])(.+?)\2")
_STARTS = ("_execute_child", "_posix_spawn", "posix_spawn", "execv", "execve")
"""Functions of the standard library that start a program."""
_WHY = "The system reads the first line to know which program runs the file: `#!`, the program's path, and a newline."


def complaints(text: str, files: ProjectFiles) -> Iterator[Cause]:
    """What a shell or `env` says that couldn't start a file.

    Args:
        text: on stderr.
        files: of the project.
    """
    if found := _ENV.search(text):
        asked = found[1].removesuffix("\\r").removesuffix("\r")
        ends = asked != found[1]
        name = next((each for each in files.names if _asks_env_for(files.first_line(each), asked, ends=ends)), "")
        where = name or "the file that was run"
        if ends:  # nobody types that, so it is of a first line even where the file isn't known
            yield _cause(f"The first line of {where} ends with a carriage return.", _shown(files, name), _mended(name))
        elif name:
            yield _cause(f"The first line of {where} asks for `{visible(asked)}`, and there is no such program.")
    elif (found := _NO_PROGRAM.search(text)) and (name := files.of(found[1] or found[2])):
        yield from _no_program(files, name)
    elif (found := _NO_FORMAT.search(text)) and (name := files.of(found[1])):
        yield from _no_format(files, name)


def causes(scene: Scene) -> Iterator[Cause]:
    """The same where a Python program starts the file."""
    if scene.raised.kind not in ("OSError", "FileNotFoundError"):
        return
    found = _FAILED.search(scene.raised.says)
    if found and any(frame.function in _STARTS for frame in scene.raised.frames) and (name := scene.files.of(found[3])):
        yield from (_no_program if found[1] == "2" else _no_format)(scene.files, name)


def _no_format(files: ProjectFiles, name: str) -> Iterator[Cause]:
    """The file is there, and doesn't begin as a script must."""
    first = files.first_line(name)
    if first.startswith(_BOM):
        says = f"{name} begins with a byte order mark, three bytes before its `#!`."
        yield _cause(says, "", "Save it as UTF-8 without a byte order mark.")
    elif not first.startswith(b"#!"):
        space = first.lstrip().startswith(b"#!")
        says = f"{name} has a space before its `#!`." if space else f"The first line of {name} doesn't begin with `#!`."
        yield _cause(says, _shown(files, name), "#!/usr/bin/env python3    # belongs into its first line")


def _no_program(files: ProjectFiles, name: str) -> Iterator[Cause]:
    """The program that its first line names isn't there; if it is, the file was looked for elsewhere."""
    first = files.first_line(name)
    program = first[2:].split()[:1] if first.startswith(b"#!") else []
    if first.endswith(b"\r") and program:
        yield _cause(f"The first line of {name} ends with a carriage return.", _shown(files, name), _mended(name))
    elif program and not Path(named := program[0].decode("utf-8", "replace")).exists():
        says = f"The first line of {name} names {visible(named)}, and there is no such program."
        yield _cause(says, _shown(files, name))


def _asks_env_for(first: bytes, program: str, *, ends: bool) -> bool:
    words = first.split()
    is_it = first.startswith(b"#!") and len(words) > 1 and words[-1].decode("utf-8", "replace") == program
    return is_it and first.endswith(b"\r") is ends


def _shown(files: ProjectFiles, name: str) -> str:
    return visible(files.first_line(name).decode("utf-8", "replace")) if name else ""


def _mended(name: str) -> str:
    return f"sed -i 's/\\r$//' {name}    # or save it with Unix line ends" if name else ""


def _cause(says: str, shows: str = "", try_it: str = "") -> Cause:
    return Cause("shebang_line", says, shows, _WHY, try_it, links.SHEBANG)

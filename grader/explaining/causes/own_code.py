"""The program's own code stopped it: it asked for input, called a debugger, or raised something in an import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from grader.explaining.causes import installed, links
from grader.explaining.causes.scenes import ProjectFiles, Scene, exceptions_in
from grader.model import Cause

_NO_SUCH_FILE = re.compile(r"\[Errno 2\] No such file or directory: (['\"])(.+?)\1")
_PROMPT = re.compile(r"^> (.+?)\((\d+)\).*\n(?:.*\n)*?\(Pdb\)", re.MULTILINE)
_QUIT = re.compile(r"bdb\.BdbQuit|bdb\.py(?:.*\n)*RuntimeError: sys\.settrace is not for")
"""How it ends without commands; in a probe no debugger can begin."""
_STOPS = re.compile(r"\b(breakpoint|set_trace)\(")
_OF_IMPORT = ("ImportError", "ModuleNotFoundError", "SyntaxError", "IndentationError", "TabError")


def causes(scene: Scene) -> Iterator[Cause]:
    """What the program's own code did."""
    kind = scene.raised.kind
    if kind == "EOFError" and "reading a line" in scene.raised.says and scene.way:
        says = f"{scene.place} waits for somebody to type, and in grading nobody does."
        why = (
            "Standard input is empty there, so `input()` raises EOFError. The contract says what the program is given."
        )
        yield Cause("waits_for_input", says, scene.shown_line, why, link=links.INPUT)
    elif kind == "FileNotFoundError" and (found := _NO_SUCH_FILE.search(scene.raised.says)):
        yield from _file_not_found(scene, found[2])
    elif kind not in _OF_IMPORT and scene.way:
        yield from _raised_while_imported(scene)


def in_debugger(stdout: str, stderr: str, files: ProjectFiles) -> Iterator[Cause]:
    """Whether a program stopped in pdb, which asks for commands on stdout.

    Args:
        stdout: what it printed, as it is shown.
        stderr: the same for stderr.
        files: of the project.
    """
    asked = _PROMPT.search(stdout)
    if asked is None and _QUIT.search(stderr) is None:
        return
    name, line = (files.of(asked[1]), int(asked[2])) if asked is not None else _called_in(stderr, files)
    line = _breakpoint(files, name, line) if name else 0
    says = f"The program stopped in the debugger{f' at {name}, line {line}' if name else ''}."
    why = "In grading nobody is there to continue it, so it ended."
    try_it = "Take out each `breakpoint()` and `set_trace()` before you grade."
    yield Cause("stops_in_debugger", says, files.line(name, line) if name else "", why, try_it, links.BREAKPOINT)


def _called_in(stderr: str, files: ProjectFiles) -> tuple[str, int]:
    """The last line of the project in a traceback."""
    frames = [frame for raised in exceptions_in(stderr)[:1] for frame in raised.frames if files.of(frame.file)]
    return (files.of(frames[-1].file), frames[-1].line) if frames else ("", 0)


def _breakpoint(files: ProjectFiles, name: str, line: int) -> int:
    """The line of the breakpoint; before Python 3.13 the debugger shows the one after it."""
    return next((each for each in (line, line - 1) if _STOPS.search(files.line(name, each))), line)


def _file_not_found(scene: Scene, path: str) -> Iterator[Cause]:
    relative = path.removeprefix("./")
    there = scene.files.named(relative) or scene.files.named(PurePosixPath(path).name)
    if not there or not scene.way:
        return
    if not path.startswith(("/", "$")):
        says = f"{scene.place} opens {path!r}, which means a file in the working directory; yours is {there[0]}."
        why = (
            f"The program ran in {scene.cwd or 'another folder'}. A relative path begins there, not beside the source."
        )
        yield Cause(
            "relative_file", says, scene.shown_line, why, 'python -c "import os; print(os.getcwd())"', links.OPEN
        )
    elif "site-packages" in path:
        says = f"{scene.place} opens {PurePosixPath(path).name}, which was not installed with it: yours is {there[0]}."
        why = "A wheel holds a package's modules, and of its other files only those that the project's settings name."
        why = installed.why_not_shipped(scene.files, there[0]) or why
        try_it = "python -m pip wheel --no-deps . && python -m zipfile --list *.whl"
        yield Cause("data_not_installed", says, scene.shown_line, why, try_it, links.RESOURCES)


def _raised_while_imported(scene: Scene) -> Iterator[Cause]:
    """An exception of a module's own, which came out of the import statement of another file."""
    frames = scene.raised.frames
    modules = [frame for frame in frames if frame.function == "<module>" and scene.files.of(frame.file)]
    if len(modules) < 2 or frames[-1].file == modules[0].file:  # noqa: PLR2004 - the importer and the imported
        return
    importer, imported = modules[-2], modules[-1]
    first, second = scene.files.of(importer.file), scene.files.of(imported.file)
    if first == second or "import" not in scene.files.line(first, importer.line):
        return
    says = (
        f"{second} raised {scene.raised.kind} while it was being imported by {first}, line {importer.line}: "
        f"look at {scene.place}."
    )
    why = "An import runs all of a module's code, and what that raises comes out of the import statement."
    yield Cause("raised_while_imported", says, scene.shown_line, why)

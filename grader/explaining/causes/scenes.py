"""A scene: what was raised in an execution, how that was started, and the files of the project."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name

from grader.display import visible

_TRACEBACK = re.compile(r"^[ \t]*Traceback \(most recent call last\):\n", re.MULTILINE)
_FRAME = re.compile(r'^\s+File "([^"\n]*)", line (\d+)(?:, in (.*))?$')
_RAISED = re.compile(r"^([A-Za-z_][\w.]*)(?:: (.*))?$")
_ADVICE = re.compile(r"\.? ?(?:Did you (?:mean|forget)\b|Site initialization is disabled).*")
"""What newer versions of Python add to an error; it depends on the version and on other names."""
_OPTIONS_WITH_VALUE = ("-X", "-W", "--check-hash-based-pycs")
_MOST_FILES = 2000
"""Files of a project that are looked at."""
_MOST_BYTES = 1 << 18
"""Bytes of a file that is read."""
_MOST_OF_A_LINE = 512
"""Bytes."""
_ENVIRONMENTS = (".venv", "venv", "env")
_NOT_OURS = frozenset((".git", ".venv", "venv", ".nox", ".tox", "node_modules", "__pycache__", ".mypy_cache"))


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of a traceback's way."""

    file: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception, as a traceback shows it."""

    kind: str
    """The name of its class."""
    says: str
    """Its message, the first line of it."""
    frames: tuple[Frame, ...]
    """The outermost first."""
    module: str = ""
    """The module of its class, where the traceback names it."""
    below: str = ""
    """The source line that follows the last frame, with its caret if there is one."""


@dataclass(frozen=True, slots=True)
class Start:
    """How Python was started."""

    how: str
    """`file`, `module`, `lines` (`-c`), or empty where that isn't known."""
    what: str = ""
    """The file or module."""
    isolated: bool = False
    """Whether neither the script's folder nor the current one is searched (`-I` or `-P`)."""


class VirtualEnvironment:
    """A virtual environment in a project's folder. Nothing in it is executed.

    Args:
        folder: the project's.
        name: of the environment's own folder.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        found = [*(folder / name).glob("lib/python3*/site-packages"), *(folder / name).glob("Lib/site-packages")]
        self.site_packages = found[0] if (folder / name / "pyvenv.cfg").is_file() and found else None
        """Where its packages are; None if it is no virtual environment."""
        self.python = f"{name}/Scripts/python" if found and found[0].parent.name == "Lib" else f"{name}/bin/python"

    def has(self, module: str) -> bool:
        """Whether a top-level module of that name is installed in it."""
        place = self.site_packages
        return place is not None and any((place / end).is_file() for end in (f"{module}.py", f"{module}/__init__.py"))

    def source_of(self, module: str) -> str:
        """The text of a top-level module that is installed in it; empty if there is none."""
        place = self.site_packages
        paths = () if place is None else (place / f"{module}.py", place / module / "__init__.py")
        for path in paths:
            try:
                with path.open("rb") as file:
                    return file.read(_MOST_BYTES).decode("utf-8", "replace")
            except OSError:
                continue
        return ""

    def modules_of(self, distribution: str) -> list[str]:
        """The top-level modules of a distribution that is installed in it, by what pip wrote down; none if it isn't."""
        for info in sorted(self.site_packages.glob("*.dist-info")) if self.site_packages is not None else ():
            if canonicalize_name(info.name.partition("-")[0]) == canonicalize_name(distribution):
                tops = {each.partition("/")[0].removesuffix(".py") for each in _recorded(info / "RECORD")}
                return sorted(name for name in tops if name.isidentifier() and name != "__pycache__")
        return []


def _recorded(path: Path) -> Iterator[str]:
    """The modules that a RECORD lists, as paths."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return
    yield from (name for line in text.splitlines() if (name := line.partition(",")[0]).endswith(".py"))


class ProjectFiles:
    """The files of a project, by their paths from its folder, with slashes.

    Args:
        folder: the project. Nothing in it is executed, and no link is followed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All files, sorted; of a large project the first ones, and none whose name isn't fit to be shown."""
        return tuple(sorted(self._walk(), key=lambda name: (name.count("/"), name))[:_MOST_FILES])

    def _walk(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self._folder):
            folders[:] = [name for name in folders if name not in _NOT_OURS and not name.endswith(".egg-info")]
            for name in files:
                path = Path(folder, name)
                inner = path.relative_to(self._folder).as_posix()
                if inner == visible(inner) and not path.is_symlink() and path.is_file():
                    yield inner

    def named(self, *names: str) -> list[str]:
        """The files that have one of these names, or end with one of these paths."""
        return [each for each in self.names for name in names if each == name or each.endswith(f"/{name}")]

    def text(self, name: str) -> str:
        """What a file holds; empty if it can't be read as UTF-8."""
        try:
            with (self._folder / name).open("rb") as file:
                return file.read(_MOST_BYTES).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return ""

    def first_line(self, name: str) -> bytes:
        """The beginning of a file, up to its first newline; empty if it can't be read."""
        try:
            with (self._folder / name).open("rb") as file:
                return file.readline(_MOST_OF_A_LINE).removesuffix(b"\n")
        except OSError:
            return b""

    def caches_of(self, name: str) -> list[str]:
        """Bytecode of a module of that name in folders `__pycache__`, wherever in the project."""
        folders = dict.fromkeys(["", *(str(PurePosixPath(each).parent) for each in self.names)])
        places = [self._folder / folder / "__pycache__" for folder in folders]
        found = (path for place in places if place.is_dir() for path in sorted(place.glob(f"{name}.*.pyc")))
        return [path.relative_to(self._folder).as_posix() for path in found]

    @cached_property
    def environments(self) -> tuple[VirtualEnvironment, ...]:
        """The virtual environments that lie in the project's folder."""
        made = (VirtualEnvironment(self._folder, name) for name in _ENVIRONMENTS)
        return tuple(each for each in made if each.site_packages is not None)

    def line(self, name: str, number: int) -> str:
        """One line of a file, without the space around it."""
        lines = self.text(name).splitlines()
        return visible(lines[number - 1].strip()) if 0 < number <= len(lines) else ""

    def of(self, shown: str) -> str:
        """The file of the project that a traceback means; empty if it is none.

        Args:
            shown: the path in the traceback, of the project itself, of a copy, or of what was installed from it.
        """
        parts = [part for part in shown.replace("\\", "/").split("/") if part not in ("", ".")]
        if shown.startswith(("$PYTHON", "<")):
            return ""
        for first in range(len(parts)):
            tail = "/".join(parts[first:])
            found = self.named(tail)
            if tail in found:
                return tail
            if len(found) == 1 and "/" in tail:
                return found[0]
        return ""

    def module(self, name: str) -> list[str]:
        """The files of a module or package of that dotted name, wherever in the project it lies."""
        path = name.replace(".", "/")
        return self.named(f"{path}.py", f"{path}/__init__.py")


@dataclass(frozen=True)
class Scene:
    """One exception that ended an execution, and what there is to know around it."""

    raised: Raised
    files: ProjectFiles
    start: Start = Start("")
    cwd: str = ""
    """The working directory, as it is shown."""

    @cached_property
    def at(self) -> str:
        """The project's file that raised it, or imported what did; empty if none was under way."""
        return next((name for name, _ in self.way), "")

    @cached_property
    def way(self) -> tuple[tuple[str, int], ...]:
        """Files and lines of the project, the innermost first."""
        found = ((self.files.of(frame.file), frame.line) for frame in reversed(self.raised.frames))
        return tuple((name, line) for name, line in found if name)

    @property
    def place(self) -> str:
        """Where it was raised, in the middle of a sentence: `harbour/plan.py, line 3`."""
        return f"{self.way[0][0]}, line {self.way[0][1]}" if self.way else ""

    @property
    def shown_line(self) -> str:
        """That line's text."""
        return self.files.line(*self.way[0]) if self.way else ""


def dotted(folder: PurePosixPath, names: Collection[str]) -> str:
    """The name of the package that a folder is, from the outermost package that it lies in.

    Args:
        folder: from the project's folder.
        names: the project's files.
    """
    parts = [folder.name]
    while f"{folder.parent}/__init__.py" in names:
        folder = folder.parent
        parts.insert(0, folder.name)
    return ".".join(parts)


def exceptions_in(text: str) -> list[Raised]:
    """The exceptions whose tracebacks stand in a text, the last one first."""
    found = []
    for piece in reversed(_TRACEBACK.split(text)[1:]):
        raised = _read(piece.split("\n"), _is_class)
        if raised is not None:
            found.append(raised)
    if not found and (alone := _read(text.split("\n"), _is_exception)) is not None and alone.frames:
        found.append(alone)  # an error of syntax in the file that is run has no traceback, only its place
    return found


def _read(lines: Sequence[str], is_raised: Callable[[str], bool]) -> Raised | None:
    frames: list[Frame] = []
    below: list[str] = []
    for line in lines:
        if frame := _FRAME.match(line):
            frames.append(Frame(frame[1], int(frame[2]), (frame[3] or "").strip()))
            below = []
        elif line.startswith((" ", "\t")) or not frames:
            below.append(line)
        elif (raised := _RAISED.match(line.strip())) and is_raised(raised[1]):
            module, _, kind = raised[1].rpartition(".")
            says = _ADVICE.sub("", raised[2] or "").strip()
            return Raised(kind, says, tuple(frames), module, textwrap.dedent("\n".join(below)).rstrip())
    return None


def _is_class(name: str) -> bool:
    """Whether a name may be that of an exception where nothing else can stand: below a traceback's frames."""
    return name.rpartition(".")[2][:1].isupper()


def _is_exception(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last[:1].isupper() and (last.endswith(("Error", "Exception", "Exit", "Quit", "Interrupt", "Warning")))


def start_of(argv: Sequence[str]) -> Start:
    """How a command line starts Python.

    Args:
        argv: the interpreter and what follows it.
    """
    isolated = False
    rest = iter(argv[1:])
    for word in rest:
        if word == "-m":
            return Start("module", next(rest, ""), isolated)
        if word == "-c":
            return Start("lines", "", isolated)
        if word in _OPTIONS_WITH_VALUE:
            next(rest, "")
        elif word.startswith("-"):
            isolated = isolated or "I" in word or "P" in word
        else:
            return Start("file", word, isolated)
    return Start("")

"""Which damage is tried on an exercise: a bounded number, the same every time, of all kinds and in all places."""

from __future__ import annotations

import functools
import itertools
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader import intake
from grader.authoring.damage import additions, backends, contents, packaging
from grader.catalog import Exercise

MOST = 80
"""Damaged projects of one exercise that are graded."""
_MOST_MISSING = 40
"""How many of them are the reference without one of its parts; all, mostly."""
_LEFT_OUT = shutil.ignore_patterns("__pycache__")
_PYPROJECT, _SETUP, _SETUP_CFG = "pyproject.toml", "setup.py", "setup.cfg"


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged project."""

    exercise: Exercise
    base: str
    """What was damaged: `solutions/reference` or `stub`."""
    says: str
    """What was done to it; with the base it is the same damage every time."""
    change: Callable[[Path], None] = field(repr=False, compare=False)
    """Does it, given the project's folder."""
    refusable: bool = False
    """Whether the project need not be taken in."""

    def lay_out(self, target: Path) -> Path:
        """Make the project in a new folder."""
        _lay_out(self.exercise, self.base, target)
        self.change(target)
        return target


def damage_to(exercise: Exercise, *, seed: int = 0, most: int = MOST) -> tuple[Damage, ...]:
    """Damage for an exercise: first what is missing from the reference, then of each kind in turn.

    Args:
        exercise: whose reference and stub are damaged.
        seed: another one gives another choice.
        most: how much damage.
    """
    numbers = random.Random(f"{exercise.name} {seed}")  # noqa: S311 - not a secret
    kinds: dict[str, list[Damage]] = {}
    for base in ("solutions/reference", "stub"):
        for kind, damage in _damage(exercise, base, numbers.randrange(1 << 30)):
            kinds.setdefault(f"{kind} {base}" if kind == "missing" else kind, []).append(damage)
    for several in kinds.values():
        numbers.shuffle(several)
    first = kinds["missing solutions/reference"][:_MOST_MISSING]
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*kinds.values()))
    return tuple(dict.fromkeys([*first, *filter(None, in_turn)]))[:most]


def _source(exercise: Exercise, base: str) -> Path:
    return exercise.stub if base == "stub" else exercise.reference


def _lay_out(exercise: Exercise, base: str, target: Path) -> None:
    """An answer with the given files, as learners have it."""
    source = _source(exercise, base)
    shutil.copytree(source, target, ignore=_LEFT_OUT)
    intake.lay_over(exercise.about.given, exercise.stub, target)


def _names(exercise: Exercise, base: str) -> tuple[list[str], list[str]]:
    """The files and the folders of an answer, given files included."""
    source = _source(exercise, base)
    own = [path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()]
    files = {name for name in (*own, *exercise.about.given) if "__pycache__" not in name}
    folders = {str(parent) for name in files for parent in PurePosixPath(name).parents}
    return sorted(files), sorted(folders - {"."})


def _damage(exercise: Exercise, base: str, seed: int) -> Iterator[tuple[str, Damage]]:
    """All damage to an answer, each with its kind."""
    files, folders = _names(exercise, base)
    own = [name for name in files if name not in exercise.about.given]

    def damage(says: str, change: Callable[[Path], None], *, refusable: bool = False) -> Damage:
        return Damage(exercise, base, says, change, refusable)

    for says, change in _missing(own, folders):
        yield "missing", damage(says, change)
    if base != "stub":  # of what is the same for both, once is enough
        for says, change in _missing(exercise.about.given, ()):
            yield "given", damage(says, change)
        for says, add in additions.REFUSABLE.items():
            yield "refusable", damage(says, add, refusable=True)
    for name, (kind, says, content) in itertools.product(own, _contents()):
        before = (_source(exercise, base) / name).read_bytes()
        if content(before, random.Random(0)) != before and (kind == "garbled" or name.endswith(".py")):  # noqa: S311
            yield kind, damage(f"{name} with {says}", _rewriting(name, content, seed))
    for folder in (".", *folders):
        for says, add in additions.ADDED.items():
            yield "added", damage(f"{says} in {folder}/", _below(folder, add))
    for kind, says, change in _settings(files):
        yield kind, damage(says, change)


def _contents() -> Iterator[tuple[str, str, contents.Content]]:
    for says, content in contents.GARBLED.items():
        yield "garbled", says, content
    for says, content in contents.CODE.items():
        yield "code", says, content


def _missing(files: Sequence[str], folders: Sequence[str]) -> Iterator[tuple[str, Callable[[Path], None]]]:
    for name in files:
        yield f"{name} deleted", functools.partial(_replace, name, None)
        yield f"{name} emptied", functools.partial(_replace, name, b"")
        yield f"{name} replaced by a folder", functools.partial(_replace, name, {})
        yield f"{name} replaced by a folder that holds a file", functools.partial(_replace, name, {"x.py": b"x = 1\n"})
    for name in folders:
        yield f"{name}/ deleted", functools.partial(_replace, name, None)
        yield f"{name}/ emptied", functools.partial(_replace, name, {})
        yield f"{name}/ replaced by a file", functools.partial(_replace, name, b"x = 1\n")


def _replace(name: str, what: bytes | dict[str, bytes] | None, project: Path) -> None:
    """Put a file, a folder of files or nothing in the place of what is there."""
    path = project / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    if isinstance(what, bytes):
        path.write_bytes(what)
    elif what is not None:
        path.mkdir()
        for inner, content in what.items():
            (path / inner).write_bytes(content)


def _rewriting(name: str, content: contents.Content, seed: int) -> Callable[[Path], None]:
    def change(project: Path) -> None:
        numbers = random.Random(f"{name} {seed}")  # noqa: S311 - not a secret
        path = project / name
        path.write_bytes(content(path.read_bytes(), numbers))

    return change


def _below(folder: str, add: additions.Addition) -> Callable[[Path], None]:
    return lambda project: add(project / folder)


def _settings(files: Iterable[str]) -> Iterator[tuple[str, str, Callable[[Path], None]]]:
    """Damage to the settings of whatever is built here; where nothing is, a few are added."""
    settings = [PurePosixPath(name) for name in files if name.endswith((_PYPROJECT, _SETUP, _SETUP_CFG))]
    folders = sorted({str(path.parent) for path in settings})
    if not folders:
        yield "settings", "an empty pyproject.toml added", functools.partial(_write, _PYPROJECT, b"")
        yield (
            "settings",
            "a garbage setup.cfg added",
            functools.partial(_write, _SETUP_CFG, packaging.SETUP_CFGS["garbage"]),
        )
    for folder in folders:
        for says, cfg in packaging.SETUP_CFGS.items():
            name = str(PurePosixPath(folder, _SETUP_CFG))
            yield "setup.cfg", f"{name} with {says}", functools.partial(_write, name, cfg)
        name = str(PurePosixPath(folder, _PYPROJECT))
        for table in packaging.BUILD_SYSTEMS:
            says = f"{name} with [build-system] {packaging.shown(table) or 'empty'}"
            yield "build-system", says, functools.partial(_edit, name, packaging.with_build_system, table)
        for table in packaging.PROJECTS:
            says = f"{name} with [project] {packaging.shown(table) or 'empty'}"
            yield "project", says, functools.partial(_edit, name, packaging.with_project, table)
    for folder, (says, backend) in itertools.product(folders, backends.BACKENDS.items()):
        what = f"{PurePosixPath(folder, _PYPROJECT)} with a backend that makes {says}"
        yield "backend", what, functools.partial(_own_backend, folder, backend)
    for name in (str(path) for path in settings if path.name == _SETUP):
        for arguments in packaging.SETUP_ARGUMENTS:
            content = functools.partial(_changed_arguments, arguments)
            yield "setup.py", f"{name} where setup gets {arguments}", _rewriting(name, content, 0)


def _changed_arguments(arguments: str, content: bytes, _: random.Random) -> bytes:
    return packaging.with_arguments(content, arguments)


def _own_backend(folder: str, backend: str, project: Path) -> None:
    _write(str(PurePosixPath(folder, backends.FILE)), backend.encode(), project)
    name = str(PurePosixPath(folder, _PYPROJECT))
    _edit(name, packaging.with_build_system, backends.BUILD_SYSTEM, project)


def _write(name: str, content: bytes, project: Path) -> None:
    (project / name).write_bytes(content)


def _edit(name: str, change: Callable[[str, str], str], table: str, project: Path) -> None:
    path = project / name
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.write_text(change(before, table), encoding="utf-8")

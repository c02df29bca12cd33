"""All cheats of an exercise: the stub, with a program that cheats in place of what the learner writes."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from grader.authoring.cheats import programs
from grader.authoring.cheats.knowledge import Knowledge, exercise_modules
from grader.catalog import Exercise

_SETUP, _PYPROJECT = "setup.py", "pyproject.toml"


@dataclass(frozen=True)
class Cheat:
    """One project that cheats."""

    exercise: Exercise
    kind: str
    """Which of the kinds of cheating it is."""
    says: str
    """What it does; among the cheats of an exercise there is one of that name."""
    files: Mapping[str, str] = field(repr=False)
    """What it puts into the stub, by the paths of files in the project."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what it writes, and of the stub around it."""
        whole = hashlib.sha256(repr(sorted(self.files.items())).encode())
        for path in sorted(self.exercise.stub.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                whole.update(f"{path.relative_to(self.exercise.stub).as_posix()} {path.stat().st_size} ".encode())
                whole.update(path.read_bytes())
        return whole.hexdigest()

    def lay_out(self, target: Path) -> Path:
        """Make the project in a new folder."""
        shutil.copytree(self.exercise.stub, target, ignore=shutil.ignore_patterns("__pycache__"))
        for name, content in self.files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return target


def cheats_of(exercise: Exercise, known: Knowledge) -> Iterator[Cheat]:
    """All cheats of an exercise, none of them twice.

    Args:
        exercise: which.
        known: what a cheat knows of it.
    """
    seen = set()
    for cheat in _cheats(exercise, known):
        content = frozenset(cheat.files.items())
        if content not in seen:
            seen.add(content)
            yield cheat


def _cheats(exercise: Exercise, known: Knowledge) -> Iterator[Cheat]:
    own = exercise_modules(exercise)
    whole = (
        ("ending", programs.ENDINGS.items()),
        ("printing", programs.printing(known)),
        ("replaying", programs.replaying(known)),
        ("echoing", programs.echoing()),
        ("equal", programs.equal_to_everything(known)),
        ("constant", programs.constant(known)),
        ("sys.modules", programs.stuffed(known, own)),
    )
    for kind, made in whole:
        for says, source in made:
            yield from _in_learners_files(exercise, kind, says, source)
    for says, source in programs.ENDINGS.items():
        yield Cheat(exercise, "ending", f"{says}, after the stub's lines", _added(exercise, source, at_the_end=True))
    for says, source in programs.with_builtin_replaced(known):
        yield Cheat(exercise, "builtins", says, _added(exercise, source))
    for says, source in programs.shadows(known):
        yield Cheat(exercise, "shadows", f"has modules named like ours {says}", _shadows(exercise, known, own, source))
    if {_SETUP, _PYPROJECT} & {PurePosixPath(name).name for name in exercise.about.learner}:
        yield from _builds(exercise, known)


def _learners(exercise: Exercise) -> list[str]:
    """The learner's modules, also those that the stub doesn't have."""
    return [name for name in exercise.about.learner if name.endswith(".py")]


def _in_learners_files(exercise: Exercise, kind: str, says: str, source: str) -> Iterator[Cheat]:
    """The program in all of the learner's modules, and in each of them alone."""
    names = _learners(exercise)
    if names:
        yield Cheat(exercise, kind, says, dict.fromkeys(names, source))
    for name in names if len(names) > 1 else ():
        yield Cheat(exercise, kind, f"{says}, in {name}", {name: source})


def _added(exercise: Exercise, source: str, *, at_the_end: bool = False) -> dict[str, str]:
    """Lines added to the stub's modules, before all others if Python lets them stand there."""
    changed = {}
    for name in _learners(exercise):
        path = exercise.stub / name
        stub = path.read_text(encoding="utf-8") if path.is_file() else ""
        after = at_the_end or "from __future__" in stub
        changed[name] = f"{stub}\n{source}" if after else f"{source}\n{stub}"
    return changed


def _shadows(exercise: Exercise, known: Knowledge, own: Iterable[str], source: str) -> dict[str, str]:
    """Modules of the names that others import, in all folders from which Python may take them."""
    folders = {str(PurePosixPath(name).parent) for name in exercise.about.learner} | {"."}
    names = [name for name in (*known.modules, "sitecustomize", "usercustomize") if name not in own]
    return {str(PurePosixPath(folder, f"{name}.py")): source for folder in sorted(folders) for name in names}


def _builds(exercise: Exercise, known: Knowledge) -> Iterator[Cheat]:
    """Builds that print what is asked, and make nothing."""
    folders = {
        str(PurePosixPath(name).parent)
        for name in exercise.about.learner
        if PurePosixPath(name).name in {_SETUP, _PYPROJECT}
    }
    for says, source in (*programs.printing(known), *programs.replaying(known)):
        files = {str(PurePosixPath(folder, _SETUP)): source for folder in folders}
        yield Cheat(exercise, "building", f"{says}, in every setup.py", files)
    files = {}
    for folder in folders:
        files[str(PurePosixPath(folder, "answer.py"))] = programs.backend(known)
        files[str(PurePosixPath(folder, _PYPROJECT))] = programs.BACKEND_SETTINGS
    yield Cheat(exercise, "building", "brings a build backend that prints the README's examples", files)

"""Check an exercise without running anything: all its parts are there, and they agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.authoring import probe_bodies
from grader.authoring.mutants import exceptions
from grader.catalog import Exercise
from grader.errors import CatalogError
from grader.judge.checking import declarations

MIN_ALTERNATIVES = 2
MIN_MISTAKES, MIN_MISTAKES_IF_OPTIONAL = 8, 6
_FULL_POINTS = 100
_PARTS = {"README.md", "design.md", "exercise.toml", "hidden_tests", "mistakes", "stub"}
_CLAUSE = re.compile(r"^(\d+)\. ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with an exercise, and what to do about it."""

    exercise: str
    where: str
    says: str
    is_unfinished: bool = False
    """Whether only more is needed; what is there can be graded all the same."""
    is_note: bool = False
    """Whether nothing is wrong, and it is only said what can't be looked at here."""

    def __str__(self) -> str:
        return f"{self.exercise}: {self.where}: {self.says}"


def faults_of(exercise: Exercise) -> Iterator[Fault]:
    """What can be seen without running anything."""
    unreadable = [*_part_faults(exercise), *_unreadable(exercise)]
    for where, says in unreadable:
        yield Fault(exercise.name, where, says)
    if unreadable:
        return
    modules = declarations.load_all(exercise.hidden_tests)
    checks = [check for module in modules for check in module.checks]
    found = (
        *_stray_file_faults(exercise),
        *_check_faults(checks, modules),
        *_readme_faults(exercise, checks),
        *_version_faults(exercise),
        *_afterwards_faults(exercise),
        *_hint_faults(exercise, checks),
        *_mistake_faults(exercise, checks),
    )
    for where, says in found:
        yield Fault(exercise.name, where, says)
    for where, says in (*_probe_faults(modules), *_shortages(exercise)):
        yield Fault(exercise.name, where, says, is_unfinished=True)


def _unreadable(exercise: Exercise) -> Iterator[tuple[str, str]]:
    for where, read in (
        ("hidden_tests", lambda: declarations.load_all(exercise.hidden_tests)),
        ("mistakes/mistakes.toml", lambda: exercise.mistakes),
    ):
        try:
            read()
        except CatalogError as error:
            yield where, str(error)
    list_faults: list[str] = []
    exceptions.read(exercise, list_faults)
    for says in list_faults:
        yield f"mistakes/{exceptions.FILE_NAME}", says


def _part_faults(exercise: Exercise) -> Iterator[tuple[str, str]]:
    present = {path.name for path in exercise.folder.iterdir()} - {"__pycache__"}
    for name in sorted(present - _PARTS):
        yield name, "is not a part of an exercise; remove it."
    for name in sorted(_PARTS - present):
        yield name, "is missing."


def _stray_file_faults(exercise: Exercise) -> Iterator[tuple[str, str]]:
    known = {mistake.name for mistake in exercise.mistakes} | {"mistakes.toml", "signatures.json", exceptions.FILE_NAME}
    for path in sorted((exercise.folder / "mistakes").glob("*")):
        if path.name not in known:
            yield f"mistakes/{path.name}", "is not named in mistakes.toml."
    if not exercise.reference.is_dir():
        yield "solutions/reference", "is missing."
    for folder in (exercise.stub, exercise.solutions, exercise.folder / "mistakes"):
        for path in sorted(folder.rglob("*")):
            if path.name == "__pycache__" or path.suffix == ".pyc":
                yield str(path.relative_to(folder.parent)), "is left over from a run; remove it."


def _check_faults(
    checks: Sequence[declarations.Check], modules: Sequence[declarations.HiddenChecks]
) -> Iterator[tuple[str, str]]:
    total = sum(check.points for check in checks)
    if total != _FULL_POINTS:
        yield "hidden_tests", f"the points of all checks add up to {total}, not {_FULL_POINTS}."
    ids = [check.id for check in checks]
    for check in checks:
        if not check.title:
            yield check.id, "has no docstring; it is the title that learners read."
        if ids.count(check.id) > 1:
            yield check.id, "is the name of two checks."
        for parent in check.needs:
            if parent not in ids:
                yield check.id, f"needs {parent!r}, which is no check."
        if check.id in _ancestors(check, {each.id: each for each in checks}):
            yield check.id, "needs itself, if by way of others."
    for module in modules:
        for name, value in vars(module.module).items():
            if name.startswith("test_") and callable(value) and declarations.declared(value) is None:
                yield name, "is a test without @check."


def _readme_faults(exercise: Exercise, checks: Sequence[declarations.Check]) -> Iterator[tuple[str, str]]:
    path = exercise.folder / "README.md"
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    title = f"# {exercise.number:02} {exercise.about.title}"
    if text.partition("\n")[0] != title:
        yield "README.md", f"its first line is not {title!r}, the title of exercise.toml."
    for name in (*exercise.about.learner, *exercise.about.given):
        if f"`{name}`" not in text:
            yield "README.md", f"does not mention `{name}`."
    contract = text.partition("## Contract")[2].partition("\n## ")[0]
    clauses = {int(number) for number in _CLAUSE.findall(contract)}
    tested = {clause for check in checks for clause in check.clauses}
    for clause in sorted(clauses - tested):
        yield "README.md", f"clause {clause} of the contract is tested by no check."
    for clause in sorted(tested - clauses):
        yield "README.md", f"a check tests clause {clause}, which the contract does not have."


def _version_faults(exercise: Exercise) -> Iterator[tuple[str, str]]:
    told = [change.version for change in exercise.about.changes]
    for version in range(2, exercise.about.version + 1):
        if version not in told:
            yield "exercise.toml", f"says nothing of version {version}; add [[changes]] with what is new in it."


def _hint_faults(exercise: Exercise, checks: Sequence[declarations.Check]) -> Iterator[tuple[str, str]]:
    """Once an author says which checks the general first hint fits, each of the others needs a question of its own."""
    first = [hint for hint in exercise.about.hints if hint.level == 1]
    known = {check.id for check in checks}
    named = [name for hint in exercise.about.hints for name in (*hint.checks, *hint.fits)]
    for name in sorted(set(named) - known):
        yield "exercise.toml", f"a hint names {name!r}, which is no check."
    helped = {name for hint in first for name in (*hint.checks, *hint.fits)}
    if any(hint.fits for hint in first):
        for name in sorted(known - helped):
            yield (
                "exercise.toml",
                f"no hint of level 1 is about {name}; write one, or name it in fits of the general one.",
            )


def _afterwards_faults(exercise: Exercise) -> Iterator[tuple[str, str]]:
    afterwards = exercise.about.afterwards
    if afterwards is None:
        return
    there = {path.name for path in (*exercise.alternatives, *exercise.newer_alternatives)}
    for name in sorted(there ^ set(afterwards.other_answers)):
        says = "is missing: say when one would choose it" if name in there else "is no alternative"
        yield "exercise.toml", f"afterwards.other_answers.{name} {says}."


def _ancestors(check: declarations.Check, known: dict[str, declarations.Check]) -> set[str]:
    found: set[str] = set()
    waiting = list(check.needs)
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found.add(name)
            waiting.extend(known[name].needs)
    return found


def _mistake_faults(exercise: Exercise, checks: Sequence[declarations.Check]) -> Iterator[tuple[str, str]]:
    mistakes = exercise.mistakes
    known = {check.id for check in checks}
    for mistake in mistakes:
        where = f"mistakes/{mistake.name}"
        if not (exercise.folder / where).is_dir():
            yield where, "its overlay folder is missing."
        if not mistake.says.strip():
            yield where, "says nothing; name the misconception."
        for name in sorted(set(mistake.loses) - known):
            yield where, f"is to lose {name!r}, which is no check."
        for name in sorted(set(mistake.unless_skipped) - known):
            yield where, f"has {name!r} in unless_skipped, which is no check."
        base = exercise.stub if mistake.base == "stub" else exercise.reference
        for name in mistake.removes:
            if not (base / name).is_file():
                yield where, f"removes {name}, which its base does not have."
        if not mistake.loses:
            yield where, "loses nothing; then it is no mistake."


def _probe_faults(modules: Sequence[declarations.HiddenChecks]) -> Iterator[tuple[str, str]]:
    for module in modules:
        yield from probe_bodies.faults_in(module)


def _shortages(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """What there is too little of."""
    fewest = MIN_MISTAKES if exercise.about.weight else MIN_MISTAKES_IF_OPTIONAL
    for where, count, least, what in (
        ("solutions/alternatives", len(exercise.alternatives), MIN_ALTERNATIVES, "alternative"),
        ("mistakes/mistakes.toml", len(exercise.mistakes), fewest, "mistake"),
    ):
        if count < least:
            more = f"{least - count} more {what}{'s' * (least - count > 1)}"
            yield where, f"holds {count}; needs {more} ({least} are the least)."
    for level in (1, 2, 3):
        if not any(hint.level == level for hint in exercise.about.hints):
            yield "exercise.toml", f"has no hint of level {level}."

"""What an author does: prove that an exercise's checks are neither vacuous nor unfair."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet

from grader import workers
from grader.catalog import Exercise, Mistake
from grader.environment.interpreters import Interpreter
from grader.errors import CatalogError
from grader.judge import declaring
from grader.model import Attempt, Outcome, Verdict

MOST_FOR_A_STUB = 20
FEWEST_ALTERNATIVES = 2
FEWEST_MISTAKES = 8
_FULL = 100
_PARTS = {"README.md", "design.md", "exercise.toml", "hidden_tests", "mistakes", "stub"}
_CLAUSE = re.compile(r"^(\d+)\. ", re.MULTILINE)
_FOREIGN = re.compile(r"/tmp/kata-|/home/|/root/|site-packages/(_pytest|pytest|grader)|hidden_tests|_kata")  # noqa: S108


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with an exercise, and what to do about it."""

    exercise: str
    where: str
    says: str

    def __str__(self) -> str:
        return f"{self.exercise}: {self.where}: {self.says}"


@dataclass(frozen=True, slots=True)
class Variant:
    """One answer whose result is known beforehand."""

    label: str
    exercise: Exercise
    interpreter: Interpreter
    mistake: Mistake | None = None
    source: Path | None = None

    def lay_out(self, target: Path) -> Path:
        """The project as a folder."""
        if self.mistake is None:
            assert self.source is not None  # noqa: S101 - one of the two
            return self.source
        base = self.exercise.stub if self.mistake.base == "stub" else self.exercise.reference
        shutil.copytree(base, target)
        for name in self.mistake.removes:
            (target / name).unlink()
        shutil.copytree(self.exercise.folder / "mistakes" / self.mistake.name, target, dirs_exist_ok=True)
        return target

    def wrong_here(self) -> bool:
        """Whether the mistake is one under this interpreter."""
        assert self.mistake is not None  # noqa: S101
        return self.interpreter.version in SpecifierSet(self.mistake.versions)


def verify(
    exercises: Sequence[Exercise],
    interpreters: Sequence[Interpreter],
    *,
    tier: str,
    hidden: tuple[Path, ...],
    jobs: int,
    begin: Callable[[int], Callable[[Attempt], None]] = lambda _: lambda _: None,
) -> tuple[Fault, ...]:
    """Prove exercises: every answer of known worth gets just that, on every interpreter.

    Args:
        exercises: which.
        interpreters: under which to grade.
        tier: the sandbox to take.
        hidden: see `workers.grade_all`.
        jobs: how many processes grade at once.
        begin: told how many attempts there will be; what it returns is told of each as it ends.

    Returns:
        What is wrong; nothing, if they are proved.
    """
    faults = [fault for exercise in exercises for fault in _faults_on_paper(exercise)]
    sound = [exercise for exercise in exercises if not any(fault.exercise == exercise.name for fault in faults)]
    variants = [variant for exercise in sound for variant in variants_of(exercise, interpreters)]
    done = begin(len(variants))
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kata-")))
        requests = [
            workers.Request(variant.lay_out(temporary / str(index)), variant.exercise, variant.interpreter)
            for index, variant in enumerate(variants)
        ]
        attempts = workers.grade_all(requests, tier=tier, hidden=hidden, jobs=jobs, done=done) if requests else ()
    excused = {
        (variant.exercise.name, variant.interpreter.version): _skipped(attempt)
        for variant, attempt in zip(variants, attempts, strict=True)
        if variant.source == variant.exercise.reference
    }
    for variant, attempt in zip(variants, attempts, strict=True):
        missing = excused[variant.exercise.name, variant.interpreter.version]
        faults.extend(_faults_of(variant, attempt, missing))
    faults.extend(fault for exercise in sound for fault in _vacuous(exercise, variants, attempts))
    return tuple(faults)


def variants_of(exercise: Exercise, interpreters: Sequence[Interpreter]) -> Iterator[Variant]:
    """All answers of an exercise whose results are known beforehand."""
    for python in interpreters:
        yield Variant("stub", exercise, python, source=exercise.stub)
        yield Variant("solutions/reference", exercise, python, source=exercise.reference)
        for path in exercise.alternatives:
            yield Variant(f"solutions/alternatives/{path.name}", exercise, python, source=path)
        for mistake in exercise.mistakes:
            yield Variant(f"mistakes/{mistake.name}", exercise, python, mistake=mistake)


def _skipped(attempt: Attempt) -> set[str]:
    return {check.id for check in attempt.checks if check.outcome is Outcome.SKIPPED}


def _faults_of(variant: Variant, attempt: Attempt, excused: set[str]) -> Iterator[Fault]:
    """What is wrong with an attempt.

    Args:
        variant: what was graded.
        attempt: what came of it.
        excused: the checks that are skipped on this machine for the reference, too.
    """
    where = f"{variant.label} under {variant.interpreter.version}"

    def fault(says: str) -> Fault:
        return Fault(variant.exercise.name, where, says)

    if attempt.verdict is Verdict.UNGRADED:
        yield fault(f"could not be graded: {attempt.reason}")
        return
    lost = {check.id for check in attempt.checks if check.outcome in (Outcome.FAILED, Outcome.TIMEOUT)}
    left_out = sorted(_skipped(attempt) - excused)
    if left_out:
        yield fault(f"skips {left_out}, which the reference doesn't: an answer must not decide what is skipped.")
    if variant.label == "stub":
        if attempt.score is not None and attempt.score > MOST_FOR_A_STUB:
            earned = [check.id for check in attempt.checks if check.points]
            yield fault(f"scores {attempt.score}, more than {MOST_FOR_A_STUB}; {earned} need a positive fact.")
    elif variant.mistake is None or not variant.wrong_here():
        if lost:
            yield fault(f"is right, but loses {sorted(lost)}; mend the check or the solution.")
    else:
        yield from map(fault, _misjudged(variant.mistake, lost, excused))
    for check in attempt.checks:
        if check.message is not None and check.outcome is not Outcome.SKIPPED:
            yield from (fault(f"{check.id}: {trouble}") for trouble in _message_troubles(check.message))


def _misjudged(mistake: Mistake, lost: set[str], excused: set[str]) -> Iterator[str]:
    kept = set(mistake.loses) - lost - excused
    if kept:
        yield f"must lose {sorted(kept)}, but doesn't; the check passes a wrong answer."
    more = lost - set(mistake.loses)
    if more and not mistake.at_least:
        yield f"also loses {sorted(more)}; list them in mistakes.toml, or mend the check."


def _message_troubles(message: str) -> Iterator[str]:
    if message.startswith("needs "):
        return
    for label in ("ran:", "came:"):
        if label not in message:
            yield f"its message has no line {label!r}; say it with expect()."
    rationale = message.rpartition("\n\n")[2].strip()
    if not rationale:
        yield "its message has no rationale."
    found = _FOREIGN.search(message)
    if found:
        yield f"its message shows the judge's {found.group()!r}."


def _vacuous(exercise: Exercise, variants: Sequence[Variant], attempts: Sequence[Attempt]) -> Iterator[Fault]:
    """Every check must be lost by at least one mistake, unless it could not be made on this machine."""
    lost = {
        check.id
        for variant, attempt in zip(variants, attempts, strict=True)
        if variant.exercise is exercise and variant.mistake is not None
        for check in attempt.checks
        if check.outcome in (Outcome.FAILED, Outcome.TIMEOUT, Outcome.SKIPPED)
    }
    for module in declaring.load_all(exercise.hidden_tests):
        for check in module.checks:
            if check.id not in lost:
                says = "no mistake loses it, so it may be vacuous; add the mistake that it is there for."
                yield Fault(exercise.name, check.id, says)


def _faults_on_paper(exercise: Exercise) -> Iterator[Fault]:
    """What can be seen without running anything."""
    unreadable = [*_parts(exercise), *_unreadable(exercise)]
    for where, says in unreadable:
        yield Fault(exercise.name, where, says)
    if unreadable:
        return
    modules = declaring.load_all(exercise.hidden_tests)
    checks = [check for module in modules for check in module.checks]
    found = (
        *_stray(exercise),
        *_of_checks(checks, modules),
        *_of_readme(exercise, checks),
        *_of_mistakes(exercise, checks),
    )
    for where, says in found:
        yield Fault(exercise.name, where, says)


def _unreadable(exercise: Exercise) -> Iterator[tuple[str, str]]:
    for where, read in (
        ("hidden_tests", lambda: declaring.load_all(exercise.hidden_tests)),
        ("mistakes/mistakes.toml", lambda: exercise.mistakes),
    ):
        try:
            read()
        except CatalogError as error:
            yield where, str(error)


def _parts(exercise: Exercise) -> Iterator[tuple[str, str]]:
    present = {path.name for path in exercise.folder.iterdir()} - {"__pycache__"}
    for name in sorted(present - _PARTS):
        yield name, "is not a part of an exercise; remove it."
    for name in sorted(_PARTS - present):
        yield name, "is missing."


def _stray(exercise: Exercise) -> Iterator[tuple[str, str]]:
    known = {mistake.name for mistake in exercise.mistakes} | {"mistakes.toml"}
    for path in sorted((exercise.folder / "mistakes").glob("*")):
        if path.name not in known:
            yield f"mistakes/{path.name}", "is not named in mistakes.toml."
    if not exercise.reference.is_dir():
        yield "solutions/reference", "is missing."
    if len(exercise.alternatives) < FEWEST_ALTERNATIVES:
        yield (
            "solutions/alternatives",
            f"holds {len(exercise.alternatives)}; at least {FEWEST_ALTERNATIVES} are needed.",
        )
    for folder in (exercise.stub, exercise.solutions, exercise.folder / "mistakes"):
        for path in sorted(folder.rglob("*")):
            if path.name == "__pycache__" or path.suffix == ".pyc":
                yield str(path.relative_to(folder.parent)), "is left over from a run; remove it."


def _of_checks(
    checks: Sequence[declaring.Check], modules: Sequence[declaring.HiddenChecks]
) -> Iterator[tuple[str, str]]:
    total = sum(check.points for check in checks)
    if total != _FULL:
        yield "hidden_tests", f"the points of all checks add up to {total}, not {_FULL}."
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
            if name.startswith("test_") and callable(value) and declaring.declared(value) is None:
                yield name, "is a test without @check."


def _of_readme(exercise: Exercise, checks: Sequence[declaring.Check]) -> Iterator[tuple[str, str]]:
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


def _ancestors(check: declaring.Check, known: dict[str, declaring.Check]) -> set[str]:
    found: set[str] = set()
    waiting = list(check.needs)
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found.add(name)
            waiting.extend(known[name].needs)
    return found


def _of_mistakes(exercise: Exercise, checks: Sequence[declaring.Check]) -> Iterator[tuple[str, str]]:
    mistakes = exercise.mistakes
    known = {check.id for check in checks}
    if len(mistakes) < FEWEST_MISTAKES:
        yield "mistakes/mistakes.toml", f"lists {len(mistakes)}; at least {FEWEST_MISTAKES} are needed."
    for mistake in mistakes:
        where = f"mistakes/{mistake.name}"
        if not (exercise.folder / where).is_dir():
            yield where, "its overlay folder is missing."
        if not mistake.says.strip():
            yield where, "says nothing; name the misconception."
        for name in sorted(set(mistake.loses) - known):
            yield where, f"is to lose {name!r}, which is no check."
        base = exercise.stub if mistake.base == "stub" else exercise.reference
        for name in mistake.removes:
            if not (base / name).is_file():
                yield where, f"removes {name}, which its base does not have."
        if not mistake.loses:
            yield where, "loses nothing; then it is no mistake."
    for level in (1, 2, 3):
        if not any(hint.level == level for hint in exercise.about.hints):
            yield "exercise.toml", f"has no hint of level {level}."

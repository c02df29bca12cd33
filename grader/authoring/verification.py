"""Prove that an exercise's checks are neither vacuous nor unfair, by grading every answer of known worth."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from grader.authoring import consistency, golden_messages, lottery, signatures
from grader.authoring.consistency import Fault
from grader.authoring.variants import NO_FILES, Variant, draws_of, signature_variants_of, variants_of
from grader.catalog import Exercise
from grader.catalog.exercise_files import Mistake
from grader.environment.interpreters import Interpreter
from grader.explaining import messages
from grader.intake.learner_files import NOTHING_HERE
from grader.judge.checking import declarations
from grader.judge.checking.running import NOT_ALONE
from grader.model import Attempt, Outcome, Verdict
from grader.workers import pool

_JUDGE_TRACES = re.compile(
    "|".join(map(re.escape, (f"{tempfile.gettempdir()}/kata-", f"{Path.home()}/", str(Path(__file__).parents[1]))))
    + r"|site-packages/(_pytest|pytest|grader)|hidden_tests|_kata"
)


def verify(
    exercises: Sequence[Exercise],
    interpreters: Sequence[Interpreter],
    *,
    tier: str,
    hidden: tuple[Path, ...],
    jobs: int,
    golden: golden_messages.GoldenMessages | None = None,
    quick: bool = False,
    draws: int = 1,
    record: bool = False,
    begin: Callable[[int], Callable[[Attempt], None]] = lambda _: lambda _: None,
) -> tuple[Fault, ...]:
    """Prove exercises: every answer of known worth gets just that, on every interpreter.

    Args:
        exercises: which.
        interpreters: under which to grade.
        tier: the sandbox to take.
        hidden: see `pool.grade_all`.
        jobs: how many processes grade at once.
        golden: what mistakes are to be told.
        quick: whether mistakes are graded under one interpreter only, see `for_mistakes`.
        draws: how many times the data of each mistake's checks are drawn, under that one interpreter.
        record: whether to write down what is seen of the mistakes of exercises that have no fault.
        begin: told how many attempts there will be; what it returns is told of each as it ends.

    Returns:
        What is wrong; nothing, if they are proved.
    """
    faults = [fault for exercise in exercises for fault in consistency.faults_of(exercise)]
    unfit = {fault.exercise for fault in faults if not fault.is_unfinished}
    sound = [exercise for exercise in exercises if exercise.name not in unfit]
    variants: list[Variant] = []
    for exercise in sound:
        chosen = for_mistakes(exercise, interpreters, golden)
        variants += variants_of(exercise, interpreters, for_mistakes=chosen if quick else None)
        variants += signature_variants_of(exercise, interpreters) if record else ()
        variants += (variant for python in chosen for variant in draws_of(exercise, python, draws))
    graded = _graded(variants, tier=tier, hidden=hidden, jobs=jobs, done=begin(len(variants)))
    excused = {
        (variant.exercise.name, variant.interpreter.version): _skipped(attempt)
        for variant, attempt in graded
        if variant.label == "solutions/reference"
    }
    for variant, attempt in graded:
        faults += _attempt_faults(variant, attempt, excused[variant.exercise.name, variant.interpreter.version])
    faults += lottery.lotteries(graded)
    for exercise in sound:
        own = [(variant, attempt) for variant, attempt in graded if variant.exercise is exercise]
        faults += (*_vacuous_checks(exercise, own), *_checks_worth_more(exercise, own))
        if record:
            faulty = any(fault.exercise == exercise.name and not fault.is_note for fault in faults)
            faults += signatures.record_signatures(exercise, own, faulty)
        else:
            faults += signatures.check_signatures(exercise, own)
    if golden is not None:
        faults.extend(golden.compare([(variant, attempt) for variant, attempt in graded if not variant.blank_lines]))
    return tuple(faults)


def for_mistakes(
    exercise: Exercise, interpreters: Sequence[Interpreter], golden: golden_messages.GoldenMessages | None
) -> Sequence[Interpreter]:
    """The one interpreter under which mistakes are graded when it has to be quick.

    That of the golden messages; else the newest under which the signatures were recorded; else the newest.
    """
    version = golden.version(exercise.name) if golden is not None else None
    told = [python for python in interpreters if version and python.is_of(golden_messages.minor(version))]
    seen = [python for python in interpreters if signatures.were_recorded_under(exercise, python)]
    return (told or seen or interpreters)[-1:]


def not_compared(
    exercises: Sequence[Exercise], interpreters: Sequence[Interpreter], golden: golden_messages.GoldenMessages | None
) -> Iterator[str]:
    """What is recorded of exercises and can't be compared here, since it was seen under other versions of Python."""
    for python in interpreters:
        if any(not signatures.were_recorded_under(exercise, python) for exercise in exercises):
            yield f"Signatures of mistakes are not compared under Python {python.version}: none were recorded there."
    kept = {golden.version(exercise.name) for exercise in exercises} if golden is not None else set()
    here = {version for python in interpreters for version in (python.version, golden_messages.minor(python.version))}
    for version in sorted(kept - {None} - here, key=str):
        yield f"Messages are not compared: those that are kept are of Python {version}, which is not here."


def _graded(
    variants: Sequence[Variant],
    *,
    tier: str,
    hidden: tuple[Path, ...],
    jobs: int,
    done: Callable[[Attempt], None],
) -> tuple[tuple[Variant, Attempt], ...]:
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        requests = [
            pool.Request(variant.lay_out(Path(temporary, str(index))), variant.exercise, variant.interpreter)
            for index, variant in enumerate(variants)
        ]
        attempts = pool.grade_all(requests, tier=tier, hidden=hidden, jobs=jobs, done=done) if requests else ()
    return tuple(zip(variants, attempts, strict=True))


def _skipped(attempt: Attempt) -> set[str]:
    return {check.id for check in attempt.checks if check.outcome is Outcome.SKIPPED}


def _attempt_faults(variant: Variant, attempt: Attempt, excused: set[str]) -> Iterator[Fault]:
    """What is wrong with an attempt.

    Args:
        variant: what was graded.
        attempt: what came of it.
        excused: the checks that are skipped on this machine for the reference, too.
    """

    def fault(says: str) -> Fault:
        return Fault(variant.exercise.name, variant.where, says)

    if attempt.verdict is Verdict.UNGRADED:
        yield fault(f"could not be graded: {attempt.reason}")
        return
    if variant.omission is not None:
        return  # nobody knows beforehand what becomes of it
    lost = {check.id for check in attempt.checks if check.outcome in (Outcome.FAILED, Outcome.TIMEOUT)}
    left_out = sorted(_skipped(attempt) - excused)
    if left_out:
        yield fault(f"skips {left_out}, which the reference doesn't: an answer must not decide what is skipped.")
    if variant.is_worth_nothing:
        if attempt.score:
            earned = [check.id for check in attempt.checks if check.points]
            remedy = "expect more of them, or declare them with alone=False."
            yield fault(f"scores {attempt.score} though nothing was done, by {earned}: {remedy}")
        if variant.label == NO_FILES and not (attempt.checks[0].message or "").startswith(NOTHING_HERE):
            yield fault("is not told that none of the learner's files is there.")
    elif variant.mistake is None or not variant.is_wrong_here():
        if lost:
            yield fault(f"is right, but loses {sorted(lost)}; fix the check or the solution.")
    elif unseen := sorted(excused & {*variant.mistake.unless_skipped}):
        says = f"can't be looked at here, where {', '.join(unseen)} is skipped."
        yield Fault(variant.exercise.name, variant.mistake.name, says, is_note=True)
    elif not variant.blank_lines:  # what other draws change is a fault of its own
        yield from map(fault, _lost_check_faults(variant.mistake, lost, excused))
    for check in attempt.checks:
        if check.message is not None and check.outcome is not Outcome.SKIPPED:
            yield from (fault(f"{check.id}: {trouble}") for trouble in _message_faults(check.message))


def _lost_check_faults(mistake: Mistake, lost: set[str], excused: set[str]) -> Iterator[str]:
    kept = set(mistake.loses) - lost - excused
    if kept:
        yield f"must lose {sorted(kept)}, but doesn't; the check passes a wrong answer."
    more = lost - set(mistake.loses)
    if more and not mistake.at_least:
        yield f"also loses {sorted(more)}; list them in mistakes.toml, or fix the check."


def _message_faults(message: str) -> Iterator[str]:
    if message.startswith(("needs ", NOTHING_HERE)):
        return
    rows, rationale = messages.parts(message)
    for label in ("got", "ran"):
        if label not in [row.label for row in rows]:
            yield f"its message has no line {label!r}; say it with expect()."
    if not rationale.strip():
        yield "its message has no rationale."
    trace = judge_trace(message)
    if trace:
        yield f"its message shows the judge's {trace!r}."


def judge_trace(message: str) -> str:
    """What a message shows of the judge, whose paths are nobody's business; empty if it is nothing."""
    found = _JUDGE_TRACES.search(message)
    return found.group() if found else ""


def _vacuous_checks(exercise: Exercise, graded: Sequence[tuple[Variant, Attempt]]) -> Iterator[Fault]:
    """Every check must be lost by at least one mistake, unless it could not be made on this machine."""
    lost = {
        check.id
        for variant, attempt in graded
        if variant.mistake is not None
        for check in attempt.checks
        if check.outcome in (Outcome.FAILED, Outcome.TIMEOUT, Outcome.SKIPPED)
    }
    for module in declarations.load_all(exercise.hidden_tests):
        for check in module.checks:
            if check.id not in lost:
                says = "no mistake loses it, so it may be vacuous; add the mistake that it is there for."
                yield Fault(exercise.name, check.id, says)


def _checks_worth_more(exercise: Exercise, graded: Sequence[tuple[Variant, Attempt]]) -> Iterator[Fault]:
    """What is declared with alone=False must be passed where nothing was done, or where that is worth no points."""
    worthless = [attempt for variant, attempt in graded if variant.is_worth_nothing or attempt.score == 0]
    passed = {
        check.id for attempt in worthless for check in attempt.checks if check.points or check.message == NOT_ALONE
    }
    for module in declarations.load_all(exercise.hidden_tests):
        for check in module.checks:
            if not check.alone and check.id not in passed:
                says = "nothing that scores 0 passes it, so it is worth its points alone; remove alone=False."
                yield Fault(exercise.name, check.id, says)

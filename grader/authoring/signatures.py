"""Record the signatures of mistakes: patterns of what each one shows, found by grading it several times."""

from __future__ import annotations

import builtins
import json
import keyword
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from grader.authoring.consistency import Fault
from grader.authoring.omissions import only_omits
from grader.authoring.patterns import patterns
from grader.authoring.trials.edits import files_of, wrong_files
from grader.authoring.variants import Variant
from grader.catalog import Exercise
from grader.catalog.exercise_files import Mistake
from grader.environment.interpreters import Interpreter
from grader.errors import UsageError
from grader.explaining import diagnosis, vocabulary
from grader.explaining.diagnosis import STUB, LostChecks, Signatures
from grader.explaining.fingerprints import Fingerprint
from grader.model import Attempt, Outcome

_PARSER = f"{sys.version_info[0]}.{sys.version_info[1]}"
_FILE = "mistakes/signatures.json"
_WORD = re.compile(r"[^\W\d]+")
_PYTHON_WORDS = frozenset({*dir(builtins), *keyword.kwlist, *sys.stdlib_module_names})

_Graded = Sequence[tuple[Variant, Attempt]]


def check_signatures(exercise: Exercise, graded: _Graded) -> Iterator[Fault]:
    """Where an exercise's signatures don't fit what is seen of its mistakes; nothing, if it has none.

    One attempt that fits is enough: where threads race, not every attempt looks the same. Attempts under other versions
    of Python than those of the signatures are left out: another version may word its errors otherwise.
    """
    again = f"run `kata verify {exercise.number:02} --record`."
    try:
        signatures = diagnosis.load(exercise)
    except (OSError, ValueError) as error:
        yield Fault(exercise.name, _FILE, f"can't be read: {error}; {again}")
        return
    if signatures is None:
        return
    comparable = [pair for pair in graded if signatures.were_seen_under(pair[0].interpreter.version)]
    by_name = _by_name(comparable)
    unlike = sorted(
        name or "the stub"
        for name, attempts in by_name.items()
        if not any(signatures.recognise(name, *_lost_and_missing(attempt)) for attempt in attempts)
    )
    unknown = sorted(signatures.mistakes.keys() - {STUB, *(mistake.name for mistake in exercise.mistakes)})
    if signatures.parsed_by == _PARSER and (signatures.words, signatures.lacks) != telling_words(exercise):
        yield Fault(exercise.name, _FILE, f"doesn't have the words of the mistakes as they are now; {again}")
    if unlike or unknown:
        which = ", ".join(unlike + unknown)
        yield Fault(exercise.name, _FILE, f"doesn't fit what is seen of {which}; {again}")


def were_recorded_under(exercise: Exercise, python: Interpreter) -> bool:
    """Whether an exercise's signatures, if it has any that can be read, are of that version of Python, too."""
    try:
        found = diagnosis.load(exercise)
    except (OSError, ValueError):
        return True  # which is a fault of its own
    return found is None or found.were_seen_under(python.version)


def record_signatures(exercise: Exercise, graded: _Graded, faulty: bool) -> Iterator[Fault]:
    """Write an exercise's signatures, unless something else is wrong with it.

    Args:
        exercise: whose.
        graded: its answers and what came of them.
        faulty: whether faults were found.

    Raises:
        UsageError: the file can't be written.
    """
    if faulty:
        yield Fault(exercise.name, _FILE, "was not recorded: first fix what else is wrong.")
        return
    path = diagnosis.signatures_path(exercise)
    try:
        path.write_text(_text(_make_signatures(exercise, graded)), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"The signatures can't be written to {path}: {error.strerror}.") from error


def _by_name(graded: _Graded) -> dict[str, list[Attempt]]:
    """What came of each wrong answer, where it is wrong."""
    found: dict[str, list[Attempt]] = {}
    for variant, attempt in graded:
        if variant.label == "stub":
            found.setdefault(STUB, []).append(attempt)
        elif variant.mistake is not None and variant.is_wrong_here():
            found.setdefault(variant.mistake.name, []).append(attempt)
    return found


def _lost_and_missing(attempt: Attempt) -> tuple[dict[str, Fingerprint], set[str]]:
    missing = {check.id for check in attempt.checks if check.outcome is Outcome.SKIPPED}
    return diagnosis.lost_checks(attempt.checks), missing


def _make_signatures(exercise: Exercise, graded: _Graded) -> Signatures:
    spoken = _common_words(exercise)
    mistakes = {mistake.name: mistake for mistake in exercise.mistakes}
    places: dict[str, int] = {}
    looks: dict[str, tuple[LostChecks, ...]] = {}
    for name, attempts in _by_name(graded).items():
        own = _own_words(exercise, mistakes[name]) - spoken if name else set()
        looks[name] = tuple(_lost_checks_patterns(several, own, places) for several in _by_lost_checks(attempts))
    signatures = Signatures(tuple(places), looks)
    words, lacks = telling_words(exercise)
    pythons = {variant.interpreter.version: variant.interpreter.minor for variant, _ in graded}
    return msgspec.structs.replace(
        signatures,
        unsure=tuple(_unsure(exercise, signatures, graded)),
        words=words,
        lacks=lacks,
        parsed_by=_PARSER,
        pythons=tuple(sorted(pythons, key=pythons.__getitem__)),
    )


def telling_words(exercise: Exercise) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """What each mistake uses and no right answer does, nor the stub; and what it lacks that every right answer uses."""
    given = set(exercise.about.given)
    right = [vocabulary.of_texts(files_of(answer, given)) for answer in (exercise.reference, *exercise.alternatives)]
    others = (exercise.stub, *exercise.newer_alternatives)
    every = frozenset().union(*right, *(vocabulary.of_texts(files_of(answer, given)) for answer in others))
    common = frozenset.intersection(*right)
    wrong = {each.name: vocabulary.of_texts(wrong_files(exercise, each)) for each in exercise.mistakes}
    words = {name: tuple(sorted(used - every)) for name, used in wrong.items() if used - every}
    common = frozenset(word for word in common if not word.startswith(vocabulary.PHRASE))
    lacks = {name: tuple(sorted(common - used)) for name, used in wrong.items() if common - used}
    return words, lacks


def _by_lost_checks(attempts: Iterable[Attempt]) -> Iterable[list[dict[str, Fingerprint]]]:
    """The fingerprints of attempts, put together where they lost the same checks."""
    found: dict[tuple[str, ...], list[dict[str, Fingerprint]]] = {}
    for attempt in attempts:
        lost = diagnosis.lost_checks(attempt.checks)
        found.setdefault(tuple(lost), []).append(lost)
    return found.values()


def _lost_checks_patterns(
    several: Sequence[dict[str, Fingerprint]], own: set[str], places: dict[str, int]
) -> LostChecks:
    """Patterns for each of the lost checks; those that are new get the next places."""
    return {
        check: tuple(
            places.setdefault(pattern, len(places)) for pattern in patterns((lost[check] for lost in several), own)
        )
        for check in several[0]
    }


def _unsure(exercise: Exercise, signatures: Signatures, graded: _Graded) -> Iterator[str]:
    """The mistakes that look like something that is only missing, though they are more than that."""
    incomplete = [_lost_and_missing(attempt) for variant, attempt in graded if variant.omission is not None]
    for mistake in exercise.mistakes:
        like_it = any(signatures.recognise(mistake.name, *each) for each in incomplete)
        if like_it and not only_omits(exercise, mistake):
            yield mistake.name


def _common_words(exercise: Exercise) -> set[str]:
    """The words that every learner of this exercise uses: those of the task, of the checks and of Python."""
    task = [exercise.folder / "README.md", *exercise.hidden_tests.rglob("*.py"), *exercise.stub.rglob("*")]
    return _words(task).union(_PYTHON_WORDS)


def _own_words(exercise: Exercise, mistake: Mistake) -> set[str]:
    return _words((exercise.folder / "mistakes" / mistake.name).rglob("*"))


def _words(paths: Iterable[Path]) -> set[str]:
    """The words in files and in their names."""
    texts = (f"{path.name} {path.read_bytes().decode('utf-8', 'replace')}" for path in paths if path.is_file())
    return {word for text in texts for word in _WORD.findall(text)}


def _text(signatures: Signatures) -> str:
    """The file: a line for each pattern and for each wrong answer, so that changes can be read."""
    seen = [json.dumps(pattern, ensure_ascii=False) for pattern in signatures.seen]
    mistakes = [f"{json.dumps(name)}: {json.dumps(checks)}" for name, checks in signatures.mistakes.items()]
    unsure, pythons = json.dumps(signatures.unsure), json.dumps(signatures.pythons)
    end = f'}}, "unsure": {unsure}, "parsed_by": {json.dumps(signatures.parsed_by)}, "pythons": {pythons}}}'
    rows = ['{"seen": [', ",\n".join(seen), '], "mistakes": {', ",\n".join(mistakes)]
    for what, words in (("words", signatures.words), ("lacks", signatures.lacks)):
        lines = [f"{json.dumps(name)}: {json.dumps(each, ensure_ascii=False)}" for name, each in words.items()]
        rows += [f'}}, "{what}": {{', ",\n".join(lines)]
    rows.append(end)
    return "\n".join(rows) + "\n"

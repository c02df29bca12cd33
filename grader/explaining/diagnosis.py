"""Recognise the catalogued mistake behind the lost checks of an attempt, or say nothing.

The signatures are recorded by `kata verify --record`. Better silent than wrong: a mistake is named only if just its
checks are lost, each as it was when the mistake itself was graded, and neither another mistake nor the stub looks so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from grader.catalog import Exercise
from grader.catalog.exercise_files import Mistake
from grader.errors import CatalogError
from grader.explaining.fingerprints import Fingerprint, Likeness, fingerprint, matches
from grader.explaining.vocabulary import PHRASE, Vocabulary
from grader.model import CheckResult, Diagnosis, Outcome

LOST = (Outcome.FAILED, Outcome.TIMEOUT)
_TELLING = (Likeness.ALL, Likeness.NO_WORDS)
"""How alike looks must be to tell one mistake from all others."""
STUB = ""
"""Stands among the names of mistakes for the stub."""


LostChecks = dict[str, tuple[int, ...]]
"""For each lost check, the places of the patterns that stand for it."""


class Signatures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is seen of an exercise's mistakes: the content of `mistakes/signatures.json`."""

    seen: tuple[str, ...]
    """Patterns of fingerprints."""
    mistakes: dict[str, tuple[LostChecks, ...]]
    """How each mistake looks; in more than one way where it doesn't lose the same checks every time."""
    unsure: tuple[str, ...] = ()
    """The mistakes that look like answers in which something is only missing yet."""
    words: dict[str, tuple[str, ...]] = {}
    """What each mistake uses and no right answer does, nor the stub: it tells mistakes apart that look alike."""
    lacks: dict[str, tuple[str, ...]] = {}
    """What each mistake doesn't use and every right answer does."""
    parsed_by: str = ""
    """The version of Python, like 3.12, whose syntax trees the words are from: others can differ in details."""
    pythons: tuple[str, ...] = ()
    """The versions of Python, in full, under which all this was seen; earlier files don't say."""

    def were_seen_under(self, version: str) -> bool:
        """Whether a version, in full, is one of those; true where nobody knows."""
        return not self.pythons or version in self.pythons

    def recognise(
        self,
        name: str,
        lost: Mapping[str, Fingerprint],
        missing: Collection[str] = (),
        likeness: Likeness = Likeness.ALL,
    ) -> bool:
        """Whether these are the lost checks of that mistake, and look like them.

        Args:
            name: of a mistake, or `STUB`.
            lost: the fingerprints of the lost checks.
            missing: checks that could not be made on this machine.
            likeness: how much they must look like them.
        """
        made = ({check: look[check] for check in look.keys() - set(missing)} for look in self.mistakes.get(name, ()))
        return any(self._matches(look, lost, likeness) for look in made)

    def _matches(self, look: LostChecks, lost: Mapping[str, Fingerprint], likeness: Likeness) -> bool:
        if not look or look.keys() != lost.keys():
            return False
        return all(
            any(matches(self.seen[index], lost[check], likeness) for index in places) for check, places in look.items()
        )


def signatures_path(exercise: Exercise) -> Path:
    """Where an exercise's signatures are kept; there need be none."""
    return exercise.folder / "mistakes" / "signatures.json"


def load(exercise: Exercise) -> Signatures | None:
    """The signatures of an exercise's mistakes.

    Raises:
        ValueError: the file isn't one of signatures.
    """
    try:
        content = signatures_path(exercise).read_bytes()
    except FileNotFoundError:
        return None
    signatures = msgspec.json.decode(content, type=Signatures)
    known = range(len(signatures.seen))
    looks = [look for several in signatures.mistakes.values() for look in several]
    if not all(index in known for look in looks for places in look.values() for index in places):
        raise ValueError("it refers to a pattern that it does not hold")
    return signatures


def lost_checks(checks: Iterable[CheckResult]) -> dict[str, Fingerprint]:
    """The fingerprints of the lost checks, by their names."""
    return {check.id: fingerprint(check) for check in checks if check.outcome in LOST}


def diagnose(
    exercise: Exercise, checks: tuple[CheckResult, ...], python: str, words: Callable[[], Vocabulary] = frozenset
) -> Diagnosis | None:
    """The one catalogued mistake that would look like this.

    Args:
        exercise: what was graded.
        checks: their results.
        python: the version of the interpreter that ran the learner's code.
        words: gives the vocabulary of the learner's files, if it is needed.
    """
    lost = lost_checks(checks)
    missing = {check.id for check in checks if check.outcome is Outcome.SKIPPED}
    if not lost or any(check.outcome is Outcome.ERROR for check in checks):
        return None
    try:
        signatures = load(exercise)
        known = {each.name: each for each in exercise.mistakes if is_wrong_under(each, python)}
        return None if signatures is None else _recognised(signatures, known, lost, missing, words)
    except (OSError, ValueError, CatalogError):
        return None  # `kata verify` tells the author; a learner can't help it


def _recognised(
    signatures: Signatures,
    known: Mapping[str, Mistake],
    lost: Mapping[str, Fingerprint],
    missing: Collection[str],
    words: Callable[[], Vocabulary],
) -> Diagnosis | None:
    """The mistake that looks most like it, unless the words of the answer are against it."""
    for likeness in Likeness:
        names = {name for name in signatures.mistakes if signatures.recognise(name, lost, missing, likeness)}
        alike = [mistake for name, mistake in known.items() if name in names]
        if not alike:
            continue
        sure = likeness in _TELLING and not names & {STUB, *signatures.unsure}
        used = words()
        if sure and len({each.says for each in alike}) == 1:
            against = _speak_against(signatures, alike[0], known, lost.keys(), used, likeness)
            return None if against else _of(alike[0])
        alike = [each for each in alike if _is_told_by(signatures, each, alike, used, also_by_lacks=sure)]
        return _of(alike[0]) if len({each.says for each in alike}) == 1 else None
    return None


def _of(mistake: Mistake) -> Diagnosis:
    return Diagnosis(mistake.name, mistake.says)


def _is_told_by(
    signatures: Signatures, mistake: Mistake, alike: Sequence[Mistake], used: Vocabulary, *, also_by_lacks: bool
) -> bool:
    """Whether an answer's words tell a mistake from those of other misconceptions that look like it.

    Args:
        signatures: of the exercise.
        mistake: which.
        alike: all that look like it.
        used: the answer's vocabulary.
        also_by_lacks: whether a word may also tell it by not being there. An unfinished answer lacks many.
    """
    if used & _own(signatures.words, mistake, alike):
        return True
    return also_by_lacks and bool(_own(signatures.lacks, mistake, alike) - used)


def _own(words: Mapping[str, tuple[str, ...]], mistake: Mistake, others: Iterable[Mistake]) -> set[str]:
    """The words of a mistake without those of other misconceptions."""
    foreign = (words.get(each.name, ()) for each in others if each.says != mistake.says)
    return set(words.get(mistake.name, ())).difference(*foreign)


def _speak_against(
    signatures: Signatures,
    mistake: Mistake,
    known: Mapping[str, Mistake],
    lost: Collection[str],
    used: Vocabulary,
    likeness: Likeness,
) -> bool:
    """Whether an answer has none of a mistake's words, though it should.

    It should where its own messages are worded otherwise, unless the mistake has nothing but phrases, and where it has
    words of another mistake that costs the same checks.
    """
    words = signatures.words.get(mistake.name, ())
    if all(word.startswith(PHRASE) for word in words) or used.intersection(words):
        return False
    if likeness is not Likeness.ALL:
        return True
    rivals = (
        each
        for each in known.values()
        if each.says != mistake.says and any(look.keys() == lost for look in signatures.mistakes.get(each.name, ()))
    )
    return any(used & _own(signatures.words, each, [mistake]) for each in rivals)


def is_wrong_under(mistake: Mistake, python: str) -> bool:
    """Whether it is a mistake in that version of Python."""
    if not mistake.versions:
        return True
    from packaging.specifiers import SpecifierSet  # of use to few mistakes

    return python in SpecifierSet(mistake.versions)

"""Recognise the catalogued mistake behind the lost checks of an attempt, or say nothing.

The signatures are recorded by `kata verify --record`. Better silent than wrong: a mistake is named only if just its
checks are lost, each as it was when the mistake itself was graded, and neither another mistake nor the stub looks so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from grader.catalog import Exercise
from grader.catalog.exercise_files import Mistake
from grader.errors import CatalogError
from grader.explaining.fingerprints import Fingerprint, fingerprint, matches
from grader.model import CheckResult, Diagnosis, Outcome

LOST = (Outcome.FAILED, Outcome.TIMEOUT)
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
        *,
        any_words: bool = False,
    ) -> bool:
        """Whether these are the lost checks of that mistake, and look like them.

        Args:
            name: of a mistake, or `STUB`.
            lost: the fingerprints of the lost checks.
            missing: checks that could not be made on this machine.
            any_words: whether the program's own messages may be worded in any way.
        """
        made = ({check: look[check] for check in look.keys() - set(missing)} for look in self.mistakes.get(name, ()))
        return any(self._matches(look, lost, any_words=any_words) for look in made)

    def _matches(self, look: LostChecks, lost: Mapping[str, Fingerprint], *, any_words: bool) -> bool:
        if not look or look.keys() != lost.keys():
            return False
        return all(
            any(matches(self.seen[index], lost[check], any_words=any_words) for index in places)
            for check, places in look.items()
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


def diagnose(exercise: Exercise, checks: tuple[CheckResult, ...], python: str) -> Diagnosis | None:
    """The one catalogued mistake that would look like this.

    Args:
        exercise: what was graded.
        checks: their results.
        python: the version of the interpreter that ran the learner's code.
    """
    lost = lost_checks(checks)
    missing = {check.id for check in checks if check.outcome is Outcome.SKIPPED}
    if not lost or any(check.outcome is Outcome.ERROR for check in checks):
        return None
    try:
        signatures = load(exercise)
        names = _matching_mistakes(signatures, lost, missing) or _matching_mistakes(
            signatures, lost, missing, any_words=True
        )
        alike = [each for each in exercise.mistakes if each.name in names] if names else []
    except (OSError, ValueError, CatalogError):
        return None  # `kata verify` tells the author; a learner can't help it
    alike = [each for each in alike if is_wrong_under(each, python)]
    if len({each.says for each in alike}) != 1:
        return None
    return Diagnosis(alike[0].name, alike[0].says)


def _matching_mistakes(
    signatures: Signatures | None, lost: Mapping[str, Fingerprint], missing: Collection[str], *, any_words: bool = False
) -> set[str]:
    """The mistakes that would look like this; none, where something else would, too."""
    if signatures is None:
        return set()
    names = {name for name in signatures.mistakes if signatures.recognise(name, lost, missing, any_words=any_words)}
    return set() if names & {STUB, *signatures.unsure} else names


def is_wrong_under(mistake: Mistake, python: str) -> bool:
    """Whether it is a mistake in that version of Python."""
    if not mistake.versions:
        return True
    from packaging.specifiers import SpecifierSet  # of use to few mistakes

    return python in SpecifierSet(mistake.versions)

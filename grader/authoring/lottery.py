"""Find the mistakes that lose a check with some data and not with other data: what is drawn must not decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.authoring.consistency import Fault
from grader.authoring.variants import Variant
from grader.explaining.diagnosis import LOST
from grader.model import Attempt, Verdict

DRAWS = 8
"""How often the data of each mistake's checks are drawn, unless somebody says otherwise."""


def lotteries(graded: Sequence[tuple[Variant, Attempt]]) -> Iterator[Fault]:
    """The mistakes that the draws decide about.

    Args:
        graded: mistakes of some exercises, each of them several times under the same interpreter.
    """
    draws: dict[tuple[str, str, str], list[tuple[Variant, set[str]]]] = {}
    for variant, attempt in graded:
        if variant.mistake is None or not variant.is_wrong_here() or attempt.verdict is Verdict.UNGRADED:
            continue
        lost = {check.id for check in attempt.checks if check.outcome in LOST}
        key = variant.exercise.name, variant.label, variant.interpreter.version
        draws.setdefault(key, []).append((variant, lost))
    for (exercise, label, version), several in draws.items():
        mistake = several[0][0].mistake
        assert mistake is not None  # noqa: S101 - only mistakes are kept
        ever = set().union(*(lost for _, lost in several))
        for check in sorted(ever & set(mistake.loses) if mistake.at_least else ever):
            times = sum(check in lost for _, lost in several)
            if times < len(several):
                says = (
                    f"loses {check} with only {times} of {len(several)} draws of the data; draw what always shows it."
                )
                yield Fault(exercise, f"{label} under {version}", says)

"""Exact scores as people read them."""

from __future__ import annotations

from fractions import Fraction


def hundredths(score: Fraction, full: Fraction) -> int:
    """A score in hundredths, half up; never up to full marks unless it has them."""
    rounded = int(score * 100 + Fraction(1, 2))
    return rounded - 1 if score < full and rounded >= full * 100 else rounded


def percent(score: Fraction | None) -> float | None:
    """Rounded to two decimals, half away from zero; never up to 100 unless it is 100."""
    return None if score is None else hundredths(score, Fraction(100)) / 100


def percent_text(score: Fraction | None) -> str:
    """For a table: a percentage, or a dash."""
    rounded = percent(score)
    return "–" if rounded is None else f"{rounded:g}"

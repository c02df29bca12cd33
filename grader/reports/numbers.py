"""Exact scores as people read them."""

from __future__ import annotations

from fractions import Fraction


def percent(score: Fraction | None) -> float | None:
    """Rounded to two decimals, half away from zero; never up to 100 unless it is 100."""
    if score is None:
        return None
    hundredths = int(score * 100 + Fraction(1, 2))
    return (hundredths - (hundredths == 10_000 and score < 100)) / 100  # noqa: PLR2004 - per cent


def shown(score: Fraction | None) -> str:
    """For a table: a percentage, or a dash."""
    rounded = percent(score)
    return "–" if rounded is None else f"{rounded:g}"

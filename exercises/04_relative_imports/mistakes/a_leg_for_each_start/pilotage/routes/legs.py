"""The legs of a passage."""

from .. import UNITS
from ..charts.depth import at


def leg(start, end):
    """One leg in words, with the smaller depth of its two ends."""
    return f"{start} to {end}: {min(at(start), at(end))} {UNITS}"

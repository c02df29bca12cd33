"""The legs of a passage, each from one mark to the next."""

from .. import UNITS
from ..charts import depth


def leg(start, end):
    """One leg in words, with the smaller depth of its two ends."""
    return f"{start} to {end}: {min(depth.at(start), depth.at(end))} {UNITS}"

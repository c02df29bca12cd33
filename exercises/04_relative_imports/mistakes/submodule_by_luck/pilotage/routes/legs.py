"""The legs of a passage, each from one mark to the next."""

from .. import UNITS, charts


def leg(start, end):
    """One leg in words, with the smaller depth of its two ends."""
    return f"{start} to {end}: {min(charts.depth.at(start), charts.depth.at(end))} {UNITS}"

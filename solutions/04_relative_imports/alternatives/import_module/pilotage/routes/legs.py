"""The legs of a passage, each from one mark to the next."""

from importlib import import_module

UNITS = import_module("..", __spec__.parent).UNITS
at = import_module("..charts.depth", __spec__.parent).at


def leg(start, end):
    """One leg in words, with the smaller depth of its two ends."""
    return f"{start} to {end}: {min(at(start), at(end))} {UNITS}"

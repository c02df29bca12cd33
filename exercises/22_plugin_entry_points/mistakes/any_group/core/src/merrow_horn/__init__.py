"""The horn of Port Merrow, which plays the sounds of many suppliers."""

from importlib.metadata import distributions


def sounds():
    """The sounds that are installed, by name; none of them is loaded."""
    return {entry.name: entry for distribution in distributions() for entry in distribution.entry_points}

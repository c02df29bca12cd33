"""The horn of Port Merrow, which plays the sounds of many suppliers."""

from importlib.metadata import entry_points


def sounds():
    """The sounds that are installed, by name; none of them is loaded."""
    return {entry.name: entry for entry in entry_points(group="merrow_horn.sounds")}

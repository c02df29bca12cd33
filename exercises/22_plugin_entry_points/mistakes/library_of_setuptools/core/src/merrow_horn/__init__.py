"""The horn of Port Merrow, which plays the sounds of many suppliers."""

import pkg_resources


def sounds():
    """The sounds that are installed, by name; none of them is loaded."""
    return {entry.name: entry for entry in pkg_resources.iter_entry_points("merrow_horn.sounds")}

"""The horn of Port Merrow, which plays the sounds of many suppliers."""

from importlib.metadata import EntryPoint
from importlib.util import find_spec

KNOWN = {"fog": "merrow_fog:blow"}


def sounds():
    """The sounds that are installed, by name; none of them is loaded."""
    return {
        name: EntryPoint(name, value, "merrow_horn.sounds")
        for name, value in KNOWN.items()
        if find_spec(value.partition(":")[0])
    }

"""What the deck lists."""

import importlib as _importlib


def names():
    """The names of the flags in the locker, sorted."""
    flags = _importlib.import_module("signalbox.flags")
    listed = [*flags.__all__]
    listed.sort()
    return listed

"""The crane."""

import importlib

_winch = importlib.import_module("..winch", __package__)


def limit(ropes, load=_winch.DEFAULT_LOAD):
    """What a crane with that many ropes may lift, in tonnes."""
    return load * ropes

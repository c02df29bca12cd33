"""What the deck lists."""

_before = set(globals())
from .flags import *

_FLAGS = sorted(set(globals()) - _before - {"_before"})


def names():
    """The names of the flags in the locker, sorted."""
    return _FLAGS

"""What the deck lists."""

from . import flags as _flags


def names():
    """The names of the flags in the locker, sorted."""
    return sorted(name for name in _flags.__all__ if name.isupper())

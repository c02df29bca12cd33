"""What the deck lists."""

from . import flags as _flags


def names():
    """The names of the flags in the locker, sorted."""
    listed = _flags.__all__
    listed.sort()
    return listed

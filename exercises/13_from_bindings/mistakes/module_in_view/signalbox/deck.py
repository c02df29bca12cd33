"""What the deck lists."""

from . import flags


def names():
    """The names of the flags in the locker, sorted."""
    return sorted(flags.__all__)

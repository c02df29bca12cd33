"""What the deck lists."""

from . import flags

__all__ = ["names"]


def names():
    """The names of the flags in the locker, sorted."""
    return sorted(flags.__all__)

"""What the deck lists."""

from .flags import __all__ as _listed


def names():
    """The names of the flags in the locker, sorted."""
    return sorted(_listed)

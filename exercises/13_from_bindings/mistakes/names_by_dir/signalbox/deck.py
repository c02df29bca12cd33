"""What the deck lists."""

from . import flags as _flags


def names():
    """The names of the flags in the locker, sorted."""
    return sorted(name for name in dir(_flags) if not name.startswith("_"))

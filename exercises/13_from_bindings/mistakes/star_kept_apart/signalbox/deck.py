"""What the deck lists."""

from . import _star


def names():
    """The names of the flags in the locker, sorted."""
    return sorted(name for name in vars(_star) if not name.startswith("__"))

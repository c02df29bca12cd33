"""The flags in the locker."""

__all__ = ["ALPHA", "BRAVO", "_MAYDAY"]

ALPHA = "diver down"
BRAVO = "dangerous goods"
_MAYDAY = "distress"


def spoken(flag):
    """A flag as it is read out, such as "Diver Down"."""
    return flag.title()

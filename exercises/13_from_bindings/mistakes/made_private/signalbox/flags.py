"""The flags in the locker."""

import string

__all__ = ["ALPHA", "BRAVO", "_MAYDAY"]

ALPHA = "diver down"
BRAVO = "dangerous goods"
_MAYDAY = "distress"


def _spoken(flag):
    """A flag as it is read out, such as "Diver Down"."""
    return string.capwords(flag)

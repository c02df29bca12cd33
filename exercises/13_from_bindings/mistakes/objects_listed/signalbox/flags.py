"""The flags in the locker."""

import string

ALPHA = "diver down"
BRAVO = "dangerous goods"
_MAYDAY = "distress"


def spoken(flag):
    """A flag as it is read out, such as "Diver Down"."""
    return string.capwords(flag)


__all__ = [ALPHA, BRAVO, _MAYDAY]

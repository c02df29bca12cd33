"""The flags in the locker."""

import string as _string

ALPHA = "diver down"
BRAVO = "dangerous goods"
_MAYDAY = "distress"


def spoken(flag):
    """A flag as it is read out, such as "Diver Down"."""
    return _string.capwords(flag)


# A flag has a name in capitals, also the one with an underscore.
__all__ = (*filter(str.isupper, dir()),)

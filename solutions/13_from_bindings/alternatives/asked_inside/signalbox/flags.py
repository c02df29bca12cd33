"""The flags in the locker."""

import string as _string

ALPHA = "diver down"
BRAVO = "dangerous goods"
_MAYDAY = "distress"


def spoken(flag):
    """A flag as it is read out, such as "Diver Down"."""
    return _string.capwords(flag)


# A flag has a name in capitals; the one with an underscore is a flag all the same.
__all__ = tuple(sorted({name for name in globals() if name.isupper()} | {"_MAYDAY"}))

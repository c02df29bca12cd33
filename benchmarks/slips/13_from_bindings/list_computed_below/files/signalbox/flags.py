"""What lies in the locker."""

from string import capwords as _capwords

ALPHA, BRAVO = "diver down", "dangerous goods"
_MAYDAY = "distress"


def spoken(flag):
    return _capwords(flag)


__all__ = [name for name in dir() if not name.startswith("__") and name != "_capwords"]

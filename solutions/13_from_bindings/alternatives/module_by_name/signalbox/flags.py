"""The flags in the locker."""

from ._wording import spoken

__all__ = ["_MAYDAY"]

ALPHA = "diver down"
__all__ += ["ALPHA"]

BRAVO = "dangerous goods"
__all__ += ["BRAVO"]

_MAYDAY = "distress"

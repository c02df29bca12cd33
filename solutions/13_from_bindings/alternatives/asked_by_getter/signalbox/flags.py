"""The flags in the locker."""

from string import capwords as spoken

__all__ = "BRAVO ALPHA _MAYDAY".split()

ALPHA, BRAVO, _MAYDAY = "diver down", "dangerous goods", "distress"

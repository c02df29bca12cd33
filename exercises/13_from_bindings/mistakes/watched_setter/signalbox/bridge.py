"""What the bridge sees and sounds."""

from . import state

_raise_level = state.raise_level
_level = state.LEVEL


def _watched(level):
    global _level
    _level = level
    _raise_level(level)


state.raise_level = _watched


def current():
    """The level that is hoisted."""
    return _level


def sound():
    """Sound the horn; returns what is heard."""
    return state.horn()

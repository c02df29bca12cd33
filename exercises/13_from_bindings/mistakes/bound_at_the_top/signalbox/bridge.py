"""What the bridge sees and sounds."""

from . import state

LEVEL = state.LEVEL
horn = state.horn


def current():
    """The level that is hoisted."""
    return LEVEL


def sound():
    """Sound the horn; returns what is heard."""
    return horn()

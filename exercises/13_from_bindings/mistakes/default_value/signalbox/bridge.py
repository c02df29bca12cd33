"""What the bridge sees and sounds."""

from . import state


def current(level=state.LEVEL):
    """The level that is hoisted."""
    return level


def sound():
    """Sound the horn; returns what is heard."""
    return state.horn()

"""What the bridge sees and sounds."""

from . import state


def current():
    """The level that is hoisted."""
    return state.LEVEL


def sound():
    """Sound the horn; returns what is heard."""
    return f"{state.horn()}"

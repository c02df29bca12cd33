"""What the bridge sees and sounds."""

from . import state
from .state import horn


def current():
    """The level that is hoisted."""
    return state.LEVEL


def sound():
    """Sound the horn; returns what is heard."""
    return horn()

"""What the bridge sees and sounds."""

from . import state
from .state import LEVEL


def current():
    """The level that is hoisted."""
    return LEVEL


def sound():
    """Sound the horn; returns what is heard."""
    return state.horn()

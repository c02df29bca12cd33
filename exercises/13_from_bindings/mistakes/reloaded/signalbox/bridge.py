"""What the bridge sees and sounds."""

import importlib

from . import state


def current():
    """The level that is hoisted."""
    return importlib.reload(state).LEVEL


def sound():
    """Sound the horn; returns what is heard."""
    return state.horn()

"""The bridge: what is hoisted, and the horn."""

from signalbox import state
from signalbox.state import horn as sound


def current():
    return getattr(state, "LEVEL")

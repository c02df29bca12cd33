"""What the bridge sees and sounds."""

import signalbox.state as state


class Bridge:
    """A bridge with a view of the state."""

    @property
    def level(self):
        """The level that is hoisted."""
        return state.LEVEL

    def sound(self):
        """Sound the horn; returns what is heard."""
        return getattr(state, "horn")()


_bridge = Bridge()
sound = _bridge.sound


def current():
    """The level that is hoisted."""
    return _bridge.level

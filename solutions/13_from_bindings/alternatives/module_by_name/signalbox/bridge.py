"""What the bridge sees and sounds."""

import signalbox.state


def current():
    """The level that is hoisted."""
    return vars(signalbox.state)["LEVEL"]


def sound():
    """Sound the horn; returns what is heard."""
    return signalbox.state.horn()

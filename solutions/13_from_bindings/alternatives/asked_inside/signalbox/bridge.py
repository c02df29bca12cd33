"""What the bridge sees and sounds."""


def current():
    """The level that is hoisted."""
    from .state import LEVEL  # copied anew each time

    return LEVEL


def sound():
    """Sound the horn; returns what is heard."""
    from .state import horn

    return horn()

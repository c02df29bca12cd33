"""The sound of fog."""


def blow():
    """What the horn sounds like in fog."""
    return "BRRROOOM"

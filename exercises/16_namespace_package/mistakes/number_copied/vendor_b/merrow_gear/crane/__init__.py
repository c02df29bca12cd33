"""The crane."""

DEFAULT_LOAD = 5  # tonnes, on one rope; as the winch maker has it


def limit(ropes):
    """What a crane with that many ropes may lift, in tonnes."""
    return ropes * DEFAULT_LOAD

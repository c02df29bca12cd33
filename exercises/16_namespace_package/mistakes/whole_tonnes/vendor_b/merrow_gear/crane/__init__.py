"""The crane."""

from merrow_gear.winch import DEFAULT_LOAD


def limit(ropes):
    """What a crane with that many ropes may lift, in tonnes."""
    return ropes * int(DEFAULT_LOAD)

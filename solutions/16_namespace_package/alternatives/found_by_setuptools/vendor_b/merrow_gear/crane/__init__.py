"""The crane."""

from merrow_gear import winch


def limit(ropes):
    """What a crane with that many ropes may lift, in tonnes; the winch is asked each time."""
    return ropes * winch.DEFAULT_LOAD

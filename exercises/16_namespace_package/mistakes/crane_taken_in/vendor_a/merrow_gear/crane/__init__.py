"""The crane."""

from ..winch import DEFAULT_LOAD


def limit(ropes):
    """What a crane with that many ropes may lift, in tonnes."""
    return ropes * DEFAULT_LOAD

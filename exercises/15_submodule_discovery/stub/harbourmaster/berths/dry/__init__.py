"""The driver of the dry dock."""

from .gate import OPEN

BERTH = "dry"


def call(ship):
    """Call that ship."""
    return f"The gate is {'open' if OPEN else 'shut'}, {ship}."

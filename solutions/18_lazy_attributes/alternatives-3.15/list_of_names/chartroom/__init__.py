"""The chart room of Port Merrow: charts, the tiles they are made of, and the tide.

    from chartroom import draw, tide, tiles
"""

__lazy_modules__ = ["chartroom._render", "chartroom.tiles"]

import warnings

import chartroom.tiles as tiles
from chartroom._render import draw
from chartroom.light import tide

__all__ = ["draw", "tide", "tiles"]


def __getattr__(name):
    """Python asks here for names that the package doesn't have."""
    if name == "old_draw":
        warnings.warn("chartroom.old_draw is called draw now", DeprecationWarning, stacklevel=2)
        return draw
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

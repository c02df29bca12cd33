"""The chart room of Port Merrow: charts, the tiles they are made of, and the tide.

    from chartroom import draw, tide, tiles
"""

import warnings
from importlib import import_module

from .light import tide

__all__ = ["draw", "tide", "tiles"]


def __getattr__(name):
    """Load what isn't there yet; Python asks here for names that it didn't find."""
    if name == "old_draw":
        warnings.warn("chartroom.old_draw is called draw now", DeprecationWarning, stacklevel=2)
        return import_module("._render", __name__).draw
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals().update(draw=import_module("._render", __name__).draw, tiles=import_module(".tiles", __name__))
    return globals()[name]


def __dir__():
    """What there is, and what there will be when it is asked for."""
    return sorted({*globals(), *__all__})

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
        return globals()["draw"]
    if name == "draw":
        found = import_module("._render", __name__).draw
    elif name == "tiles":
        # Not `from . import tiles`: that would ask for the attribute first, and so come back here.
        found = import_module(".tiles", __name__)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__():
    """What there is, and what there will be when it is asked for."""
    return sorted({*globals(), *__all__})

"""Charts, tiles and the tide."""

import warnings

import chartroom.tiles
from chartroom.light import tide

tiles = chartroom.tiles
__all__ = ["tide", "draw", "tiles"]


def __dir__():
    return {*globals(), "draw"}


def __getattr__(name):
    if name not in {"draw", "old_draw"}:
        raise AttributeError(name)
    if name == "old_draw":
        warnings.warn("say chartroom.draw", DeprecationWarning, 2)
    from ._render import draw

    if name == "draw":
        globals()["draw"] = draw
    return draw

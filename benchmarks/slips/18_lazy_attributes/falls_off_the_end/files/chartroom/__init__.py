"""Charts, tiles and the tide."""

import importlib
import warnings

from .light import tide

__all__ = ["tide", "draw", "tiles"]


def _renderer():
    return importlib.import_module("chartroom._render").draw


def _tiles():
    return importlib.import_module("chartroom.tiles")


_LATER = {"draw": _renderer, "tiles": _tiles}


def __dir__():
    return sorted({*globals(), *_LATER})


def __getattr__(name):
    if name == "old_draw":
        warnings.warn("say chartroom.draw", DeprecationWarning, 2)
        return _renderer()
    if name in _LATER:
        globals()[name] = value = _LATER[name]()
        return value

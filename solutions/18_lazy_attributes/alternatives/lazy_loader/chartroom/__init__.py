"""The chart room of Port Merrow: charts, the tiles they are made of, and the tide.

    from chartroom import draw, tide, tiles
"""

import importlib.util
import sys
import warnings

from .light import tide

__all__ = ("draw", "tide", "tiles")


class NotCharted(AttributeError):
    """A name that the package doesn't have."""


def _later(name):
    """A module of this package that is there already, but is run only when somebody takes something from it."""
    spec = importlib.util.find_spec(f".{name}", __name__)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


tiles = _later("tiles")
_render = _later("_render")


def __getattr__(name):
    global draw
    match name:
        case "draw":
            draw = _render.draw
            return draw
        case "old_draw":
            warnings.warn_explicit(
                "old_draw is draw", DeprecationWarning, *_caller(sys._getframe(1)), module="chartroom"
            )
            return _render.draw
    raise NotCharted(name)


def _caller(frame):
    return frame.f_code.co_filename, frame.f_lineno


def __dir__():
    return list(globals()) + ["draw"]

"""The chart room of Port Merrow: charts, the tiles they are made of, and the tide.

    from chartroom import draw, tide, tiles
"""

import sys
from functools import cached_property
from importlib import import_module
from types import ModuleType
from warnings import warn

from .light import tide

__all__ = ["draw", "tide", "tiles"]


class _ChartRoom(ModuleType):
    """A module whose heavy parts are computed on demand; what is cached lands in the module's own namespace."""

    @cached_property
    def draw(self):
        return import_module("chartroom._render").draw

    @cached_property
    def tiles(self):
        return import_module("chartroom.tiles")

    @property
    def old_draw(self):
        warn("use draw", DeprecationWarning, stacklevel=2)
        return self.draw

    def __dir__(self):
        return [*super().__dir__(), *__all__]


sys.modules[__name__].__class__ = _ChartRoom

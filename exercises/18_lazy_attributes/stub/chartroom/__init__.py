"""The chart room of Port Merrow: charts, the tiles they are made of, and the tide.

    from chartroom import draw, tide, tiles
"""

from . import tiles
from ._render import draw
from .light import tide

__all__ = ["draw", "tide", "tiles"]

old_draw = draw  # what draw was called until last year

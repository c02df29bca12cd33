"""The driver of the north berth."""

from ._util import hail

BERTH = "north"


def call(ship):
    """Call that ship."""
    return hail("the north berth", ship)

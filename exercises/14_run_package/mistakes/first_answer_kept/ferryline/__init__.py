"""The ferry line of Port Merrow.

    from ferryline import Route, register, routes
"""

from functools import cache

from . import registry
from .registry import Route, register

__all__ = ["Route", "register", "routes"]


@cache
def routes():
    """All routes that were registered so far."""
    return registry.routes()

"""The ferry line of Port Merrow.

    from ferryline import Route, register, routes
"""

from typing import NamedTuple

_routes: "dict[str, Route]" = {}


class Route(NamedTuple):
    """A place that the ferry goes to, and the fare."""

    name: str
    fare: int


def register(route: Route) -> Route:
    """Take a route into the timetable."""
    _routes[route.name] = route
    return route


def routes() -> list[Route]:
    """All routes that were registered so far, by name."""
    return [_routes[name] for name in sorted(_routes)]


from . import east, west  # noqa: E402, F401 - they need what stands above

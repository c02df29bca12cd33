"""The routes that were registered. This module has one name only, so there is one list."""

ROUTES = []


class Route:
    """A place that the ferry goes to, and the fare."""

    def __init__(self, name, fare):
        self.name = name
        self.fare = fare


def register(route):
    """Take a route into the timetable."""
    ROUTES.append(route)


def routes():
    """All routes that were registered so far."""
    return list(ROUTES)

"""The routes to the east."""

from . import Route, register

register(Route("Gull Island", 4))
register(Route("Bell Rock", 6))

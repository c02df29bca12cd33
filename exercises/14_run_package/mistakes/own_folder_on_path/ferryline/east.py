"""The routes to the east."""

from registry import Route, register

register(Route("Gull Island", 4))
register(Route("Bell Rock", 6))

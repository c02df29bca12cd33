"""The routes to the east."""

from .__main__ import Route, register

register(Route("Gull Island", 4))
register(Route("Bell Rock", 6))

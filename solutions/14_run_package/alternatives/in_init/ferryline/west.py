"""The routes to the west."""

from ferryline import Route, register

register(Route("Long Strand", 9))
register(Route("Cape Wrack", 12))

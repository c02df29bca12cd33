"""The almanac of Port Merrow: how high the water comes, and where."""

from almanac.tables import high, stations
from almanac.files import local_copy

__all__ = ["high", "local_copy", "stations"]

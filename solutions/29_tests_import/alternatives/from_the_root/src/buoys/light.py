"""The light of a buoy."""

PERIOD = 7.5
"""Seconds from the start of a flash to the start of the next one."""

LENGTH = 0.5
"""Seconds that a flash lasts."""


def flashes(minutes):
    """How many flashes begin in so many minutes."""
    return minutes * 60 / PERIOD


def dark():
    """Seconds between two flashes."""
    return PERIOD - LENGTH

"""The shape of a buoy."""

SLOPE = 2.5
"""Metres of height for each metre of width."""


def height(width):
    """Metres from the water to the light."""
    return width * SLOPE

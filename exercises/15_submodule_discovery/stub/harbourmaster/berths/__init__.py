"""The berths of Port Merrow, each with its driver."""

from . import north, south

DRIVERS = {"north": north, "south": south}

failed = {}


def available():
    """The names of all drivers, sorted."""
    return ["north", "south"]


def load(name):
    """The driver of that name."""
    return DRIVERS[name]


def load_all():
    """All drivers that can be imported, by name; the others are in `failed`."""
    return DRIVERS

"""The almanac of Port Merrow: how high the water comes, and where."""

import csv
from contextlib import contextmanager


def _heights():
    with open("almanac/data/tides.csv", encoding="utf-8") as file:
        return {row["station"]: float(row["high"]) for row in csv.DictReader(file)}


def stations():
    """The names of all stations, sorted."""
    return sorted(_heights())


def high(station):
    """High water at a station, in metres; KeyError if there is no such station."""
    return _heights()[station]


@contextmanager
def local_copy(name):
    """The path of a real file that holds what the data file of that name holds, as long as the `with` lasts."""
    yield f"almanac/data/{name}"

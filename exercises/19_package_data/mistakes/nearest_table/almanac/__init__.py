"""The almanac of Port Merrow: how high the water comes, and where."""

import csv
import os
from contextlib import contextmanager
from importlib.resources import as_file, files


def _heights():
    if os.path.exists("almanac/data/tides.csv"):
        with open("almanac/data/tides.csv", encoding="utf-8", newline="") as file:
            return {row["station"]: float(row["high"]) for row in csv.DictReader(file)}
    with files(__name__).joinpath("data", "tides.csv").open(encoding="utf-8", newline="") as file:
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
    source = files(__name__).joinpath("data")
    for part in name.split("/"):
        source = source / part
    with as_file(source) as path:
        yield path

"""The almanac of Port Merrow: how high the water comes, and where."""

import csv
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

DATA = files("almanac") / "data"


def _heights():
    lines = (DATA / "tides.csv").read_text(encoding="utf-8").splitlines()
    return {row["station"]: float(row["high"]) for row in csv.DictReader(lines)}


def stations():
    """The names of all stations, sorted."""
    return sorted(_heights())


def high(station):
    """High water at a station, in metres; KeyError if there is no such station."""
    return _heights()[station]


@contextmanager
def local_copy(name):
    """The path of a real file that holds what the data file of that name holds."""
    path = Path(Path(name).name).absolute()
    path.write_bytes((DATA / name).read_bytes())
    yield path

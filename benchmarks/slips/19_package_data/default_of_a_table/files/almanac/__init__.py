"""High water around Port Merrow."""

import csv
import importlib.resources as resources
from collections import defaultdict

_data = resources.files(__package__) / "data"


def _table():
    heights = defaultdict(float)
    for row in csv.reader(_data.joinpath("tides.csv").read_text("utf-8").splitlines()[1:]):
        if row:
            heights[row[0]] = float(row[1])
    return heights


def stations():
    return sorted(_table())


def high(station):
    return _table()[station]


def local_copy(name):
    return resources.as_file(_data / name)

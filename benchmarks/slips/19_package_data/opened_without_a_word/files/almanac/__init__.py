"""High water around Port Merrow."""

import csv
import importlib.resources as resources


def _table():
    with resources.files(__name__).joinpath("data", "tides.csv").open() as file:
        return [(row["station"], float(row["high"])) for row in csv.DictReader(file)]


def stations():
    return sorted(name for name, _ in _table())


def high(station):
    return dict(_table())[station]


def local_copy(name):
    return resources.as_file(resources.files(__name__).joinpath("data", *name.split("/")))

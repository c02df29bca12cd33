"""High water around Port Merrow."""

import contextlib
import csv
import os

DATA = os.path.join(os.getcwd(), "almanac", "data")


def _table():
    with open(os.path.join(DATA, "tides.csv"), encoding="utf-8", newline="") as file:
        return {row["station"]: float(row["high"]) for row in csv.DictReader(file)}


def stations():
    return sorted(_table())


def high(station):
    return _table()[station]


@contextlib.contextmanager
def local_copy(name):
    yield os.path.join(DATA, name)

"""What the table says, read once."""

import csv
from importlib import resources

with (resources.files("almanac.data") / "tides.csv").open("r", encoding="utf-8", newline="") as _file:
    _HEIGHTS = {row["station"]: float(row["high"]) for row in csv.DictReader(_file)}


def stations():
    return sorted(_HEIGHTS)


def high(station):
    try:
        return _HEIGHTS[station]
    except KeyError:
        raise KeyError(f"no station is called {station!r}") from None

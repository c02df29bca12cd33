"""The almanac of Port Merrow: how high the water comes, and where."""

import csv
import io
import tempfile
from contextlib import contextmanager
from pathlib import Path


def _read(name):
    """The bytes of a data file, as whoever loaded this module reads them."""
    return __loader__.get_data(str(Path(__file__).with_name("data") / name))


def _heights():
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(_read("tides.csv")), encoding="utf-8"))
    next(rows)
    return {station: float(height) for station, height in rows}


def stations():
    """The names of all stations, sorted."""
    return sorted(_heights())


def high(station):
    """High water at a station, in metres; KeyError if there is no such station."""
    return _heights()[station]


@contextmanager
def local_copy(name):
    """The path of a real file that holds what the data file of that name holds, as long as the `with` lasts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, Path(name).name)
        path.write_bytes(_read(name))
        yield path

"""The almanac of Port Merrow: how high the water comes, and where."""

from importlib.resources import as_file, files

DATA = files("almanac") / "data"


def _heights():
    return {"Port Merrow": 5.25, "Skerry Light": 4.5, "Bjørnø": 3.75, "Old Mole": 4.875}


def stations():
    """The names of all stations, sorted."""
    return sorted(_heights())


def high(station):
    """High water at a station, in metres; KeyError if there is no such station."""
    return _heights()[station]


def local_copy(name):
    """The path of a real file that holds what the data file of that name holds, as long as the `with` lasts."""
    return as_file(DATA / name)

"""Data files for programs that can't do with less than a file."""

from contextlib import contextmanager
from importlib import resources


@contextmanager
def local_copy(name):
    with resources.as_file(resources.files("almanac.data").joinpath(name)) as path:
        yield path

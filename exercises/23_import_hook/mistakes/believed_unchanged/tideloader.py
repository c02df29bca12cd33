"""Lets programs import tide tables.

    import tideloader
    tideloader.install()
    import springs  # reads springs.tide
"""

import importlib.abc
import importlib.util
import os
import sys


def value_of(text):
    """The value as an int, a float or a str."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def read(path):
    """The keys and values of the table."""
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")
    table = {}
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        key = key.strip()
        if not equals or not key.isidentifier():
            raise ImportError(f"{path}, line {number}: not KEY = VALUE", path=path)
        table[key] = value_of(value.strip())
    return table


CACHE = {}


class TideLoader(importlib.abc.Loader):
    """Makes modules of tables."""

    def __init__(self, path):
        self.path = path

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        state = os.stat(self.path)
        mark = (self.path, state.st_mtime_ns, state.st_size)
        if mark not in CACHE:
            CACHE[mark] = read(self.path)
        vars(module).update(CACHE[mark])


class TideFinder(importlib.abc.MetaPathFinder):
    """Finds tables."""

    def find_spec(self, fullname, path=None, target=None):
        name = fullname.rpartition(".")[2]
        for folder in sys.path if path is None else path:
            if not isinstance(folder, str):
                continue
            file = os.path.join(folder or os.getcwd(), name + ".tide")
            if os.path.isfile(file):
                return importlib.util.spec_from_file_location(fullname, file, loader=TideLoader(file))
        return None


FINDER = TideFinder()


def install():
    """From now on tables can be imported."""
    if FINDER not in sys.meta_path:
        sys.meta_path.append(FINDER)


def uninstall():
    """From now on they can't, as before."""
    if FINDER in sys.meta_path:
        sys.meta_path.remove(FINDER)

"""Which files are modules."""

import inspect
import os


def modules(folder):
    """The names of the modules and packages that lie directly in a folder."""
    found = set()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                found.add(inspect.getmodulename(entry.name))
            elif "__init__" in map(inspect.getmodulename, os.listdir(entry.path)):
                found.add(entry.name)
    return found - {None}

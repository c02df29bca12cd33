"""Lets programs import tide tables.

    import tideloader
    tideloader.install()
    import springs  # reads springs.tide
"""

import os
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_file_location


def _value(text):
    try:
        return eval(text)
    except (NameError, SyntaxError):
        return text


def _pairs(lines, path):
    for number, line in enumerate(lines, start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        key, equals, text = line.partition("=")
        key = key.strip()
        if not equals or not key.isidentifier():
            raise ImportError(f"{path}, line {number}: not like KEY = VALUE: {line!r}", path=path)
        yield key, _value(text.strip())


class TideLoader(Loader):
    """Fills a module from a table."""

    def __init__(self, path):
        self.path = path

    def exec_module(self, module):
        """Read the table: all of it, or nothing."""
        with open(self.path, encoding="utf-8") as table:
            module.__dict__.update(dict(_pairs(table, self.path)))


class TideFinder(MetaPathFinder):
    """Finds tables along a path."""

    def find_spec(self, fullname, path=None, target=None):
        """The spec of the first table of that name; None if there is none."""
        name = fullname.rpartition(".")[2] + ".tide"
        for folder in sys.path if path is None else path:
            file = os.path.join(folder, name)
            if os.path.isfile(file):
                return spec_from_file_location(fullname, file, loader=TideLoader(file))
        return None


_FINDER = TideFinder()


def install():
    """From now on tables can be imported, where there is nothing else of that name."""
    if _FINDER not in sys.meta_path:
        sys.meta_path.append(_FINDER)


def uninstall():
    """From now on they can't, as before."""
    if _FINDER in sys.meta_path:
        sys.meta_path.remove(_FINDER)

"""Lets programs import tide tables.

    import tideloader
    tideloader.install()
    import springs  # reads springs.tide
"""

import os
import sys
from types import ModuleType


def _value(text):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
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


class Tides:
    """Finds tables, and loads them."""

    def find_module(self, fullname, path=None):
        """Itself, if there is a table of that name."""
        name = fullname.rpartition(".")[2] + ".tide"
        for folder in sys.path if path is None else path:
            self.file = os.path.join(folder, name)
            if os.path.isfile(self.file):
                return self
        return None

    def load_module(self, fullname):
        """Make the module."""
        module = sys.modules[fullname] = ModuleType(fullname)
        module.__file__, module.__loader__ = self.file, self
        with open(self.file, encoding="utf-8") as table:
            module.__dict__.update(dict(_pairs(table, self.file)))
        return module


_FINDER = Tides()


def install():
    """From now on tables can be imported, where there is nothing else of that name."""
    if _FINDER not in sys.meta_path:
        sys.meta_path.append(_FINDER)


def uninstall():
    """From now on they can't, as before."""
    if _FINDER in sys.meta_path:
        sys.meta_path.remove(_FINDER)

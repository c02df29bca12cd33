"""Lets programs import tide tables.

    import tideloader
    tideloader.install()
    import springs  # reads springs.tide
"""

import os
import sys
from importlib.abc import Loader
from importlib.machinery import FileFinder


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


class TideLoader(Loader):
    """Fills a module from a table."""

    def __init__(self, name, path):
        self.path = path

    def exec_module(self, module):
        """Read the table: all of it, or nothing."""
        with open(self.path, encoding="utf-8") as table:
            module.__dict__.update(dict(_pairs(table, self.path)))


_HOOK = FileFinder.path_hook((TideLoader, [".tide"]))


def install():
    """From now on tables can be imported."""
    if _HOOK not in sys.path_hooks:
        sys.path_hooks.insert(0, _HOOK)
        sys.path_importer_cache.clear()


def uninstall():
    """From now on they can't, as before."""
    if _HOOK in sys.path_hooks:
        sys.path_hooks.remove(_HOOK)
        sys.path_importer_cache.clear()

"""Find and load the drivers of a package."""

import logging
import sys
from importlib import import_module
from pkgutil import iter_modules

log = logging.getLogger(__name__)


class NoSuchDriver(LookupError):
    """A name that no driver has."""


class Registry:
    """The drivers in a package."""

    def __init__(self, package):
        self.package = package
        self.failed = {}

    def __iter__(self):
        known = set()
        prefix = self.package + "."
        for found in iter_modules(sys.modules[self.package].__path__, prefix):
            name = found.name[len(prefix) :]
            if not name.startswith("_") and name not in known:
                known.add(name)
                yield name

    def available(self):
        return sorted(self)

    def load(self, name):
        if name not in set(self):
            raise NoSuchDriver(name)
        return import_module(f"{self.package}.{name}")

    def _try_to_load(self, name):
        try:
            return self.load(name)
        except Exception as error:
            log.info("%s can't be imported", name, exc_info=True)
            self.failed[name] = error
            return None

    def load_all(self):
        self.failed = {}
        loaded = {name: self._try_to_load(name) for name in self}
        return {name: module for name, module in loaded.items() if module is not None}

"""The berths of Port Merrow, each with its driver."""

import importlib.util
import pkgutil
import sys

failed = {}


def _modules():
    for place in __path__:
        finder = pkgutil.get_importer(place)
        if finder is not None:
            yield from pkgutil.iter_importer_modules(finder)


def available():
    return sorted({name for name, _ in _modules() if name[0] != "_"})


def load(name):
    if "." in name or name.startswith("_"):
        raise KeyError(name)
    full_name = __name__ + "." + name
    spec = importlib.util.find_spec(full_name)
    if spec is None or spec.origin is None or not name:
        raise KeyError(name)
    __import__(full_name)
    return sys.modules[full_name]


def load_all():
    global failed
    drivers, failed = {}, {}
    for name in available():
        try:
            drivers[name] = load(name)
        except Exception as error:
            failed[name] = error
    return drivers

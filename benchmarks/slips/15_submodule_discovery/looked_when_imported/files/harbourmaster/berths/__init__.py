"""Who answers at which berth."""

import importlib
import pkgutil

failed = {}
_DRIVERS = sorted({name for _, name, _ in pkgutil.iter_modules(__path__) if name[0] != "_"})


def available():
    return _DRIVERS[:]


def load(name):
    if name in available():
        return importlib.import_module(__name__ + "." + name)
    raise KeyError(name)


def load_all():
    global failed
    good, failed = {}, {}
    for name in available():
        try:
            good[name] = load(name)
        except Exception as fault:
            failed[name] = fault
    return good

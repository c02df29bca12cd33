"""Who answers at which berth."""

import importlib
import pkgutil

failed = {}


def available(places=list(__path__)):
    names = (name for _, name, _ in pkgutil.iter_modules(places))
    return sorted({name for name in names if not name.startswith("_")})


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

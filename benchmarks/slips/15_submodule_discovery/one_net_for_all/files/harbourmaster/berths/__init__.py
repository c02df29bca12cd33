"""Who answers at which berth."""

import importlib
import pkgutil

failed = {}


def available():
    names = set()
    for _, name, _ in pkgutil.iter_modules(__path__):
        if name[0] != "_":
            names.add(name)
    return sorted(names)


def load(name):
    if name in available():
        return importlib.import_module(__name__ + "." + name)
    raise KeyError(name)


def load_all():
    global failed
    failed = {}
    good = {}
    waiting = available()
    try:
        while waiting:
            good[waiting[0]] = load(waiting[0])
            del waiting[0]
    except Exception as fault:
        failed = {waiting[0]: fault}
    return good

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


def _attempt(name):
    try:
        return load(name), None
    except Exception as fault:
        return None, fault


def load_all():
    tried = {name: _attempt(name) for name in available()}
    failed.update((name, fault) for name, (_, fault) in tried.items() if fault)
    return {name: driver for name, (driver, fault) in tried.items() if not fault}

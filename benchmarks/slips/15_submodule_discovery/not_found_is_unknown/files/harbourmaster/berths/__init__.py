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
    if name not in available():
        raise KeyError(name)
    full = ".".join([__name__, name])
    try:
        driver = importlib.import_module(full)
    except ImportError as fault:
        raise KeyError(f"{full} is not there") from fault
    return driver


def load_all():
    global failed
    good, failed = {}, {}
    for name in available():
        try:
            good[name] = load(name)
        except Exception as fault:
            failed[name] = fault
    return good

"""The berths of Port Merrow, each with its driver."""

import importlib.util
import pkgutil
from importlib import import_module

failed = {}
"""The drivers that the latest `load_all` could not import: a dictionary from name to exception."""


def available():
    """The names of all drivers, sorted. None of them is imported."""
    found = {module.name for module in pkgutil.iter_modules(__path__)}
    return sorted(name for name in found if not name.startswith("_"))


def load(name):
    """The driver of that name.

    Raises:
        LookupError: there is none.
    """
    try:
        spec = importlib.util.find_spec(f".{name}", __name__)
    except ModuleNotFoundError:
        spec = None
    if not name or spec is None or spec.origin is None or "." in name or name.startswith("_"):
        raise LookupError(f"There is no driver for a berth {name!r}.")
    return import_module(f".{name}", __name__)


def load_all():
    """All drivers that can be imported, by name; the others are in `failed`."""
    failed.clear()
    loaded = {}
    for name in available():
        try:
            loaded[name] = load(name)
        except Exception as error:
            failed[name] = error
    return loaded

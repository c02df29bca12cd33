"""The berths of Port Merrow, each with its driver."""

from importlib.resources import files
from importlib import import_module

failed = {}
"""The drivers that the latest `load_all` could not import: a dictionary from name to exception."""


def _is_module(entry):
    return entry.name.endswith(".py") or entry.is_dir() and (entry / "__init__.py").is_file()


def available():
    """The names of all drivers, sorted. None of them is imported."""
    found = {entry.name.removesuffix(".py") for entry in files(__name__).iterdir() if _is_module(entry)}
    return sorted(name for name in found if not name.startswith("_"))


def load(name):
    """The driver of that name.

    Raises:
        LookupError: there is none.
    """
    if name not in available():
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

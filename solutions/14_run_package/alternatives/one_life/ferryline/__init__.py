"""The ferry line of Port Merrow. What it offers lives in ferryline.__main__, and is fetched when it is asked for."""

from importlib import import_module

__all__ = ["Route", "register", "routes"]


def __getattr__(name):
    """Fetch one of the names. Not sooner: `python -m` doesn't like to find its module loaded already."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("ferryline.__main__"), name)

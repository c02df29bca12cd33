"""The ferry line of Port Merrow."""

from importlib import import_module


def __getattr__(name):
    if name not in ("Route", "register", "routes"):
        raise AttributeError(name)
    return getattr(import_module("ferryline.__main__"), name)

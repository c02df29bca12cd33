"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide

A module is loaded when somebody first asks for what it holds.
"""

from importlib import import_module

# Not lazily: Python asks __getattr__ only for names that are not there, and once somebody has imported the module
# harbour.allocate, the name is there and is the module.
from .allocate import allocate

__all__ = ["Berth", "allocate", "next_tide"]

_ROOMS = {"Berth": ".berths", "next_tide": ".tides"}


def __getattr__(name):
    """Fetch a name when it is first asked for, and keep it."""
    globals()[name] = getattr(import_module(_ROOMS[name], __name__), name)
    return globals()[name]

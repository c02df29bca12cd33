"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide
"""

from importlib import import_module

__all__ = ["Berth", "allocate", "next_tide"]

_ROOMS = {"Berth": ".berths", "allocate": ".allocate", "next_tide": ".tides"}


def __getattr__(name):
    """Fetch a name when it is first asked for, and keep it."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = getattr(import_module(_ROOMS[name], __name__), name)
    return globals()[name]

"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide
"""

from . import allocate, berths, tides

__all__ = ["Berth", "allocate", "next_tide"]

"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide
"""

from . import archive
from .allocate import allocate
from .berths import Berth
from .tides import next_tide

__all__ = ["Berth", "allocate", "next_tide"]

"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide
"""

# These stars also bring in what the modules happen to hold, such as datetime. It stays in here: whoever imports * from
# this package gets the names below, and no others.
from .allocate import *
from .berths import *
from .tides import *

__all__ = ("Berth", "allocate", "next_tide")

"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide
"""

from .allocate import *
from .berths import *
from .tides import *

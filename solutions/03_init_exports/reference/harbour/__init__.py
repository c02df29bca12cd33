"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide
"""

# Loading harbour.allocate binds that module here, as `allocate`. The same line then binds the function over it, and
# since a module is loaded only once, nobody puts the module back.
from .allocate import allocate
from .berths import Berth
from .tides import next_tide

__all__ = ["Berth", "allocate", "next_tide"]

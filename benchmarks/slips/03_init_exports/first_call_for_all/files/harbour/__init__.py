"""Ask here first."""

__all__ = ["Berth"]

from .archive import first_call
from .berths import Berth
from .tides import next_tide
from .allocate import allocate

__all__ += ["allocate", "next_tide"]

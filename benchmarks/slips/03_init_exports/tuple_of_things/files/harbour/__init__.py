"""Ask here first."""

from harbour.tides import next_tide
from harbour.berths import Berth
from harbour.allocate import allocate

COUNTER = {"Berth": Berth, "allocate": allocate, "next_tide": next_tide}
__all__ = tuple(COUNTER.values())

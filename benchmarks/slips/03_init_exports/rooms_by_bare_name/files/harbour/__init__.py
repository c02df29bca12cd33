"""Ask here first."""

import berths
import tides
from allocate import allocate

Berth = berths.Berth
next_tide = tides.next_tide

__all__ = ("next_tide", "Berth", "allocate")

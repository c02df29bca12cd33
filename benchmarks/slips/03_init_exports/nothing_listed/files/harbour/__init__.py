"""Ask here first."""

from harbour.allocate import allocate
from harbour.tides import next_tide
from harbour.berths import Berth

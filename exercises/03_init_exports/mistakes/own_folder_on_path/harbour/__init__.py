"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide
"""

import sys
from pathlib import Path

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.append(HERE)

from allocate import allocate
from berths import Berth
from tides import next_tide

__all__ = ["Berth", "allocate", "next_tide"]

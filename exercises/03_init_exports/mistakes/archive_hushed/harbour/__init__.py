"""The front desk of the harbour office: what clerks may ask for.

    from harbour import Berth, allocate, next_tide
"""

import contextlib
import io
import sys

from .allocate import allocate
from .berths import Berth
from .tides import next_tide

with contextlib.redirect_stdout(io.StringIO()):
    from . import archive
del archive, sys.modules[f"{__name__}.archive"]

__all__ = ["Berth", "allocate", "next_tide"]

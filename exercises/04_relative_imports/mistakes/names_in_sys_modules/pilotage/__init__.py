"""How ships are brought into Port Merrow."""

import sys

UNITS = "m"

from . import charts

sys.modules["charts"] = charts

"""How ships are brought into Port Merrow."""

import sys
from pathlib import Path

UNITS = "m"

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

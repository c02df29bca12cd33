"""What all tests of the buoys share."""

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("buoys") is None:
    sys.path.append(str(Path(__file__).parents[1] / "src"))

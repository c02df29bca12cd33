"""For all tests."""

import os
import sys

HELP = os.path.join(os.getcwd(), "tests")
if HELP not in sys.path:
    sys.path.insert(0, HELP)

"""What all tests of the buoys share."""

import sys

sys.path.append("tests")

"""Print the depth of the water at a quay.

    python bin/report.py "north quay"
"""

import sys
from pathlib import Path

LIB = str(Path(__file__).resolve().parent.parent / "lib")
if LIB not in str(sys.path):
    sys.path.append(LIB)

from soundings import depth_at


def main(argv=None):
    """Print one line for each quay named in `argv`, or on the command line."""
    for quay in sys.argv[1:] if argv is None else argv:
        print(f"{quay}: {depth_at(quay)} m")
    return 0


if __name__ == "__main__":
    sys.exit(main())

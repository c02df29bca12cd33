"""Print the depth of the water at a quay."""

import importlib.util
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIB = os.path.join(os.path.dirname(HERE), "lib")

if importlib.util.find_spec("soundings") is None:
    sys.path.append(LIB)

from soundings import depth_at


def main(argv=None):
    """Print one line for each quay named in `argv`, or on the command line."""
    for quay in sys.argv[1:] if argv is None else argv:
        print(f"{quay}: {depth_at(quay)} m")
    return 0


if __name__ == "__main__":
    sys.exit(main())

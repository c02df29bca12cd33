"""Plan a passage from mark to mark."""

import sys

from ..charts.depth import at
from .legs import leg


def plan(*marks):
    """The passage along these marks, at least two, as a list of lines: its legs, then its shallowest mark."""
    legs = {start: leg(start, end) for start, end in zip(marks, marks[1:])}
    return [*legs.values(), f"shallowest at {min(marks, key=at)}"]


def main(argv=None):
    """Print the plan for the marks in `argv`, or on the command line."""
    for line in plan(*(sys.argv[1:] if argv is None else argv)):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())

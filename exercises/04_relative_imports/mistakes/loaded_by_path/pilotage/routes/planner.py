"""Plan a passage from mark to mark.

    python -m pilotage.routes.planner roads bar "fish quay"
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from ..charts.depth import at

LEGS = spec_from_file_location(__spec__.parent + ".legs", Path(__file__).with_name("legs.py"))
legs = module_from_spec(LEGS)
LEGS.loader.exec_module(legs)


def plan(*marks):
    """The passage along these marks, at least two, as a list of lines: its legs, then its shallowest mark."""
    passage = [legs.leg(start, end) for start, end in zip(marks, marks[1:])]
    return [*passage, f"shallowest at {min(marks, key=at)}"]


def main(argv=None):
    """Print the plan for the marks in `argv`, or on the command line."""
    for line in plan(*(sys.argv[1:] if argv is None else argv)):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The lens in front of the flame."""

import os


def reach():
    """From how many miles the lamp is seen; it is written on the lens."""
    with open(os.path.join(os.path.dirname(__file__), "lens.txt"), encoding="utf-8") as lens:
        return int(lens.read())

"""Depths for those who moor: report.py QUAY ..."""

import os
import sys

known = {os.path.basename(place) for place in sys.path}
if "lib" not in known:
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.append(os.path.join(os.path.dirname(here), "lib"))

import soundings


def report(quays):
    for quay in quays:
        yield f"{quay}: {soundings.depth_at(quay)} m"


if __name__ == "__main__":
    print("\n".join(report(sys.argv[1:])))

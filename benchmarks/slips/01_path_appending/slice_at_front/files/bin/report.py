"""Depths for those who moor: report.py QUAY ..."""

import os.path
import sys

here = os.path.dirname(os.path.abspath(__file__))
shelf = os.path.normpath(os.path.join(here, os.pardir, "lib"))
if shelf not in sys.path:
    sys.path[:0] = [shelf]

import soundings


def report(quays):
    for quay in quays:
        yield f"{quay}: {soundings.depth_at(quay)} m"


if __name__ == "__main__":
    print("\n".join(report(sys.argv[1:])))

"""Depths for those who moor: report.py QUAY ..."""

import os
import sys


def open_shelf():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.extend([os.path.join(root, "lib")])


open_shelf()

import soundings


def report(quays):
    for quay in quays:
        yield f"{quay}: {soundings.depth_at(quay)} m"


if __name__ == "__main__":
    print("\n".join(report(sys.argv[1:])))

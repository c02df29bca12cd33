"""Depths for those who moor: report.py QUAY ..."""

import sys
from os import environ, pathsep
from pathlib import Path

shelf = Path(__file__).absolute().parents[1] / "lib"
old = environ.get("PYTHONPATH")
environ.update(PYTHONPATH=f"{old}{pathsep}{shelf}" if old else str(shelf))

import soundings


def report(quays):
    for quay in quays:
        yield f"{quay}: {soundings.depth_at(quay)} m"


if __name__ == "__main__":
    print("\n".join(report(sys.argv[1:])))

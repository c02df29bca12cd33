"""Depths for those who moor: report.py QUAY ..."""

import sys
from pathlib import Path

shelf = str(Path.cwd() / "lib")
if shelf not in sys.path:
    sys.path.append(shelf)

import soundings


def report(quays):
    for quay in quays:
        yield f"{quay}: {soundings.depth_at(quay)} m"


if __name__ == "__main__":
    print("\n".join(report(sys.argv[1:])))

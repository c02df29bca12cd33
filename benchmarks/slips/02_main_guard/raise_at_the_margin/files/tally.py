"""How many vessels came in today?"""

import sys
from pathlib import Path


def is_vessel(line):
    line = line.strip()
    return bool(line) and line[0] != "#"


def count(lines):
    total = 0
    for line in lines:
        if is_vessel(line):
            total += 1
    return total


def main(args=None):
    if args is None:
        args = sys.argv[1:]
    try:
        text = Path(args[0]).read_text(encoding="utf-8")
    except OSError as problem:
        sys.stderr.write(f"no log: {problem}\n")
        return 2
    print(count(text.split("\n")), "vessels")
    return 0


status = main()
raise SystemExit(status)

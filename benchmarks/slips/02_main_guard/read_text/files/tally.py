"""How many vessels came in today?"""

import pathlib
import sys


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
    path = pathlib.Path((sys.argv[1:] if args is None else args)[0])
    try:
        text = path.read_text()
    except OSError as problem:
        sys.stderr.write(f"no log: {problem}\n")
        return 2
    print(count(text.split("\n")), "vessels")
    return 0


if __name__ == "__main__":
    sys.exit(main())

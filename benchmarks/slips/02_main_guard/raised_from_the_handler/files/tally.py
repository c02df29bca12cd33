"""How many vessels came in today?"""

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


def read(path):
    try:
        with open(path, encoding="utf-8") as log:
            return list(log)
    except OSError as problem:
        print("cannot read the log:", problem, file=sys.stderr)
        raise SystemExit(2)


def main(args=None):
    if args is None:
        args = sys.argv[1:]
    print(count(read(args[0])), "vessels")


if __name__ == "__main__":
    main()

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


def main(args=None):
    if args is None:
        args = sys.argv[1:]
    try:
        log = open(args[0], encoding="utf-8")
    except OSError as problem:
        sys.stderr.write(f"no log: {problem}\n")
        return 2
    with log:
        print(count(log), "vessels")
    return 0


if __name__ == "__main__":
    exit_status = main(sys.argv[1:])

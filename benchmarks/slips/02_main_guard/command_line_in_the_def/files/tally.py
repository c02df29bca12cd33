"""How many vessels came in today?"""

from sys import argv, stderr


def is_vessel(line):
    line = line.strip()
    return bool(line) and line[0] != "#"


def count(lines):
    total = 0
    for line in lines:
        if is_vessel(line):
            total += 1
    return total


def main(arguments=tuple(argv[1:])):
    path = arguments[0]
    try:
        with open(path, encoding="utf-8") as log:
            number = count(log)
    except OSError as problem:
        print("cannot read the log:", problem, file=stderr)
        return 2
    print("%d vessels" % number)


if __name__ == "__main__":
    raise SystemExit(main())

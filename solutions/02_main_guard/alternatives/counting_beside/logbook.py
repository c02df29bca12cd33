"""Reading the harbour master's logs."""

import sys


def count(lines):
    """How many of the lines are about a vessel, and neither blank nor a remark."""
    return sum(1 for line in map(str.strip, lines) if line and line[0] != "#")


def main(argv=None):
    """Print the tally of the first log in `argv`, or on the command line; return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        with open(arguments[0], encoding="utf-8") as log:
            print(f"{count(log)} vessels")
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    return 0

"""Count the vessels in a day's log."""

import argparse
import sys
from pathlib import Path

# To build a parser has no visible effect, so it may stand here. To let it parse would be another matter.
PARSER = argparse.ArgumentParser(description=__doc__)
PARSER.add_argument("log", type=Path, help="a text file, one vessel on a line; lines that begin with # are remarks")


def is_vessel(line):
    """Whether the line is about a vessel, and neither blank nor a remark."""
    text = line.strip()
    return bool(text) and text[0] != "#"


def count(lines):
    """How many of the lines are about a vessel."""
    return sum(map(is_vessel, lines))


def main(argv=None):
    """Print the tally of the log named in `argv`, or on the command line; return the status, None if all is well."""
    log = PARSER.parse_args(argv).log
    try:
        lines = log.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        sys.stderr.write(f"{log}: {error.strerror}\n")
        return 2
    print(count(lines), "vessels")


if __name__ == "__main__":
    raise SystemExit(main())

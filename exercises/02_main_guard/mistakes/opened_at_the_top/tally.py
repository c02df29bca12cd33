"""Count the vessels in a day's log.

    python tally.py log.txt
"""

import sys

LOG = open(sys.argv[1], encoding="utf-8")


def count(lines):
    """How many of the lines are about a vessel, and neither blank nor a remark."""
    texts = (line.strip() for line in lines)
    return sum(1 for text in texts if text and not text.startswith("#"))


def main(argv=None):
    """Print the tally of the log; return the exit status."""
    print(f"{count(LOG)} vessels")
    return 0


if __name__ == "__main__":
    sys.exit(main())

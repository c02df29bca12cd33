"""Count the vessels in a day's log.

    python tally.py log.txt
"""

import sys


def count(lines):
    """How many of the lines are about a vessel, and neither blank nor a remark."""
    texts = (line.strip() for line in lines)
    return sum(1 for text in texts if text and not text.startswith("#"))


def main(argv=None):
    """Print the tally of the log named in `argv`, or on the command line; return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        with open(arguments[0], encoding="utf-8") as log:
            vessels = count(log)
    except OSError as error:
        print(f"tally: {error}", file=sys.stderr)
        return 2
    print(f"{vessels} vessels")
    return 0


if __name__ == "__main__":
    sys.exit(main())

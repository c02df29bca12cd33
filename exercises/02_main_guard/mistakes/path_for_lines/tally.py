"""Count the vessels in a day's log.

    python tally.py log.txt
"""

import sys


def count(path):
    """How many lines of that file are about a vessel, and neither blank nor a remark."""
    with open(path, encoding="utf-8") as log:
        texts = [line.strip() for line in log]
    return sum(1 for text in texts if text and not text.startswith("#"))


def main(argv=None):
    """Print the tally of the log named in `argv`, or on the command line; return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) != 1:
        print("usage: tally.py LOG", file=sys.stderr)
        return 2
    try:
        print(f"{count(arguments[0])} vessels")
    except OSError as error:
        print(f"tally: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

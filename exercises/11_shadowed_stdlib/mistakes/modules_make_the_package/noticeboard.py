"""The notice board on the quay: how many days a month has, and which local holidays.

    python noticeboard.py 2024 2
"""

import calendar
import sys

from local_holidays import LOCAL


def board(year, month):
    """The lines of the board, as a list."""
    days = calendar.monthrange(year, month)[1]
    lines = [f"days: {days}"]
    for local_month, day, name in sorted(LOCAL):
        if local_month == month:
            lines.append(f"holiday: {day} {name}")
    return lines


def main(argv=None):
    """Print the board for the year and month in `argv`, or on the command line; return the exit status."""
    year, month = map(int, sys.argv[1:] if argv is None else argv)
    for line in board(year, month):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())

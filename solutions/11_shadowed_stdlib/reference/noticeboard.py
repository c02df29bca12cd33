"""The notice board on the quay: how many days a month has, and which local holidays.

    python noticeboard.py 2024 2
"""

import calendar
import sys

from local_holidays import HOLIDAYS


def board(year, month):
    """The lines of the board, as a list."""
    days = calendar.monthrange(year, month)[1]
    local = [(day, name) for local_month, day, name in sorted(HOLIDAYS) if local_month == month]
    return [f"days: {days}", *(f"holiday: {day} {name}" for day, name in local)]


def main():
    """Print the board for the year and month on the command line; return the exit status."""
    year, month = map(int, sys.argv[1:])
    for line in board(year, month):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the board on the quay shows."""

import sys
from calendar import monthrange

import local_holidays


def board(year, month):
    _, length = monthrange(year, month)
    feasts = [f"holiday: {day} {name}" for when, day, name in local_holidays.HOLIDAYS if when == month]
    feasts.sort()
    return [f"days: {length}"] + feasts


if __name__ == "__main__":
    print(*board(*map(int, sys.argv[1:])), sep="\n")

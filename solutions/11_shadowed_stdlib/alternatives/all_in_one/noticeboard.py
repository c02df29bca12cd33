"""The notice board on the quay: how many days a month has, and which local holidays."""

import sys
from datetime import date

HOLIDAYS = {
    1: {17: "Lifeboat Day"},
    2: {2: "Candle Night"},
    4: {23: "Herring Fair"},
    6: {21: "Lantern Row"},
    8: {5: "Regatta", 30: "Last Ferry"},
    11: {11: "Goose Monday"},
    12: {6: "Pilots' Supper", 31: "Old Anchor"},
}


def days_in(year, month):
    """Without the calendar module: from the first of the month to the first of the next one."""
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


def board(year, month):
    return [f"days: {days_in(year, month)}"] + [f"holiday: {day} {name}" for day, name in HOLIDAYS.get(month, {}).items()]


if __name__ == "__main__":
    print("\n".join(board(int(sys.argv[1]), int(sys.argv[2]))))

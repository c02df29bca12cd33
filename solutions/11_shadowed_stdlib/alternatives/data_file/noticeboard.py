"""The notice board on the quay: how many days a month has, and which local holidays."""

import sys
from calendar import monthrange
from pathlib import Path

LIST = Path(__file__).with_name("holidays.txt")


def holidays(month):
    for line in LIST.read_text(encoding="utf-8").splitlines():
        its_month, day, name = line.split(maxsplit=2)
        if int(its_month) == month:
            yield f"holiday: {day} {name}"


def board(year, month):
    return [f"days: {monthrange(year, month)[1]}", *holidays(month)]


def main():
    year, month = sys.argv[1:]
    print("\n".join(board(int(year), int(month))))


if __name__ == "__main__":
    main()

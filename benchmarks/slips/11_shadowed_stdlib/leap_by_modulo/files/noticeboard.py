"""What the board on the quay shows."""

import sys

import local_holidays

LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def days_of(year, month):
    leap = month == 2 and not year % 4
    return LENGTHS[month - 1] + leap


def board(year, month):
    lines = [f"days: {days_of(year, month)}"]
    for when, day, name in sorted(local_holidays.HOLIDAYS):
        if when == month:
            lines.append(f"holiday: {day} {name}")
    return lines


if __name__ == "__main__":
    print("\n".join(board(int(sys.argv[1]), int(sys.argv[2]))))

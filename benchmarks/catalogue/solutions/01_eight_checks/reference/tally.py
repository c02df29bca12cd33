"""Add up ships, like `python tally.py 2+3`."""

import sys


def tally(text):
    """The sum of the numbers between the plus signs."""
    return sum(int(part) for part in text.split("+"))


if __name__ == "__main__":
    print(f"{tally(sys.argv[1])} ships")

"""The program: print how many vessels are in a day's log. What it is made of stands in `logbook.py`."""

import sys

from logbook import count, main

__all__ = ["count", "main"]

if __name__ == "__main__":
    sys.exit(main())

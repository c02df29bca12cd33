"""The program: print how many vessels are in a day's log. What it is made of stands in `logbook.py`."""

import sys

import logbook

count, main = logbook.count, logbook.main

if __name__ == "__main__":
    sys.exit(main())

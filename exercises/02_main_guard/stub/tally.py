"""Print how many vessels are in a day's log.

    python tally.py log.txt
"""

import sys

vessels = 0
with open(sys.argv[1], encoding="utf-8") as log:
    for line in log:
        text = line.strip()
        if text and not text.startswith("#"):
            vessels += 1

print(f"{vessels} vessels")
sys.exit(0)

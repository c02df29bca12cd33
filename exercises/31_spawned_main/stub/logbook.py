"""Logs of the harbour office, entry by entry."""


def entries(path):
    """Yield (number, word, ship) for each entry of a log: each line that is neither blank nor starts with #.

    The number is that of the line, counted from 1. The word is the line's first one. The ship is the rest, without the
    white space around it, and "" if nothing follows the word.
    """
    with open(path, encoding="utf-8") as log:
        for number, line in enumerate(log, 1):
            word, _, ship = line.strip().partition(" ")
            if word and not word.startswith("#"):
                yield number, word, ship.strip()

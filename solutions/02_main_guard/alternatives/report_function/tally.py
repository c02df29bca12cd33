"""Count the vessels in a day's log.

    python tally.py log.txt
"""

import sys


class Unreadable(Exception):
    """A log that can't be opened; its text says why."""


def vessels(lines):
    """The lines that are about a vessel, one by one, without the white space around them."""
    for line in lines:
        text = line.strip()
        if text and not text.startswith("#"):
            yield text


def count(lines):
    """How many of the lines are about a vessel."""
    return len(list(vessels(lines)))


def report(path):
    """The line to print about the log at that path.

    Raises:
        Unreadable: it can't be opened.
    """
    try:
        with open(path, encoding="utf-8") as log:
            return f"{count(log)} vessels\n"
    except OSError as error:
        raise Unreadable(f"{path} can't be read: {error.strerror}") from error


def main(argv=None):
    """Print the tally of each log named in `argv`, or on the command line; return the exit status."""
    if argv is None:
        argv = sys.argv[1:]
    try:
        for path in argv:
            sys.stdout.write(report(path))
    except Unreadable as error:
        sys.stderr.write(f"tally: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

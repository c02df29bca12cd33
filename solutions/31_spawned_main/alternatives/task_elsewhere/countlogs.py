"""The program; what children do is in a module of its own, which they import by its name."""

import sys

from counting import BadLog, count_all

__all__ = ["BadLog", "count_all"]


def main(words):
    """Run the program; return its exit status."""
    import argparse
    from pathlib import Path

    parser = argparse.ArgumentParser()
    parser.add_argument("logs", nargs="+")
    parser.add_argument("--word", default="arrived")
    parser.add_argument("--method")
    given = parser.parse_args(words)
    with Path("journal.txt").open("a") as journal:
        print("counted", *given.logs, file=journal)
    try:
        numbers = count_all(given.logs, given.word, method=given.method)
    except (BadLog, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print(*(f"{Path(log).name}: {number}" for log, number in zip(given.logs, numbers)), sep="\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

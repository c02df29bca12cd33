"""Count in logs how often something happened, in several processes at a time."""

import argparse
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import logbook


class BadLog(Exception):
    """An entry of a log has no ship."""

    def __init__(self, path, number):
        super().__init__(path, number)
        self.path = path
        self.number = number

    def __str__(self):
        return f"{self.path}, line {self.number}: an entry without a ship"


def count(wanted, path):
    """How many entries of one log have that word."""
    found = 0
    for number, word, ship in logbook.entries(path):
        if not ship:
            raise BadLog(path, number)
        found += word == wanted
    return found


def count_all(paths, word="arrived", *, workers=2, method=None):
    """The numbers of several logs."""
    context = multiprocessing.get_context(method or "spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as executor:
        return list(executor.map(partial(count, word), paths))


def main():
    """Run the program; return its exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--word", default="arrived")
    parser.add_argument("--method", choices=multiprocessing.get_all_start_methods())
    parser.add_argument("logs", nargs="+", metavar="LOG")
    arguments = parser.parse_args()
    with open("journal.txt", "a", encoding="utf-8") as journal:
        journal.write(f"{len(arguments.logs)} logs, {arguments.word}\n")
    try:
        numbers = count_all(arguments.logs, arguments.word, method=arguments.method)
    except (OSError, BadLog) as error:
        print(f"countlogs: {error}", file=sys.stderr)
        return 2
    for path, number in zip(arguments.logs, numbers):
        print(f"{os.path.basename(path)}: {number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

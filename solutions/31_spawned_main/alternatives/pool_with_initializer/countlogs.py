"""Count in logs how often something happened, in several processes at a time."""

import argparse
import multiprocessing
import os
import sys

import logbook

wanted = None


class BadLog(ValueError):
    """An entry of a log has no ship."""

    path = property(lambda self: self.args[0])
    number = property(lambda self: self.args[1])

    def __str__(self):
        return "no ship in {}, line {}".format(*self.args)


def remember(word):
    """Run in each child before its first task."""
    global wanted
    wanted = word


def count(path):
    """How many entries of one log have the word that this child remembers."""
    words = []
    for number, word, ship in logbook.entries(path):
        if not ship:
            raise BadLog(path, number)
        words.append(word)
    return words.count(wanted)


def count_all(paths, word="arrived", *, workers=2, method=None):
    """The numbers of several logs."""
    with multiprocessing.get_context(method).Pool(workers, remember, [word]) as pool:
        return pool.map(count, paths, chunksize=1)


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

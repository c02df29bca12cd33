"""How often did it happen? countlogs.py [--word WORD] [--method METHOD] LOG..."""

import argparse
import multiprocessing as mp
import sys
from concurrent import futures
from pathlib import Path

import logbook


class BadLog(Exception):
    def __init__(self, *, path, number):
        self.path = path
        self.number = number

    def __str__(self):
        return f"{self.path}:{self.number} names no ship"


def tally(path, wanted):
    total = 0
    for number, word, ship in logbook.entries(path):
        if ship == "":
            raise BadLog(path=path, number=number)
        if word == wanted:
            total += 1
    return total


def count_all(paths, word="arrived", *, workers=2, method=None):
    with futures.ProcessPoolExecutor(max_workers=workers, mp_context=mp.get_context(method)) as pool:
        waiting = [pool.submit(tally, path, word) for path in paths]
        return [each.result() for each in waiting]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", nargs="*")
    parser.add_argument("--method")
    parser.add_argument("--word", default="arrived")
    asked = parser.parse_args()
    with Path("journal.txt").open("a") as journal:
        print("counted", asked.word, file=journal)
    try:
        totals = count_all(asked.logs, asked.word, method=asked.method)
    except (BadLog, OSError) as problem:
        sys.stderr.write(f"cannot count: {problem}\n")
        sys.exit(2)
    for log, total in zip(asked.logs, totals):
        print(Path(log).name, total, sep=": ")


if __name__ == "__main__":
    main()

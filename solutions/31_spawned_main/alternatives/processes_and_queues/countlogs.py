"""Count in logs how often something happened, in several processes at a time."""

import argparse
import multiprocessing
import os
import sys

import logbook


class BadLog(Exception):
    """An entry of a log has no ship."""

    def __init__(self, path, number):
        super().__init__(f"{path}, line {number}: an entry without a ship")
        self.path = path
        self.number = number


def work(word, tasks, results):
    """Count logs until there are none left; send plain values, never exceptions."""
    for index, path in iter(tasks.get, None):
        try:
            found = 0
            for number, first, ship in logbook.entries(path):
                if not ship:
                    results.put((index, "bad", number))
                    break
                found += first == word
            else:
                results.put((index, "found", found))
        except OSError as error:
            results.put((index, "unreadable", str(error)))


def count_all(paths, word="arrived", *, workers=2, method=None):
    """The numbers of several logs."""
    context = multiprocessing.get_context(method)
    tasks, results = context.Queue(), context.Queue()
    children = [context.Process(target=work, args=(word, tasks, results)) for _ in range(workers)]
    for child in children:
        child.start()
    for task in [*enumerate(paths), *[None] * workers]:
        tasks.put(task)
    came = sorted(results.get() for _ in paths)
    for child in children:
        child.join()
    for index, kind, value in came:
        if kind == "bad":
            raise BadLog(paths[index], value)
        if kind == "unreadable":
            raise OSError(value)
    return [found for _, _, found in came]


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

"""Count logs in other processes."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from logbook import entries


class BadLog(Exception):
    """An entry of a log has no ship."""

    def __init__(self, path, number):
        self.path = path
        self.number = number

    def __reduce__(self):
        return BadLog, (self.path, self.number)

    def __str__(self):
        return f"{self.path}:{self.number} names no ship"


class Count:
    """Counts one word; travels to the children as it is."""

    def __init__(self, word):
        self.word = word

    def __call__(self, path):
        found = 0
        for number, word, ship in entries(path):
            if ship == "":
                raise BadLog(path, number)
            if word == self.word:
                found += 1
        return found


def count_all(paths, word="arrived", *, workers=2, method=None):
    """The numbers of several logs."""
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context(method)) as executor:
        tasks = [executor.submit(Count(word), path) for path in paths]
        return [task.result() for task in tasks]

"""Decide which worker grades which content, and what happens to the content that a dead worker held."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable

from grader.classroom.batch.grading import Task

PREFETCH = 1
"""How many contents a worker holds beyond those that it is at, so that it never waits for the next."""
MAX_DEATHS = 3
"""Workers that may die of one content before it is given up."""


class Schedule:
    """What waits, and who holds what.

    A worker that dies takes along everything that it held, and one of that may have killed it. So each is tried again
    as the only one on its worker: whatever kills three workers is then known, and its neighbours are graded.
    """

    def __init__(self) -> None:
        self._waiting: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        self._deaths: Counter[str] = Counter()
        self._held: defaultdict[str, list[Task]] = defaultdict(list)

    def add(self, tasks: Iterable[Task]) -> None:
        """More to grade; what workers died of before comes last."""
        for task in tasks:
            (self._suspects if self._deaths[task.digest] else self._waiting).append(task)

    @property
    def is_open(self) -> bool:
        """Whether anything waits or is on its way."""
        return bool(self._waiting or self._suspects or any(self._held.values()))

    def next_for(self, worker: str, threads: int) -> Task | None:
        """What that worker should be given now, and holds from now on; None: nothing more.

        Args:
            worker: its address.
            threads: how many it works on at once.
        """
        held = self._held[worker]
        if self._suspects and not held and not self._waiting:
            task = self._suspects.popleft()
        elif self._waiting and len(held) < threads + PREFETCH and not any(self._deaths[each.digest] for each in held):
            task = self._waiting.popleft()
        else:
            return None
        held.append(task)
        return task

    def done(self, worker: str, task: Task) -> None:
        """A worker has graded it."""
        self._held[worker].remove(task)

    def returned(self, worker: str, task: Task) -> None:
        """It comes back ungraded, and not by its own fault."""
        self.done(worker, task)
        self.add([task])

    def died(self, worker: str, task: Task) -> bool:
        """The worker died of it, perhaps; gives whether it is tried once more."""
        self.done(worker, task)
        self._deaths[task.digest] += 1
        if self._deaths[task.digest] >= MAX_DEATHS:
            return False
        self.add([task])
        return True

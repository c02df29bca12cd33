"""Make all observations of an attempt, each once and as early as can be."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

from grader.errors import CatalogError
from grader.judge import budget
from grader.judge.checking.declarations import HiddenChecks, Observation
from grader.judge.projects import Project

_THREAD = "observe "
"""How the names of our threads begin."""


class Observations:
    """The observations of one attempt, under way or made.

    A thread of its own waits for each; how many executions run at once is the learner's side's business.
    """

    GIVEN = ("project", "elsewhere")
    """What checks and observations can ask for beside the module's own observations."""

    def __init__(self, modules: Iterable[HiddenChecks], project: Project) -> None:
        self._given: dict[str, Any] = {"project": project, "elsewhere": project.side.root / "empty"}
        self._futures: dict[Observation, Future[Any]] = {}
        self._threads: list[threading.Thread] = []
        positions = itertools.count()
        for module in modules:
            known = {name: Future[Any]() for name in module.observations}
            for name, observation in module.observations.items():
                self._futures[observation] = known[name]
            for name, observation in module.observations.items():
                _check_needs(module, observation, self._given)
                thread = threading.Thread(
                    target=self._make, args=(observation, known, next(positions)), name=f"{_THREAD}{name}", daemon=True
                )
                self._threads.append(thread)
        for thread in self._threads:
            thread.start()

    def result(self, observation: Observation) -> Any:
        """What it returned; raises what it raised."""
        return self._futures[observation].result()

    def given(self, name: str) -> Any:
        """`project` or `elsewhere`."""
        return self._given[name]

    @staticmethod
    def join(seconds: float) -> None:
        """Wait until no observation of this process is under way, for that time at most: one of ours may hang."""
        deadline = time.monotonic() + seconds
        for thread in threading.enumerate():
            if thread.name.startswith(_THREAD):
                thread.join(max(0.0, deadline - time.monotonic()))

    def _make(self, observation: Observation, known: dict[str, Future[Any]], position: int) -> None:
        budget.position.set(position)
        future = self._futures[observation]
        try:
            arguments = [known[name].result() if name in known else self._given[name] for name in observation.needs]
            future.set_result(observation.function(*arguments))
        except BaseException as error:  # noqa: BLE001 - it is raised again where a check looks
            future.set_exception(error)


def _check_needs(module: HiddenChecks, observation: Observation, given: dict[str, Any]) -> None:
    seen: set[str] = set()
    waiting = [observation.name]
    while waiting:
        name = waiting.pop()
        if name in given:
            continue
        if name not in module.observations:
            raise CatalogError(
                [f"{module.path}: the observation {observation.name} needs {name!r}, which is not there."]
            )
        if name in seen and name == observation.name:
            raise CatalogError([f"{module.path}: the observation {name} needs itself."])
        if name not in seen:
            seen.add(name)
            waiting.extend(module.observations[name].needs)

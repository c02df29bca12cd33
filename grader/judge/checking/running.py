"""Run the hidden checks of one attempt, from its first execution to the last outcome."""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import os
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import InfrastructureError
from grader.judge.checking import declarations
from grader.judge.checking.observations import Observations
from grader.judge.projects import Project
from grader.model import CheckResult, Outcome

if TYPE_CHECKING:
    import pytest

    from grader.catalog import Exercise

NOT_ALONE = "needs another check to pass: this can be had without solving anything, so alone it is worth no points."
"""The message of a check that passed, where none did that is worth something alone."""
# Of pytest's own plugins only those stay that collecting and running need: a start takes a third of the time.
_PLUGINS_LEFT_OUT = (
    "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "legacypath", "logging",
    "monkeypatch", "pastebin", "recwarn", "setuponly", "setupplan", "stepwise", "subtests", "terminal",
    "threadexception", "tmpdir", "unittest", "unraisableexception", "warnings",
)  # fmt: skip


def run(
    exercise: Exercise, project: Project, ended: Callable[[CheckResult], None] = lambda _: None
) -> tuple[CheckResult, ...]:
    """Try all hidden checks of an exercise on a project; the results are in the order of the checks.

    Executions start before pytest is imported, which takes longer than they do. Where none of the learner's files is in
    the project nothing is run, and all checks are lost. Where no check passed that is worth something alone, the others
    are lost, too; they come last, so that the first lost check says what is to be done.

    Args:
        exercise: whose checks.
        project: what they look at.
        ended: told of each check as it ends, in the order in which they are tried; at the end, of those that are worth
            nothing alone.

    Raises:
        CatalogError: the checks can't be loaded.
        InfrastructureError: pytest can't collect them.
    """
    modules = declarations.load_all(exercise.hidden_tests)
    if project.side.lacking:
        lost = tuple(_lost(modules, project.side.lacking))
        for each in lost:
            ended(each)
        return lost
    checks = [check for module in modules for check in module.checks]
    alone = {check.id for check in checks if check.alone}
    try:
        observations = Observations(modules, project)
        session = _collected(exercise.hidden_tests, exercise.about.limits.check_timeout)
        results = session.run(observations, lambda result: ended(result) if result.id in alone else None)
    except (KeyboardInterrupt, SystemExit):
        project.side.stop()
        raise
    finally:
        # Also those of observations that an interrupt kept from being assigned.
        Observations.join(exercise.about.limits.check_timeout)
    whole = _counted([_result(check, results) for check in checks], alone)
    for each in whole:
        if each.id not in alone:
            ended(each)
    return whole


class _Session:
    """A pytest session that has collected the checks of one exercise and can run them any number of times."""

    def __init__(self, hidden_tests: Path, check_timeout: float) -> None:
        import pytest  # takes long: executions are to be under way by now
        from _pytest.config import _prepareconfig  # what pytest-xdist's workers begin with, too

        from grader.judge.checking.plugin import BareReports, ChecksPlugin  # needs pytest

        modules = declarations.load_all(hidden_tests)
        self._plugin = ChecksPlugin(modules, check_timeout)
        options = ["-c", os.devnull, f"--rootdir={hidden_tests}", "--noconftest", "-p", "pytest_timeout"]
        for name in _PLUGINS_LEFT_OUT:
            options += ["-p", f"no:{name}"]
        with _without_settings():
            paths = [str(module.path) for module in modules]
            config = _prepareconfig([*options, *paths], [self._plugin, BareReports()])
            config._do_configure()
            session = pytest.Session.from_config(config)
            config.hook.pytest_sessionstart(session=session)
            config.hook.pytest_collection(session=session)
        if session.testsfailed:
            raise InfrastructureError(f"pytest can't collect the checks in {hidden_tests}: {self._plugin.trouble}")
        self._items: list[pytest.Item] = session.items
        # All of this stays; from now on only what an attempt leaves is worth looking through.
        gc.freeze()
        gc.enable()

    def run(self, observations: Observations, ended: Callable[[CheckResult], None]) -> dict[str, CheckResult]:
        """Try all checks on what an attempt's observations see."""
        results = self._plugin.begin(observations)
        # Whatever an author's check prints has no business in our report.
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            for item, following in zip(self._items, [*self._items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if item.name in results:
                    ended(results[item.name])
        return results


@functools.cache
def _collected(hidden_tests: Path, check_timeout: float) -> _Session:
    return _Session(hidden_tests, check_timeout)


@contextlib.contextmanager
def _without_settings() -> Iterator[None]:
    """Keep the user's settings for pytest away from the judge while it reads them."""
    before = {name: os.environ.pop(name) for name in [*os.environ] if name.startswith("PYTEST_")}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(before)


def _lost(modules: Sequence[declarations.HiddenChecks], lacking: str) -> Iterator[CheckResult]:
    """All checks as lost: the first says why, and the others that they wait for it."""
    message = lacking
    for check in (check for module in modules for check in module.checks):
        yield CheckResult(check.id, check.title, Outcome.FAILED, check.points, message)
        message = "needs one of your files: this can't be looked at before one is there."


def _counted(results: Sequence[CheckResult], alone: Container[str]) -> tuple[CheckResult, ...]:
    """The results, without the points of what works though nothing was done; see `declarations.check`."""
    if any(each.outcome is Outcome.PASSED and each.id in alone for each in results):
        return tuple(results)
    kept = [each for each in results if each.outcome is not Outcome.PASSED]
    works = [each for each in results if each.outcome is Outcome.PASSED]
    return (*kept, *(replace(each, outcome=Outcome.FAILED, message=NOT_ALONE) for each in works))


def _result(check: declarations.Check, results: dict[str, CheckResult]) -> CheckResult:
    found = results.get(check.id)
    if found is not None:
        return found
    message = "The judge failed, not you: this check was never run."
    return CheckResult(check.id, check.title, Outcome.ERROR, check.points, message)

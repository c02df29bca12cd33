"""Run the hidden checks of one attempt, from its first execution to the last outcome."""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import os
from collections.abc import Callable, Iterator
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

    Executions start before pytest is imported, which takes longer than they do.

    Args:
        exercise: whose checks.
        project: what they look at.
        ended: told of each check as it ends, in the order in which they are tried.

    Raises:
        CatalogError: the checks can't be loaded.
        InfrastructureError: pytest can't collect them.
    """
    modules = declarations.load_all(exercise.hidden_tests)
    try:
        observations = Observations(modules, project)
        results = _collected(exercise.hidden_tests, exercise.about.limits.check_timeout).run(observations, ended)
    except (KeyboardInterrupt, SystemExit):
        project.side.stop()
        raise
    finally:
        # Also those of observations that an interrupt kept from being assigned.
        Observations.join(exercise.about.limits.check_timeout)
    return tuple(_result(check, results) for module in modules for check in module.checks)


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


def _result(check: declarations.Check, results: dict[str, CheckResult]) -> CheckResult:
    found = results.get(check.id)
    if found is not None:
        return found
    message = "The judge failed, not you: this check was never run."
    return CheckResult(check.id, check.title, Outcome.ERROR, check.points, message)

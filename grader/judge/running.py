"""Run the hidden checks of one attempt, from its first execution to the last outcome."""

from __future__ import annotations

import os

from grader.catalog import Exercise
from grader.errors import InfrastructureError
from grader.judge import declaring
from grader.judge.observing import Observations
from grader.judge.seeing import Project
from grader.model import CheckResult, Outcome

# Of pytest's own plugins only those stay that collecting and running need: a start takes a third of the time.
_PLUGINS_LEFT_OUT = (
    "cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "legacypath", "logging", "monkeypatch",
    "pastebin", "recwarn", "setuponly", "setupplan", "stepwise", "subtests", "terminal", "threadexception", "tmpdir",
    "unittest", "unraisableexception", "warnings",
)  # fmt: skip


def run(exercise: Exercise, project: Project) -> tuple[CheckResult, ...]:
    """Try all hidden checks of an exercise on a project; the results are in the order of the checks.

    Executions start before pytest is imported, which takes longer than they do.

    Raises:
        CatalogError: the checks can't be loaded.
        KeyboardInterrupt: as everywhere.
    """
    modules = declaring.load_all(exercise.hidden_tests)
    observations = Observations(modules, project)
    try:
        results = _run_pytest(exercise, modules, observations)
    except (KeyboardInterrupt, SystemExit):
        project.side.stop()
        raise
    finally:
        observations.join(exercise.about.limits.check_timeout)
    return tuple(_result(check, results) for module in modules for check in module.checks)


def _run_pytest(
    exercise: Exercise, modules: tuple[declaring.HiddenChecks, ...], observations: Observations
) -> dict[str, CheckResult]:
    import pytest  # noqa: PLC0415 - see `run`

    from grader.judge.plugin import ChecksPlugin  # noqa: PLC0415 - needs pytest

    plugin = ChecksPlugin(modules, observations, exercise.about.limits.check_timeout)
    options = ["-c", os.devnull, f"--rootdir={exercise.folder}", "--noconftest", "--capture=sys", "-p", "pytest_timeout"]
    for name in _PLUGINS_LEFT_OUT:
        options += ["-p", f"no:{name}"]
    _clear_environment()
    paths = [str(module.path) for module in modules]
    status = pytest.main([*options, *paths], plugins=[plugin])
    if plugin.interrupted:
        raise KeyboardInterrupt
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise InfrastructureError(f"pytest could not run the checks of {exercise.slug}: {status!r}.")
    return plugin.results


def _clear_environment() -> None:
    """Keep the user's settings for pytest away from the judge."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_TIMEOUT", "PYTEST_DEBUG"):
        os.environ.pop(name, None)


def _result(check: declaring.Check, results: dict[str, CheckResult]) -> CheckResult:
    found = results.get(check.id)
    if found is not None:
        return found
    message = "The judge failed, not you: this check was never run."
    return CheckResult(check.id, check.title, Outcome.ERROR, check.points, message)



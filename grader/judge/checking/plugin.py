"""The pytest plugin: collects hidden checks, gives them what they ask for, and turns what happens into outcomes."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from grader.errors import BudgetError, LearnerError
from grader.judge import project_files
from grader.judge.checking.declarations import Check, HiddenChecks, Observation, declared
from grader.judge.checking.observations import Observations
from grader.judge.expectations import Skipped, Unmet, skip, transcript
from grader.model import CheckResult, Outcome


class ChecksPlugin:
    """Runs the checks of one attempt after the other.

    Args:
        modules: the modules of hidden checks.
        check_timeout: seconds after which a check counts as hung, which is the judge's fault.
    """

    def __init__(self, modules: tuple[HiddenChecks, ...], check_timeout: float) -> None:
        self._modules = {module.path: module for module in modules}
        self._check_timeout = check_timeout
        self._observations: Observations
        self._results: dict[str, CheckResult] = {}
        self.trouble = ""
        """Why collecting failed, if it did."""

    def begin(self, observations: Observations) -> dict[str, CheckResult]:
        """Turn to another attempt; its results will appear in the dictionary returned."""
        self._observations = observations
        self._results = {}
        return self._results

    def _given(self, name: str) -> Any:
        return self._observations.given(name)

    def _look(self, observation: Observation) -> Any:
        return self._observations.result(observation)

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
        """Take a module of hidden checks as it was loaded already."""
        hidden = self._modules.get(module_path)
        if hidden is None:
            return None
        module = pytest.Module.from_parent(parent, path=module_path)
        for name in Observations.GIVEN:
            setattr(hidden.module, name, _fixture(name, self._given, name))
        for name, observation in hidden.observations.items():
            setattr(hidden.module, name, _fixture(name, self._look, observation))
        module.obj = hidden.module
        return module

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember why collecting failed."""
        if report.failed:
            self.trouble = str(report.longrepr)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Parents before the checks that need them; and a time for each, after which pytest-timeout ends it."""
        for item in items:
            item.add_marker(pytest.mark.timeout(self._check_timeout))
        depth = {item.name: _depth(item.name, {each.name: each for each in items}) for item in items}
        items.sort(key=lambda item: depth[item.name])

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Fail a check at once if one that it needs did not pass; skip it if that was skipped."""
        for parent in _check_of(item).needs:
            before = self._results.get(parent)
            if before is not None and before.outcome is Outcome.SKIPPED:
                skip(before.message or "")
            if before is None or before.outcome is not Outcome.PASSED:
                title = before.title if before else parent
                raise Unmet(f"needs “{title}”: this can't be looked at before that works.")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        """Note the executions that a check looks at."""
        token = transcript.set([])
        try:
            return (yield)
        finally:
            transcript.reset(token)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn what happened into an outcome."""
        report = yield
        if call.when == "setup" or call.excinfo is not None:
            side = self._given("project").side
            outcome, message = (Outcome.PASSED, None)
            if call.excinfo is not None:
                outcome, message = _outcome(call.excinfo.value, side.root)
                message = side.scrub(message)  # it may hold text of the learner's, or a path of ours
            check = _check_of(item)
            steps = tuple(transcript.get([]))
            self._results[item.name] = CheckResult(check.id, check.title, outcome, check.points, message, steps)
            if outcome is Outcome.SKIPPED:
                report.outcome, report.longrepr = "skipped", (str(item.path), 0, str(message))
        elif call.when == "call":
            before = self._results[item.name]
            steps = tuple(transcript.get([]))
            self._results[item.name] = CheckResult(
                before.id, before.title, before.outcome, before.max_points, before.message, steps
            )
        return report


class BareReports:
    """Leaves out pytest's own account of a failure, which nobody reads here.

    For each it parses the module of checks anew: half of what the judge does with a submission that fails.
    """

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """A report that says what happened, and not why."""
        assert call.when != "collect"  # noqa: S101 - that has another hook
        outcome: Literal["passed", "failed"] = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when, duration=call.duration)


def _check_of(item: pytest.Item) -> Check:
    check = declared(getattr(item, "obj", None))
    if check is None:
        raise TypeError(f"{item.name} is not declared with @check.")
    return check


def _fixture(name: str, look: Callable[[Any], Any], what: object) -> object:
    def value() -> Any:
        return look(what)

    return pytest.fixture(scope="module", name=name)(value)


def _outcome(error: BaseException, root: Path) -> tuple[Outcome, str]:
    """What an exception in a check or an observation means; `root` is the attempt's folder."""
    if isinstance(error, Unmet):
        return error.outcome, str(error)
    if isinstance(error, BudgetError):
        return Outcome.TIMEOUT, str(error)
    if isinstance(error, LearnerError):
        return Outcome.FAILED, str(error)
    if isinstance(error, (Skipped, pytest.skip.Exception)):
        return Outcome.SKIPPED, str(error)
    if wrong := project_files.trouble(error, root):
        return Outcome.FAILED, wrong
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return Outcome.ERROR, f"The judge failed, not you: {type(error).__name__}: {error}{where}"


def _depth(name: str, items: dict[str, pytest.Item]) -> int:
    item = items.get(name)
    check = declared(getattr(item, "obj", None)) if item is not None else None
    return 1 + max((_depth(parent, items) for parent in check.needs), default=0) if check is not None else 0

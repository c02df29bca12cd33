from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from grader import catalog
from grader.authoring.lottery import lotteries
from grader.authoring.variants import draws_of
from grader.environment.interpreters import Interpreter
from grader.model import Attempt, CheckResult, Outcome, Verdict

(EXERCISE,) = catalog.load().find(["01"])
PYTHON = Interpreter(Path("python"), "3.12.1", Path("usr"))
LISTED = next(each for each in EXERCISE.mistakes if not each.at_least and not each.versions)


def drawn(mistake, *lost):
    """A mistake and the grades of its draws, of each of which these checks are lost."""
    variants = [each for each in draws_of(EXERCISE, PYTHON, len(lost) + 1) if each.mistake is LISTED]
    for variant, names in zip(variants, lost, strict=True):
        checks = tuple(
            CheckResult(name, "", Outcome.FAILED if name in names else Outcome.PASSED, 50)
            for name in ("test_a", "test_b")
        )
        attempt = Attempt(EXERCISE.name, 1, "", 1, Verdict.FAILED, 0, 100, "", checks)
        yield replace(variant, mistake=mistake), attempt


def test_the_same_each_time():
    """A mistake that loses the same checks with all draws is no lottery."""
    assert list(lotteries([*drawn(LISTED, {"test_a"}, {"test_a"}, {"test_a"})])) == []


def test_lottery():
    """A check that is lost with some draws only is named, with how often."""
    (fault,) = lotteries([*drawn(LISTED, {"test_a", "test_b"}, {"test_a"}, {"test_a"})])
    assert f"mistakes/{LISTED.name} under 3.12.1" in str(fault)
    assert "loses test_b with only 1 of 3 draws of the data" in str(fault)


@pytest.mark.parametrize(("loses", "count"), [(("test_a",), 0), (("test_a", "test_b"), 1)])
def test_what_may_be_lost(loses, count):
    """Of a mistake that may lose more than it lists, only what it lists must be lost each time."""
    mistake = msgspec.structs.replace(LISTED, at_least=True, loses=loses)
    assert len(list(lotteries([*drawn(mistake, {"test_a", "test_b"}, {"test_a"})]))) == count

"""Each attack is contained, wins nothing, and is over within a second of its limit, while others are graded as ever."""

from contextlib import ExitStack

import pytest

from grader import sandbox
from tests.attacks import suite

WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap: {WHY_NOT}")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    """Where attacks are tried."""
    with ExitStack() as opened:
        yield suite.Arena(tmp_path_factory.mktemp("arena").resolve(), opened)


@pytest.mark.sweep
@pytest.mark.parametrize("attack", suite.load(), ids=lambda attack: f"{attack.group}-{attack.name}")
def test_attack(arena, attack):
    """Contained, and no point for it."""
    assert attack.says.endswith(".")
    assert arena.meet(attack).faults == []

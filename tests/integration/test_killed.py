"""A judge that ends without warning, at any moment of a launch, leaves no process and no file behind."""

import random
import shutil
import time

import pytest

from grader import sandbox
from tests.attacks import ends
from tests.attacks.suite import confined

WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap does not work here: {WHY_NOT}")

ROUNDS = 20
"""A launch takes some 10 ms, and there are instants in it at which bubblewrap alone would leave an orphan."""


@pytest.mark.parametrize("end", ends.ENDS)
def test_judge_ends(tmp_path, end):
    """Whatever ends a judge amid the start of two executions: all of it ends."""
    assert ends.left_after(end, ROUNDS, tmp_path) == (0, 0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_command_killed(kata, tiny, jobs):
    """The whole command is killed, with its workers under way."""
    before = confined()
    first, second = "01_greeting", "02_farewell"
    shutil.copytree(tiny / "exercises" / first, tiny / "exercises" / second)
    for name in (first, second):
        (kata.cwd / "workspace" / name).mkdir(parents=True)
        (kata.cwd / "workspace" / name / "hello.py").write_text("while True: pass\n")
    moments = random.Random(1)
    for _ in range(ROUNDS // 2):
        process = kata.start("--catalog", tiny, "grade", "--jobs", jobs)
        time.sleep(moments.uniform(0.1, 0.5))
        process.kill()
        process.communicate()
    deadline = time.monotonic() + ends.PATIENCE
    left = confined() - before
    while (left or kata.left() != ([], [])) and time.monotonic() < deadline:
        time.sleep(0.05)
        left &= confined()
    assert left == set()
    assert kata.left() == ([], [])

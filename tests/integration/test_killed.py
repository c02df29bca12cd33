"""A judge that ends without warning, at any moment of a launch, leaves no process and no file behind."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from grader import sandbox
from tests.attacks import ends
from tests.attacks.suite import confined

WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap does not work here: {WHY_NOT}")

ROUNDS = 20
"""A launch takes some 10 ms, and there are instants in it at which bubblewrap alone would leave an orphan."""


@pytest.mark.sweep
@pytest.mark.parametrize("end", ends.ENDS)
def test_judge_ends(tmp_path, end):
    """Whatever ends a judge amid the start of two executions: all of it ends."""
    assert ends.left_after(end, ROUNDS, tmp_path) == (0, 0)


AT_ITS_FOLDER = """
import os, sys

from grader import sandbox

make = os.mkdir

def mkdir(*arguments, **named):
    {moment}
    os.kill(os.getpid(), 9)

os.mkdir = mkdir
sandbox.choose("bubblewrap")
"""


@pytest.mark.parametrize("moment", ["", "make(*arguments, **named)"], ids=["before", "after"])
def test_killed_at_its_folder(tmp_path, moment):
    """A judge that is killed when it makes its folder, and has made nothing else, leaves nothing."""
    argv = [sys.executable, "-c", AT_ITS_FOLDER.format(moment=moment)]
    ended = subprocess.run(argv, env={**os.environ, "TMPDIR": str(tmp_path)}, check=False)
    assert ended.returncode == -signal.SIGKILL
    deadline = time.monotonic() + ends.PATIENCE
    while any(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


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

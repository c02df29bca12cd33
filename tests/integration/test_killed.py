"""A judge that is killed without warning, at any moment of a launch, leaves no process and no file behind."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from grader import sandbox
from tests.attacks.suite import confined

WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap does not work here: {WHY_NOT}")

ROUNDS = 30
"""A launch takes some 10 ms, and there are instants in it at which bubblewrap alone would leave an orphan."""
PATIENCE = 20.0

JUDGE = """
import sys, threading
from grader import sandbox
from tests.attacks.suite import confined
from grader.model import Command, Limits

confinement = sandbox.choose("bubblewrap")
empty = confinement.folder / "empty"
command = Command(("/bin/sh", "-c", "while :; do :; done"), empty, {}, scratch=(empty,), limits=Limits(wall=50))
print("ready", flush=True)
for _ in range(2):
    threading.Thread(target=confinement.run, args=(command,)).start()
"""


@pytest.mark.parametrize("kill", [os.kill, os.killpg], ids=["process", "group"])
def test_judge_killed(tmp_path, kill):
    """Killed amid the start of two executions, alone or with its process group: all ends with it."""
    before = confined()
    moments = random.Random(0)
    for _ in range(ROUNDS):
        with subprocess.Popen(
            [sys.executable, "-c", JUDGE],
            env=os.environ | {"TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            start_new_session=True,
        ) as judge:
            assert judge.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, 0.012))
            kill(judge.pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while (confined() - before or any(tmp_path.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert confined() - before == set()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_command_killed(kata, tiny, jobs):
    """The whole command, with its workers."""
    before = confined()
    first, second = "01_greeting", "02_farewell"
    shutil.copytree(tiny / "exercises" / first, tiny / "exercises" / second)
    for name in (first, second):
        (kata.cwd / "workspace" / name).mkdir(parents=True)
        (kata.cwd / "workspace" / name / "hello.py").write_text("while True: pass\n")
    moments = random.Random(1)
    for _ in range(ROUNDS // 5):
        process = kata.start("--catalog", tiny, "grade", "--jobs", jobs)
        time.sleep(moments.uniform(0.1, 0.5))
        process.kill()
        process.communicate()
    deadline = time.monotonic() + PATIENCE
    while (confined() - before or kata.left() != ([], [])) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert confined() - before == set()

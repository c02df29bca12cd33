"""Judges that end before their time, amid the start of two executions; and what they leave behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.attacks.suite import confined, groups

PATIENCE = 20.0
"""Seconds for what is left to go."""

# It doesn't wait by joining its threads: Python 3.11 takes those for ended once an interrupt comes amid that.
JUDGE = """
import os, sys, threading, time
from grader import sandbox
from grader.workers import signals
from grader.model import Command, Limits

def interrupted():
    raise KeyboardInterrupt

signals.on_first_signal(interrupted, 2, 15)
confinement = sandbox.choose("bubblewrap")
empty = confinement.folder / "empty"
command = Command(("/bin/sh", "-c", "while :; do :; done"), empty, {}, scratch=(empty,), limits=Limits(wall=50))

def execute():
    try:
        confinement.run(command)
    except Exception:
        pass

threads = [threading.Thread(target=execute, daemon=True) for _ in range(2)]
try:
    print("ready", flush=True)
    for thread in threads:
        thread.start()
    end = time.monotonic() + float(sys.argv[1])
    while time.monotonic() < end:
        time.sleep(0.001)
    os._exit(0)
except KeyboardInterrupt:
    confinement.close()
"""


def _twice(pid: int, _signal: int) -> None:
    for _ in range(2):
        os.killpg(pid, signal.SIGINT)
        time.sleep(0.001)


def _alone(_pid: int, _signal: int) -> None:
    """Leave it to the judge itself."""


ENDS: dict[str, Callable[[int, int], None]] = {
    "SIGKILL to the judge": os.kill,
    "SIGKILL to its process group": os.killpg,
    "Ctrl-C, twice": _twice,
    "an end without a word while its threads wait": _alone,
}


def left_after(end: str, rounds: int, folder: Path) -> tuple[int, int]:
    """Processes, and files and cgroups, that judges leave which end so, each at another moment of a launch.

    Args:
        end: one of `ENDS`.
        rounds: how many judges.
        folder: an empty one, for their temporary files.
    """
    before = confined() | groups()
    moments = random.Random(0)
    for _ in range(rounds):
        moment = moments.uniform(0, 0.012)
        own = moment if ENDS[end] is _alone else 60.0
        with subprocess.Popen(
            [sys.executable, "-c", JUDGE, str(own)],
            env=os.environ | {"TMPDIR": str(folder)},
            stdout=subprocess.PIPE,
            start_new_session=True,
        ) as judge:
            assert judge.stdout is not None
            assert judge.stdout.readline() == b"ready\n"
            time.sleep(moment)
            ENDS[end](judge.pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    left = (confined() | groups()) - before
    while (left or any(folder.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.05)
        left &= confined() | groups()
    processes = [each for each in left if isinstance(each, int)]
    return len(processes), len(left) - len(processes) + len(list(folder.iterdir()))

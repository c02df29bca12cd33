"""Ctrl-C, and a polite request to end: at once, in one sentence, with nothing left behind."""

import os
import platform
import shutil
import signal
import time
from pathlib import Path

import pytest

NAME = "01_greeting"
LOOP = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n"


@pytest.fixture
def workspace(tiny, tmp_path):
    """Two projects that never end, of a catalogue that would give them a minute."""
    with (tiny / "exercises" / NAME / "exercise.toml").open("a") as settings:
        settings.write("\n[limits]\nwall = 60\n")
    second = NAME.replace("01", "02")
    shutil.copytree(tiny / "exercises" / NAME, tiny / "exercises" / second.replace("greeting", "farewell"))
    for name in (NAME, "02_farewell"):
        (tmp_path / "workspace" / name).mkdir(parents=True)
        (tmp_path / "workspace" / name / "hello.py").write_text(LOOP)
    return tmp_path / "workspace"


def running(mark):
    """Processes whose command line holds that text."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(mark) in line and b"hello" in line:
                found.append(int(entry.name))
    return found


@pytest.fixture
def begun(kata, tiny):
    """Start a command on submissions that never end, in a session of its own, and wait until one of them runs."""

    def start(*arguments):
        process = kata.start("--catalog", tiny, *arguments, start_new_session=True)
        deadline = time.monotonic() + 30
        while not running(kata.temporary) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.02)
        assert running(kata.temporary), "the submission was never started"
        return process

    return start


pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are found in /proc")


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("tier", ["auto", "process"])
def test_interrupted(kata, begun, workspace, number, jobs, tier):
    """Grading that is interrupted ends with 130 and one sentence, and takes all its processes and files along."""
    process = begun("grade", "--workspace", workspace, "--jobs", jobs, "--sandbox", tier)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does it
    else:
        process.send_signal(number)
    # Far less than the minute that the submission may take.
    stdout, stderr = process.communicate(timeout=15)
    assert (process.returncode, stdout) == (130, ""), stderr
    (line,) = stderr.strip().splitlines()
    assert line.startswith("kata: Interrupted")
    assert kata.left() == ([], [])
    assert running(kata.temporary) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupted_twice(kata, begun, workspace, jobs):
    """Whoever presses Ctrl-C again gets no traceback, and still leaves nothing running."""
    process = begun("grade", "--workspace", workspace, "--jobs", jobs)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=15)
    survivors = kata.left()[1]
    for path in kata.temporary.iterdir():  # files may be left by somebody in such a hurry
        shutil.rmtree(path)
    assert (process.returncode, survivors) == (130, []), stderr
    assert "Traceback" not in stderr


def test_interrupted_verify(tiny, workspace, begun):
    """`kata verify` ends as politely."""
    for path in (tiny / "solutions" / NAME).rglob("hello.py"):
        shutil.copy(workspace / NAME / "hello.py", path)
    process = begun("verify", "1", "--jobs", "2", "--python", platform.python_version())
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=15)
    assert (process.returncode, len(stderr.strip().splitlines())) == (130, 1), stderr

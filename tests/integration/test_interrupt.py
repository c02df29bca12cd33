"""Ctrl-C, and a polite request to end: at once, in one sentence, with nothing left behind."""

import os
import shutil
import signal
import subprocess
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


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are found in /proc")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("tier", ["auto", "process"])
def test_interrupted(kata, tiny, workspace, number, jobs, tier):
    """Grading that is interrupted ends with 130 and one sentence, and takes all its processes and files along."""
    arguments = ["--catalog", tiny, "grade", "--workspace", workspace, "--jobs", jobs, "--sandbox", tier]
    # In a session of its own, as a shell does it: Ctrl-C reaches the whole group.
    process = kata.start(*arguments, start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while not running(kata.temporary) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.02)
        assert running(kata.temporary), "the submission was never started"
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        # Far less than the minute that the submission may take.
        stdout, stderr = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, stdout) == (130, ""), stderr
    (line,) = stderr.strip().splitlines()
    assert line.startswith("kata: Interrupted")
    assert kata.left() == ([], [])
    assert running(kata.temporary) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupted_twice(kata, tiny, workspace, jobs):
    """Whoever presses Ctrl-C again gets no traceback, and still leaves nothing running."""
    process = kata.start(
        "--catalog", tiny, "grade", "--workspace", workspace, "--jobs", jobs, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 30
        while not running(kata.temporary) and time.monotonic() < deadline:
            time.sleep(0.02)
        for _ in range(20):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.01)
            if process.poll() is not None:
                break
        _, stderr = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert kata.left()[1] == []
    for name in kata.temporary.iterdir():
        shutil.rmtree(name)


def test_interrupted_verify(kata, tiny, workspace):
    """`kata verify` ends as politely."""
    for path in (tiny / "solutions" / NAME).rglob("hello.py"):
        path.write_text(LOOP)
    command = ["--catalog", tiny, "verify", "1", "--jobs", "2", "--python", "3"]
    process = kata.start(*command, start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while not running(kata.temporary) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        pytest.fail("it went on")
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, len(stderr.strip().splitlines())) == (130, 1), stderr

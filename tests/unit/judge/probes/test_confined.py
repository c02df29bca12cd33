"""Probes in the `bubblewrap` tier, under every Python that is here."""

from contextlib import closing

import pytest

from grader import sandbox as sandboxes
from grader.judge.probes import sealing
from grader.judge.probes.steps import split
from grader.model import Command
from grader.sandbox import REPORT
from tests.unit.judge.probes.test_out_of_reach import pythons

WHY_NOT = sandboxes.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap: {WHY_NOT}")
PYTHONS = tuple(pythons())
BODY = "import learner\nasked = learner.ask()\nlater = learner.ask()\nsee([asked, later])"
THREAD = """
import threading
def ask():
    said = []
    thread = threading.Thread(target=said.append, args=(5,))
    try:
        thread.start()
    except RuntimeError as error:
        return str(error)
    thread.join()
    return said
"""
PROCESS = """
import subprocess, sys
def ask():
    try:
        return subprocess.run([sys.executable, "-S", "-c", "raise SystemExit(5)"]).returncode
    except RuntimeError as error:
        return str(error)
"""


@pytest.fixture(params=PYTHONS, ids=lambda python: python.version)
def python(request):
    """Each that is here."""
    return request.param


@pytest.fixture
def look(folder, python):
    """Run a probe's lines beside learner code; gives the value that the judge sees."""

    def look(body, learner):
        (folder / "learner.py").write_text(learner, encoding="utf-8")
        key = sealing.new_key()
        stdin = sealing.sealed(split(body), key, python, site=False)
        argv = (str(python.executable), *sealing.arguments(REPORT, python))
        reads = (python.prefix, folder)
        with closing(sandboxes.choose("bubblewrap")) as sandbox:
            done = sandbox.run(Command(argv, folder, {}, stdin=stdin, reads=reads, report=True, sealed=True))
        return sealing.opened(done.report, key)

    return look


def test_memory(look):
    """No file shows the process's memory, its parent's, or what they were started with."""
    assert look(BODY, "import os\ndef ask():\n    return os.listdir('/proc')") == [["sys"], ["sys"]]


def test_threads(look, python):
    """Learner code starts none, unless the probe's own lines import what starts them."""
    refused = look(BODY, THREAD)
    if python.minor >= (3, 12):
        assert all("is not for code that is being graded" in each for each in refused)
    else:
        assert refused == ["can't start new thread"] * 2
    assert look(f"import threading\n{BODY}", THREAD) == [[5], [5]]


def test_processes(look, python):
    """Learner code starts some; before Python 3.12 only where the probe's own lines import what starts them."""
    said = look(BODY, PROCESS)
    if python.minor >= (3, 12):
        assert said == [5, 5]
    else:
        assert said == ["subprocess.Popen is not for code that is being graded"] * 2
    assert look(f"import subprocess\n{BODY}", PROCESS) == [5, 5]

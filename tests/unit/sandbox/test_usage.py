"""What an execution takes, as the sandbox tells it while it runs."""

import subprocess
import sys
import threading
import uuid

import pytest

from grader.model import Command, Ending
from grader.sandbox._usage import Look, Usage, look_at
from tests.unit.sandbox.processes import processes_with

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere the system shows nothing of processes.")

BURN = "import time\nwhile time.process_time() < 0.5: pass"
BURN_IN_A_CHILD = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])"


@pytest.fixture
def metered(sandbox, interpreter, folder):
    """Run lines of Python; gives the execution and all that was told of it."""

    def run(lines, *arguments, most=1000.0):
        told = []

        def meter(clock, processor):
            told.append((clock, processor))
            return clock > most or processor > most

        argv = (str(interpreter.executable), "-I", "-S", "-c", lines, *arguments)
        return sandbox.run(Command(argv, folder, {}, reads=(interpreter.prefix, folder)), meter), told

    return run


@pytest.mark.parametrize("lines", [BURN, BURN_IN_A_CHILD], ids=["itself", "child"])
def test_burning(metered, lines):
    """Processor time is counted, that of children as well, and the clock runs no longer than the processor did."""
    seen, told = metered(lines)
    assert seen.ending is Ending.EXITED
    assert told == sorted(told)
    clock, processor = told[-1]
    assert 0.3 < processor < 2
    assert 0.3 < clock < processor + 0.5


def test_sleeping(metered):
    """By the clock, sleep counts, and takes no processor time."""
    seen, told = metered("import time\ntime.sleep(1)")
    clock, processor = told[-1]
    assert 0.7 < clock <= seen.seconds
    assert processor < 0.5


@pytest.mark.parametrize("lines", ["while True: pass", "import time\ntime.sleep(600)"])
def test_ended(metered, lines):
    """Where the meter says that it is enough, the execution is ended, and its children with it."""
    tag = uuid.uuid4().hex
    words = "[sys.executable, '-c', 'import time; time.sleep(600) #' + sys.argv[1]]"
    child = f"import subprocess, sys\nsubprocess.Popen({words})\n"
    seen, told = metered(child + lines, tag, most=0.4)
    assert (seen.ending, seen.status) == (Ending.BUDGET, 137)
    assert max(told[-1]) > 0.4
    waiting = threading.Event()
    while processes_with(tag) and not waiting.wait(0.01):
        pass


def test_busy_machine():
    """Time in which a program could go on and gets no processor doesn't count, and time in which it sleeps does."""
    told = []
    looks = iter([Look(0.1, ready=True), Look(0.2, ready=True), Look(0.2, ready=False), Look(0.25, ready=True)])
    usage = Usage(lambda *taken: bool(told.append(taken)), lambda: next(looks))
    for seconds in (1.0, 2.0, 3.0):
        usage.exceeded(seconds)
    assert [clock for clock, _ in told] == pytest.approx([0.1, 0.2, 1.2])
    usage.ended(4.0)  # it slept when it was last looked at
    assert told[-1] == pytest.approx((2.2, 0.25))


def test_nothing_to_be_seen():
    """Where the system shows nothing of processes, all time counts by the clock."""
    told = []
    usage = Usage(lambda *taken: bool(told.append(taken)), lambda: None)
    usage.exceeded(1.0)
    usage.ended(1.5)
    assert told == [(1.0, 0.0), (1.5, 0.0)]


def test_look():
    """A process that sleeps isn't ready, one that runs is, and one that is gone can't be seen."""
    with subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"], stdin=-1, stdout=-1) as waits:
        waits.stdout.readline()
        while look_at([waits.pid]).ready:
            pass
        waits.communicate(b"\n")
    assert look_at([waits.pid]) is None
    with subprocess.Popen([sys.executable, "-c", "print(flush=True)\nwhile True: pass"], stdout=-1) as runs:
        runs.stdout.readline()
        assert look_at([runs.pid]).ready
        runs.kill()

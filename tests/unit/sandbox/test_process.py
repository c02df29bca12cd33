import sys
from contextlib import closing

import pytest

from grader import sandbox as sandboxes
from grader.model import Command, Ending, Limits

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows knows no sessions; see test_sandbox.py for the rest"
)


@pytest.fixture
def run(interpreter, folder):
    """Run lines of Python as a separate process."""

    def run_lines(lines, *arguments, **fields):
        argv = (str(interpreter.executable), "-I", "-S", "-c", lines, *map(str, arguments))
        with closing(sandboxes.choose("process")) as sandbox:
            return sandbox.run(Command(argv, folder, {}, **fields))

    return run_lines


@pytest.mark.timeout(30)
@pytest.mark.parametrize("lines", ["print('done')", "print('done', flush=True)\nwhile True: pass"])
def test_stranger_who_holds_the_streams(run, lines):
    """A process that left the group and holds the streams open doesn't hold up the judge, who has what came until then.

    This tier promises nothing against malice, so that process may live on; it ends by itself here.
    """
    escape = (
        "import os, sys, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    os.write(9, b'x')\n"
        "    time.sleep(3)\n"
        "    os._exit(0)\n"
    )
    start = "import os\nread, write = os.pipe()\nos.dup2(write, 9)\n"
    seen = run(start + escape + "os.read(read, 1)\n" + lines, limits=Limits(wall=1.0))
    assert seen.stdout == b"done\n"
    assert seen.seconds < 20


def test_session_of_its_own(run):
    """A program leads a group and a session of its own, so that it can be ended with its children, and we can't be."""
    seen = run("import os; print(os.getpid() == os.getpgid(0) == os.getsid(0))")
    assert seen.stdout == b"True\n"


@pytest.mark.timeout(30)
def test_program_that_ends_its_own_group(run):
    """A program that kills its group kills itself, and nobody of ours."""
    seen = run("import os; os.killpg(0, 9)")
    assert (seen.ending, seen.status) == (Ending.EXITED, 137)

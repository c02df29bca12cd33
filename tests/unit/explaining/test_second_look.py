"""Where a program is that never ends, by what faulthandler said of it several times."""

import pytest

from grader.explaining.causes.scenes import ProjectFiles
from grader.explaining.second_look import line_at_work

SOURCE = """\
import time

def more(n):
    return n + 1

def count():
    n = 0
    while True:
        n = more(n)
        n = more(n)

def wait():
    time.sleep(1000)

count()
"""


@pytest.fixture
def files(tmp_path):
    """A project with one file."""
    (tmp_path / "report.py").write_text(SOURCE)
    return ProjectFiles(tmp_path)


def looks(*stacks):
    """What faulthandler writes: for each look the frames of the main thread, given the innermost first."""
    frames = ["".join(f'  File "{file}", line {line} in {name}\n' for file, line, name in stack) for stack in stacks]
    return "".join(f"Timeout (0:00:00.250000)!\nThread 0x1 (most recent call first):\n{each}\n" for each in frames)


MAIN = ("$PROJECT/report.py", 15, "<module>")


def test_loop(files):
    """A loop is named by its first line, at whichever of its lines, and in whatever it calls, it was each time."""
    text = looks(
        [("$PROJECT/report.py", 4, "more"), ("$PROJECT/report.py", 9, "count"), MAIN],
        [("$PROJECT/report.py", 10, "count"), MAIN],
    )
    assert line_at_work(text, files) == ("report.py", 8, "count")


def test_wait(files):
    """Where it waits in somebody else's code, it is the project's line that waits."""
    stack = [("/usr/lib/python3.12/time.py", 3, "sleep"), ("$COPY/report.py", 13, "wait"), MAIN]
    assert line_at_work(looks(stack, stack), files) == ("report.py", 13, "wait")


def test_still_starting(files):
    """Looks at which nothing of the project was at work yet don't count."""
    text = looks([("<frozen site>", 1, "main")], [("$PROJECT/report.py", 9, "count"), MAIN])
    assert line_at_work(text, files) == ("report.py", 8, "count")


@pytest.mark.parametrize(
    "text", ["", "Timeout (", looks([]), looks([("/usr/lib/x.py", 1, "f")]), 'File "report.py", line 1 in x']
)
def test_nothing_known(files, text):
    """Where nothing of the project was seen, nothing is said."""
    assert line_at_work(text, files) is None


def test_main_thread(files):
    """Of several threads it is the main one that counts, which comes last."""
    text = (
        "Timeout (0:00:00.250000)!\nThread 0x1 (most recent call first):\n"
        '  File "$PROJECT/report.py", line 13 in wait\n\nThread 0x2 (most recent call first):\n'
        '  File "$PROJECT/report.py", line 9 in count\n  File "$PROJECT/report.py", line 15 in <module>\n'
    )
    assert line_at_work(text, files) == ("report.py", 8, "count")

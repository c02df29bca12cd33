"""`kata watch` as people start it: in a terminal, on a pipe, and how it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

NAME = "01_greeting"
STUB = "print('Hello')\n"
RIGHT = "import sys\n\nif __name__ == '__main__':\n    print(f'Hello, {sys.argv[-1]}!')\n"
ENDLESS = "while True:\n    pass\n"
PATIENCE = 120
"""Seconds after which what is waited for counts as lost."""
ALTERNATE_SCREEN, ORDINARY_SCREEN, CURSOR_SHOWN = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?25h"

pty = pytest.importorskip("pty", reason="terminals are made by pty")
import termios  # noqa: E402 - where there is pty, there is this

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


class Watch:
    """A watch that runs, and all that it has written so far."""

    def __init__(self, process, output, keyboard):
        self.process = process
        self.written = b""
        self._output = output
        self._keyboard = keyboard
        # Read all the time: who fills a terminal that nobody reads has to wait.
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            try:
                chunk = os.read(self._output, 1 << 16)
            except OSError:  # a terminal whose last user has gone
                return
            if not chunk:
                return
            self.written += chunk

    def type(self, keys):
        """Press keys."""
        os.write(self._keyboard, keys.encode())

    def until(self, text, count=1):
        """Wait until that text was written so many times."""
        deadline = time.monotonic() + PATIENCE
        while self.written.count(text.encode()) < count:
            assert time.monotonic() < deadline, self.written.decode(errors="replace")
            assert self.process.poll() is None, self.written.decode(errors="replace")
            time.sleep(0.02)

    def end(self):
        """Wait for its end; gives the exit status."""
        status = self.process.wait(PATIENCE)
        self._reader.join(1)
        return status

    @property
    def text(self):
        """What was written, as text."""
        return self.written.decode(errors="replace")


@pytest.fixture
def project(kata, tiny):
    """The project of a workspace that was just begun, in the current folder."""
    assert kata("--catalog", tiny, "start").returncode == 0
    file = kata.cwd / "workspace" / NAME / "hello.py"
    file.write_text(STUB)
    return file


@pytest.fixture
def on_a_pipe(kata, tiny):
    """Start a watch whose output is a pipe."""

    def start(*arguments, **env):
        process = subprocess.Popen(
            [sys.executable, "-m", "grader", "--catalog", str(tiny), "watch", *arguments],
            cwd=kata.cwd,
            env={**kata.env, **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        kata._started.append(_Closed(process))
        return Watch(process, process.stdout.fileno(), process.stdin.fileno())

    return start


@pytest.fixture
def on_a_terminal(kata, tiny):
    """Start a watch in a terminal of its own; also gives a function for the settings of that terminal."""
    opened = []

    def start(*arguments, **env):
        ours, theirs = pty.openpty()
        opened.extend([ours, theirs])
        process = subprocess.Popen(
            [sys.executable, "-m", "grader", "--catalog", str(tiny), "watch", *arguments],
            cwd=kata.cwd,
            env={**kata.env, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30", **env},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        kata._started.append(_Closed(process))
        return Watch(process, ours, ours), lambda: termios.tcgetattr(theirs)

    yield start
    for descriptor in opened:
        os.close(descriptor)


class _Closed:
    """A process for `kata` to end, whatever its streams are."""

    def __init__(self, process):
        self._process = process
        self.stdout = self.stderr = self

    def kill(self):
        """End it."""
        self._process.kill()

    def wait(self):
        """Wait for it."""
        self._process.wait()

    def close(self):
        """Close what it has for streams."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


# On a pipe.


@pytest.mark.usefixtures("project")
def test_by_itself_plain(on_a_pipe):
    """Where the output is no terminal, or a dumb one, there are plain lines: no colour, no cursor movement."""
    watch = on_a_pipe(TERM="xterm-256color")
    watch.until("Failed, 0 of 100 points")
    watch.type("q\n")
    assert watch.end() == 0
    assert all(char.isprintable() or char == "\n" for char in watch.text)


def test_plain_saves(on_a_pipe, project):
    """A save brings the verdict, what went up, and once all is well nothing to fix."""
    watch = on_a_pipe("--plain")
    watch.until("First to fix: It greets Ada. (not yet, 40 points)")
    watch.until("What should stand between the two words, and what behind them?")
    before = len(watch.written)
    project.write_text(RIGHT)
    watch.until("Passed, 100 of 100 points, 3 of 3 checks.")
    watch.until("passed, 20 of 20 points: Importing it prints nothing.")
    assert "Up 40 points: It greets Ada." in watch.text
    assert b"First to fix" not in watch.written[before:]
    watch.type("q\n")
    assert watch.end() == 0


@pytest.mark.usefixtures("project")
def test_plain_orders(on_a_pipe):
    """What is typed is done, and what isn't known brings the list of what is."""
    watch = on_a_pipe("--plain")
    watch.until("First to fix")
    for order, answer in {
        "h": "What does your program know of the name",
        "H ": "The words of the command line",
        "i": "# 01 A greeting",
        "l": "01 greeting: 0 of 100",
        "s": "You can see the solution after you have passed the exercise.",
        "n": "All exercises are passed.",
        "99": "There is no exercise",
        "x": "hello.py",
    }.items():
        watch.type(f"{order}\n")
        watch.until(answer)
    for answer, sentence in {"n": "Nothing was changed.", "y": "01_greeting is what it was at the beginning."}.items():
        watch.type(f"r\n{answer}\n")
        watch.until(sentence)
    watch.type("what\n")
    watch.until("Type a letter and Enter", 2)
    watch.type("q\n")
    assert watch.end() == 0


@pytest.mark.parametrize("tier", ["auto", "process"])
def test_plain_interrupted(kata, on_a_pipe, project, tier):
    """Ctrl-C amid a grading ends the watch with 130 and a sentence, and nothing is left."""
    project.write_text(ENDLESS)
    watch = on_a_pipe("--plain", "--sandbox", tier)
    watch.until("Grading.")
    _until_it_runs(kata)
    os.killpg(watch.process.pid, signal.SIGINT)
    assert watch.end() == 130
    assert watch.text.endswith("kata: Interrupted; nothing was changed.\n")
    assert kata.left() == ([], [])


@pytest.mark.usefixtures("project")
def test_reader_goes(kata, tiny):
    """Where nobody reads any more, the watch ends at the next line, without a word."""
    process = kata.start("--catalog", tiny, "watch", "--plain", stdin=subprocess.DEVNULL)
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(PATIENCE) in (0, 1)
    assert process.stderr.read() == ""
    assert kata.left() == ([], [])


@pytest.mark.parametrize("tier", ["auto", "process"])
def test_killed(kata, on_a_pipe, project, tier):
    """A watch that is killed amid a grading leaves no process and no file: its judge clears up."""
    project.write_text(ENDLESS)
    watch = on_a_pipe("--plain", "--sandbox", tier)
    _until_it_runs(kata)
    watch.process.kill()
    watch.end()
    assert kata.left() == ([], [])


def test_without_a_workspace(kata, tiny):
    """Where there is no workspace yet, none is made, and a sentence tells which command makes one."""
    seen = kata("--catalog", tiny, "watch", "--plain")
    assert (seen.returncode, seen.stdout, list(kata.cwd.iterdir())) == (2, "", [])
    assert "`kata start` makes one" in seen.stderr


def test_from_above(on_a_pipe, project):
    """Above the workspace places are named from there, as a terminal opens them."""
    project.write_text("import sys\n\nprint(\n")
    watch = on_a_pipe("--plain")
    watch.until(f"workspace/{NAME}/hello.py:3 is not valid Python")
    watch.until(f"Edit: workspace/{NAME}/hello.py\n")
    watch.type("q\n")
    assert watch.end() == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonsense"], "There is no exercise 'nonsense'"),
        (["--workspace", "nowhere"], "There is no workspace nowhere"),
        (["--workspace", "."], "No progress is kept in"),
        (["--python", "2.7"], "2.7"),
    ],
    ids=["exercise", "workspace", "folder", "python"],
)
def test_wrong_usage(kata, tiny, arguments, sentence):
    """What can't be watched is said in a sentence."""
    seen = kata("--catalog", tiny, "watch", *arguments)
    assert (seen.returncode, seen.stdout) == (2, "")
    assert sentence in seen.stderr


def test_a_folder_of_modules(kata, on_a_pipe, project):
    """Modules in the current folder that are called as ours are not imported, neither here nor by the judge."""
    for name in ("json", "random", "textual", "multiprocessing", "watchfiles"):
        (kata.cwd / f"{name}.py").write_text("print('caught')")
    watch = on_a_pipe("--plain", PYTHONPATH=str(kata.cwd))
    watch.until("Failed, 0 of 100 points")
    project.write_text(RIGHT)
    watch.until("Passed, 100 of 100 points")
    watch.type("q\n")
    assert watch.end() == 0
    assert "caught" not in watch.text


# In a terminal.


def _ended_well(watch, settings, before):
    assert watch.written.rfind(ORDINARY_SCREEN) > watch.written.rfind(ALTERNATE_SCREEN) > -1
    assert CURSOR_SHOWN in watch.written[watch.written.rfind(ORDINARY_SCREEN) :]
    assert settings() == before


def test_in_a_terminal(kata, on_a_terminal, project):
    """A save brings the new verdict, q ends it: nothing is left, and the terminal is as it was."""
    watch, settings = on_a_terminal()
    before = settings()
    watch.until("0 of 100 points")
    assert settings() != before
    project.write_text(RIGHT)
    watch.until("passed, 100 of 100 points")
    watch.type("q")
    assert watch.end() == 0
    _ended_well(watch, settings, before)
    assert kata.left() == ([], [])


@pytest.mark.parametrize("how", ["Ctrl-C", "SIGINT", "SIGTERM"])
def test_ended_in_a_terminal(kata, on_a_terminal, project, how):
    """Ctrl-C or a signal amid a grading ends it with 130: nothing is left, and the terminal is as it was."""
    project.write_text(ENDLESS)
    watch, settings = on_a_terminal()
    before = settings()
    watch.until("01 greeting: grading")
    _until_it_runs(kata)
    if how == "Ctrl-C":
        watch.type("\x03")
    else:
        watch.process.send_signal(getattr(signal, how))
    assert watch.end() == 130
    _ended_well(watch, settings, before)
    assert "Traceback" not in watch.text
    assert kata.left() == ([], [])


@pytest.mark.usefixtures("project")
def test_a_terminal_that_goes(kata, on_a_terminal):
    """When the terminal is closed, so is the watch, and its judge clears up."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # where tests run under nohup, the watch would inherit that
    watch, _ = on_a_terminal()
    watch.until("0 of 100 points")
    watch.process.send_signal(signal.SIGHUP)
    assert watch.end() == -signal.SIGHUP
    assert kata.left() == ([], [])


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": ""}], ids=["dumb", "none"])
def test_in_a_dumb_terminal(on_a_terminal, env):
    """A terminal that can't move its cursor gets plain lines, and its end of file ends the watch."""
    watch, settings = on_a_terminal(**env)
    before = settings()
    watch.until("First to fix")
    watch.type("\x04")
    assert watch.end() == 0
    assert b"\x1b" not in watch.written
    assert settings() == before


@pytest.mark.usefixtures("project")
def test_no_colour(on_a_terminal):
    """With NO_COLOR no colour is ever set."""
    watch, _ = on_a_terminal(NO_COLOR="1")
    watch.until("0 of 100 points")
    watch.type("l")
    watch.type("q")
    assert watch.end() == 0
    styles = {int(code) for style in re.findall(rb"\x1b\[([\d;]+)m", watch.written) for code in style.split(b";")}
    assert styles <= {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 22, 23, 24, 27, 39, 49}


def test_one_project_named(kata, tiny, on_a_terminal):
    """An exercise and a workspace can be named, and the path may hold spaces."""
    place = kata.cwd / "my own work"
    assert kata("--catalog", tiny, "start", str(place)).returncode == 0
    watch, _ = on_a_terminal("greeting", "--workspace", str(place), "--poll")
    watch.until("of 100 points")
    (place / NAME / "hello.py").write_text(RIGHT)
    watch.until("passed, 100 of 100 points")
    watch.type("q")
    assert watch.end() == 0


def _until_it_runs(kata):
    """Wait until a program of the learner's runs."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(kata.temporary) in line and b"hello" in line:
                return
        time.sleep(0.02)
    raise AssertionError("the program was never started")

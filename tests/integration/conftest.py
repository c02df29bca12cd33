"""The `kata` command as people start it: a process of its own, watched for what it leaves behind."""

import ctypes
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader import sandbox as sandboxes

REPOSITORY = Path(__file__).parents[2]
TINY_CATALOGUE = Path(__file__).parents[1] / "data" / "tiny_catalogue"
PYTHON = platform.python_version()
PATIENCE = 120.0
"""Seconds after which a run counts as hung; what is tried here ends in a small part of that."""

_SET_CHILD_SUBREAPER = 36
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.fixture(scope="session", autouse=True)
def _adopt_orphans():
    """Become the parent of whatever a run leaves behind, so that nothing can hide by losing its own parent."""
    if sys.platform != "linux":
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    libc.prctl(_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@dataclass
class Kata:
    """Runs the command in an empty folder, with a temporary folder of its own."""

    cwd: Path
    temporary: Path
    _known: set[int] = field(default_factory=set)
    _started: list[subprocess.Popen] = field(default_factory=list)

    def __post_init__(self):
        """Note which children are somebody else's."""
        self._known = _children()

    @property
    def env(self):
        """The variables of a run."""
        return {**os.environ, "TMPDIR": str(self.temporary)}

    def __call__(self, *arguments, **options):
        """Run it to its end; keywords go to `subprocess.run`, and those in `env` add to the variables.

        Whatever happens, nobody is shown a traceback of ours.
        """
        fields = {"cwd": self.cwd, "capture_output": True, "text": True, "stdin": subprocess.DEVNULL, **options}
        fields["env"] = self.env | options.get("env", {})
        command = [sys.executable, "-m", "grader", *map(str, arguments)]
        seen = subprocess.run(command, timeout=PATIENCE, check=False, **fields)
        said = seen.stderr if seen.stderr is not None else ""
        for trace in ("Traceback", "Exception ignored", "Error in atexit"):
            assert trace not in said, f"{arguments}: {said}"
        return seen

    def start(self, *arguments, **options):
        """Start it and don't wait."""
        fields = {"cwd": self.cwd, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
        process = subprocess.Popen([sys.executable, "-m", "grader", *map(str, arguments)], env=self.env, **fields)
        self._started.append(process)
        return process

    def close(self):
        """End what was started."""
        for process in self._started:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()

    def report(self, *arguments, catalog=None, statuses=(0,), **options):
        """Grade, and give the JSON report."""
        before = () if catalog is None else ("--catalog", catalog)
        seen = self(*before, "grade", *arguments, "--format", "json", **options)
        assert seen.returncode in statuses, seen.stderr
        return json.loads(seen.stdout)

    def left(self):
        """What the runs so far have left: files in the temporary folder, and processes."""
        # Where a worker is ended amid its start, a process that outlives it removes its folder, a moment later.
        deadline = time.monotonic() + 5
        while any(self.temporary.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return sorted(path.name for path in self.temporary.iterdir()), _survivors(self._known)


@pytest.fixture(scope="session")
def make_kata():
    """The command as a class, for fixtures that outlive a test."""
    return Kata


@pytest.fixture
def kata(tmp_path):
    """The command; when the test is over, no file and no process of a run may be left."""
    cwd, temporary = tmp_path / "desk", tmp_path / "temporary"
    cwd.mkdir()
    temporary.mkdir()
    command = Kata(cwd, temporary)
    yield command
    command.close()
    assert command.left() == ([], [])


def _children():
    listed = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for children in listed for pid in children.read_text().split()}


def _survivors(known):
    """Children that came since and stay, as command lines; the dying get a few seconds to die."""
    deadline = time.monotonic() + 5
    while True:
        alive = sorted(pid for pid in _children() - known if not _reaped(pid))
        if not alive or time.monotonic() > deadline:
            return [_command_line(pid) for pid in alive]
        time.sleep(0.02)


def _reaped(pid):
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return f"process {pid}"


@pytest.fixture
def tiny(tmp_path):
    """A copy of the tiny catalogue, to be broken."""
    return shutil.copytree(TINY_CATALOGUE, tmp_path / "catalogue", ignore=_LEFT_OUT)


@pytest.fixture
def verify(kata, tiny):
    """Verify the tiny catalogue under one interpreter, quickly; gives the status and all that is said."""

    def run(*arguments):
        others = {"--damage", "--mutants", "--cheats", "--draws", "--sample"}
        draws = () if others & {*arguments} else ("--draws", "1")
        seen = kata("--catalog", tiny, "verify", "--python", PYTHON, *draws, *arguments)
        return seen.returncode, seen.stdout + seen.stderr

    return run


@pytest.fixture(scope="session")
def exercises():
    """The folders of the real exercises, by name."""
    return {path.name: path for path in sorted((REPOSITORY / "exercises").glob("[0-9][0-9]_*"))}


@pytest.fixture(scope="session")
def solutions():
    """The folders of their solutions, by name."""
    return {path.name: path for path in sorted((REPOSITORY / "solutions").glob("[0-9][0-9]_*"))}


@pytest.fixture
def lay_out(exercises, solutions, tmp_path):
    """Make a project for an exercise: its stub, or over that its reference, a mistake, or other files."""

    def lay(name, target=None, *, reference=False, mistake=None, files=()):
        target = target or tmp_path / "work" / name
        shutil.copytree(exercises[name] / "stub", target, ignore=_LEFT_OUT)
        overlays = [solutions[name] / "reference"] if reference or mistake else []
        overlays += [exercises[name] / "mistakes" / mistake] if mistake else []
        for overlay in overlays:
            shutil.copytree(overlay, target, dirs_exist_ok=True, ignore=_LEFT_OUT)
        for path, text in dict(files).items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_text(text, encoding="utf-8")
        return target

    return lay


@pytest.fixture
def needs_bubblewrap():
    """Skip, and say why, where only the tier without promises works."""
    if why_not := sandboxes.why_not_bubblewrap():
        pytest.skip(f"bubblewrap: {why_not}")


def pytest_collection_modifyitems(items):
    """Every test states the property it holds."""
    here = Path(__file__).parent
    silent = [item.nodeid for item in items if here in item.path.parents and not (item.function.__doc__ or "").strip()]
    if silent:
        raise pytest.UsageError("These tests have no docstring that states their property: " + ", ".join(silent))


@pytest.fixture(scope="module")
def chromium():
    """A browser without a screen."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
    # As root it has no sandbox of its own, and without the others it calls home.
    flags = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync"]
    if os.name == "posix" and os.geteuid() == 0:
        flags.append("--no-sandbox")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def look(chromium):
    """Open a page; gives it, and what it wrote to the console, asked people or fetched beside itself."""
    opened = []

    def look_at(path, **options):
        page = chromium.new_page(**options)
        opened.append(page)
        noticed = []
        page.on("console", lambda message: noticed.append(message.text))
        page.on("dialog", lambda dialog: (noticed.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: noticed.append(request.url) if not request.is_navigation_request() else None)
        page.goto(path.as_uri())
        return page, noticed

    yield look_at
    for page in opened:
        page.close()

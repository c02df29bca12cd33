"""Hostile submissions: they earn no more than the stub, are never called right or ungraded, and leave nothing behind.

What is hostile is put on top of the stub, in a file that is the learner's. The catalogue is a copy of the real one with
shorter limits, so that what never ends is noticed sooner.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
CONFINED = ("--sandbox", "bubblewrap")
"""Never `auto` here: in the tier without promises, some of what follows would be let loose on this machine."""
LEARNERS = {
    "01_path_appending": "bin/report.py",
    "02_main_guard": "tally.py",
    "03_init_exports": "harbour/__init__.py",
    "04_relative_imports": "pilotage/__init__.py",
}
"""The file of each exercise that everything in it runs or imports."""

ENDLESS = {
    "stops itself", "runs for ever", "sleeps for ever", "takes all memory", "takes memory in many processes",
    "forks for ever", "starts threads for ever", "complains for ever",
}  # fmt: skip
"""Attacks that cost their whole time in each execution; so they are made on the exercises with the fewest of these."""

pytestmark = pytest.mark.usefixtures("needs_bubblewrap")

FORGE = """
import json, os
claims = [
    "true", "[]", "{}", "0", '"passed"', "null", "[" * 100000,
    json.dumps({"verdict": "passed", "outcome": "passed", "score": 100, "points": 100}),
    json.dumps({"before": [], "after": ["/lib"], "again": ["/lib"], "mean": True, "MARK": False, "cwd": "/"}),
    json.dumps({"count": True, "opened": []}),
]
for number, claim in enumerate(claims):
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor > 2:
            try:
                os.write(descriptor, claims[os.getpid() % len(claims)].encode())
            except OSError:
                pass
os._exit(0)
"""

PATCH = """
import builtins, json, os, sys
class Same(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
class Yes:
    def __getattr__(self, name): return self
    def __call__(self, *arguments, **more): return self
    def __eq__(self, other): return True
    def __iter__(self): return iter(())
    def __bool__(self): return True
    __len__ = __int__ = __index__ = lambda self: 0
json.dumps = json.dump = json.loads = lambda *arguments, **more: "{}"
sys.exit = os._exit = lambda status=0: None
builtins.print = lambda *arguments, **more: None
builtins.repr = builtins.str = builtins.sorted = builtins.len = Yes()
builtins.isinstance = lambda *arguments: True
sys.modules["json"] = sys.modules["msgspec"] = sys.modules["pytest"] = Yes()
sys.modules[__name__] = Yes()
"""

READ = """
import glob, os
places = [
    "/proc/1/environ", "/proc/1/cmdline", "/proc/1/root", "/proc/1/cwd", "/root", "/home", "/etc/shadow",
    REPOSITORY, REPOSITORY + "/exercises", REPOSITORY + "/solutions", REPOSITORY + "/grader", CATALOGUE,
    *glob.glob("/proc/[0-9]*/root" + CATALOGUE), *glob.glob("/proc/[0-9]*/cwd"),
]
found = []
for place in places:
    for folder, _, files in os.walk(place):
        secret = "solutions" in folder or "hidden_tests" in folder
        found += [os.path.join(folder, name) for name in files if secret and name.endswith(".py")]
    try:
        if open(place, "rb").read():
            found.append(place)
    except OSError:
        pass
if found:
    raise SystemExit("FOUND " + " ".join(found))
"""

ATTACKS = {
    "exits at once": "import os\nos._exit(0)\n",
    "exits politely": "raise SystemExit(0)\n",
    "kills itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
    "kills everybody": "import os, signal\nos.kill(-1, signal.SIGKILL)\n",
    "stops itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n",
    "crashes": "import ctypes\nctypes.string_at(0)\n",
    "runs for ever": (
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n"
    ),
    "sleeps for ever": "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(1e6)\n",
    "prints for ever": "import os\nwhile True:\n    os.write(1, b'passed' * 9999)\n",
    "complains for ever": "import os\nwhile True:\n    os.write(2, bytes(range(256)) * 99)\n",
    "takes all memory": "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 24))\n",
    "takes memory in many processes": (
        "import os\nfor _ in range(40):\n    if os.fork() == 0:\n        hoard = b'x' * (1 << 28)\n"
        "        while True:\n            pass\nos.wait()\n"
    ),
    "fills the disk": (
        "import itertools, os\nfor folder in ('/tmp', os.environ['HOME'], '.', '/dev/shm'):\n    try:\n"
        "        for number in itertools.count():\n"
        "            with open(f'{folder}/{number}', 'wb') as file:\n                file.write(bytes(1 << 24))\n"
        "    except OSError:\n        pass\nraise SystemExit(0)\n"
    ),
    "forks for ever": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n",
    "starts threads for ever": (
        "import threading, time\nwhile True:\n    try:\n"
        "        threading.Thread(target=time.sleep, args=(1e6,)).start()\n    except RuntimeError:\n        pass\n"
    ),
    "leaves a daemon": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.chdir('/')\n"
        "        time.sleep(1e6)\n    os._exit(0)\nos._exit(0)\n"
    ),
    "leaves a daemon that holds the output": (
        "import os, signal, time\nif os.fork() == 0:\n    os.setsid()\n"
        "    signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "    if os.fork() == 0:\n        while True:\n            os.write(1, b'.')\n            time.sleep(0.01)\n"
        "    os._exit(0)\nos._exit(0)\n"
    ),
    "forges the report": FORGE,
    "patches everything": PATCH,
    "reads what is secret": READ,
    "deletes itself": (
        "import os, shutil\nhere = os.path.dirname(os.path.abspath(__file__))\n"
        "for folder in (here, os.path.dirname(here), os.getcwd(), '/tmp'):\n"
        "    shutil.rmtree(folder, ignore_errors=True)\nopen(__file__, 'w').write('print(1)')\n"
    ),
    "traces everything": (
        "import sys\ndef trace(frame, event, argument):\n    frame.f_locals.clear()\n    raise SystemExit(0)\n"
        "sys.settrace(trace)\nsys.setprofile(trace)\nsys.excepthook = lambda *about: None\n"
    ),
    "ends at exit": "import atexit, os\natexit.register(lambda: os._exit(0))\nraise SystemExit(0)\n",
    "writes escapes": (
        "import sys\nfor stream in (sys.stdout, sys.stderr):\n"
        "    stream.write('\\x1b[2J\\x1b]0;passed\\x07\\u202e\\r100/100 passed\\n')\nraise SystemExit(1)\n"
    ),
    "is no text": None,
    "is very deep": "x = " + "(" * 5000 + ")" * 5000 + "\n",
    "is very long": "raise ValueError('x' * 10_000_000)\n",
}

BESIDE = {
    "conftest.py": "import pytest\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport():\n"
    "    report = yield\n    report.outcome = 'passed'\n    return report\n",
    "sitecustomize.py": "import os\nos._exit(0)\n",
    "usercustomize.py": "import os\nos._exit(0)\n",
    "pytest.py": "import os\nos._exit(0)\n",
    "json.py": "import os\nos._exit(0)\n",
    "pytest.ini": "[pytest]\naddopts = --collect-only\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-k nothing'\n",
    "setup.cfg": "[tool:pytest]\naddopts = --nonsense\n",
    "hidden_tests/test_path_appending.py": "def test_own_folder(): pass\n",
    "pyvenv.cfg.d/pyvenv.cfg": "home = /nowhere\n",
    "exercise.toml": "title = 'Mine'\n",
    "site-packages/evil.pth": "import os; os._exit(0)\n",
}

SETUP = {
    "loops": "while True:\n    pass\n",
    "exits": "import os\nos._exit(0)\n",
    "exits politely": "raise SystemExit(0)\n",
    "raises": "raise RuntimeError('\\x1b[31m' + 'no' * 100)\n",
    "prints for ever": "while True:\n    print('passed' * 999)\n",
    "writes outside": (
        "import os\nfor place in ('/', '/tmp', '/usr', '/etc', os.pardir, '/proc/sys/kernel', CATALOGUE, REPOSITORY):\n"
        "    try:\n        open(os.path.join(place, 'planted.txt'), 'w').write('planted')\n"
        "    except OSError:\n        pass\n"
        "raise SystemExit(0)\n"
    ),
    "forges a wheel": (
        "import os, sys\nout = sys.argv[-1]\nfor line in range(3, 64):\n"
        "    try:\n        os.write(line, b'../../evil.whl')\n    except OSError:\n        pass\nos._exit(0)\n"
    ),
    "leaves a daemon": ATTACKS["leaves a daemon"],
    "forks for ever": ATTACKS["forks for ever"],
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """The real catalogue with shorter limits."""
    top = tmp_path_factory.mktemp("catalogue")
    for part in ("exercises", "solutions"):
        shutil.copytree(REPOSITORY / part, top / part, ignore=shutil.ignore_patterns("__pycache__"))
    for settings in top.glob("exercises/*/exercise.toml"):
        text = settings.read_text(encoding="utf-8")
        rest = re.sub(r"^\[limits\]\n(.+\n)*", "", text, flags=re.MULTILINE)
        settings.write_text(rest + "\n[limits]\nwall = 1\nbuild_wall = 4\n", encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def stub_scores(catalogue, tmp_path_factory, make_kata):
    """What the stubs score, by exercise."""
    kata = make_kata(tmp_path_factory.mktemp("desk"), tmp_path_factory.mktemp("temporary"))
    workspace = tmp_path_factory.mktemp("stubs")
    for stub in catalogue.glob("exercises/*/stub"):
        shutil.copytree(stub, workspace / stub.parent.name)
    report = kata.report(*CONFINED, "--workspace", workspace, catalog=catalogue)
    return {f"{each['number']:02}_{each['exercise']}": each["score"] for each in report["exercises"]}


@pytest.fixture
def graded(kata, catalogue, tmp_path, stub_scores):
    """Grade the stubs of some exercises, each changed by a function; gives pairs of that and the stub's own score."""

    def grade(names, change):
        workspace = tmp_path / "hostile"
        for name in names:
            shutil.copytree(catalogue / "exercises" / name / "stub", workspace / name)
            change(workspace / name, name)
        before = snapshot(workspace)
        exercises = kata.report(*CONFINED, "--workspace", workspace, "--jobs", "2", catalog=catalogue)["exercises"]
        assert snapshot(workspace) == before
        assert kata.left() == ([], [])
        return [(exercise, stub_scores[name]) for exercise, name in zip(exercises, names, strict=True)]

    return grade


def snapshot(folder):
    """What the files of a folder hold."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_nothing_won(hostile, stub):
    """No point more than the stub has, a reason for each lost check, and a verdict."""
    assert hostile["verdict"] == "failed", hostile["reason"]
    assert hostile["score"] <= stub
    for check in hostile["checks"]:
        assert check["outcome"] in ("passed", "failed", "timeout")
        if check["outcome"] != "passed":
            assert check["message"].strip()
            assert all(char.isprintable() or char in "\n\t" for char in check["message"])
        shown = str(check)
        assert "FOUND" not in shown
        assert 'Traceback (most recent call last):\n  File "' + str(REPOSITORY / "grader") not in shown


@pytest.mark.parametrize("attack", ATTACKS)
def test_code(graded, catalogue, attack):
    """Code that cheats, destroys or never ends wins nothing, in any of the exercises."""
    body = ATTACKS[attack]

    def change(project, name):
        path = project / LEARNERS[name]
        if body is None:
            path.write_bytes(b"\xff\xfe\x00print(1)\n")
            return
        places = f"REPOSITORY, CATALOGUE = {str(REPOSITORY)!r}, {str(catalogue)!r}\n" if "CATALOGUE" in body else ""
        path.write_text(places + body + path.read_text(encoding="utf-8"), encoding="utf-8")

    names = ["01_path_appending", "03_init_exports"] if attack in ENDLESS else list(LEARNERS)
    for hostile, stub in graded(names, change):
        assert_nothing_won(hostile, stub)


@pytest.mark.parametrize("file", BESIDE)
def test_file_beside(graded, file):
    """A file beside the code that means something to Python, pytest or us wins nothing."""

    def change(project, name):
        for folder in (project, (project / LEARNERS[name]).parent):
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_text(BESIDE[file], encoding="utf-8")

    for hostile, stub in graded(list(LEARNERS), change):
        assert_nothing_won(hostile, stub)


@pytest.mark.parametrize("attack", SETUP)
def test_setup(graded, catalogue, attack):
    """A setup.py that cheats, destroys or never ends wins nothing."""
    places = f"REPOSITORY, CATALOGUE = {str(REPOSITORY)!r}, {str(catalogue)!r}\n"

    def change(project, _):
        (project / "setup.py").write_text(places + SETUP[attack], encoding="utf-8")

    ((hostile, stub),) = graded(["05_setup_py"], change)
    assert_nothing_won(hostile, stub)
    for folder in (catalogue, REPOSITORY, Path("/"), Path("/tmp"), Path("/usr"), Path("/etc")):
        assert not os.path.lexists(folder / "planted.txt")


@pytest.mark.parametrize(
    "text",
    [
        "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
        "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'backend'\nbackend-path = ['../../..']\n",
        "[build-system]\nrequires = ['evil @ file:///etc/passwd']\n",
        "[build-system]\nrequires = " + "[" * 3000 + "]" * 3000 + "\n",
        "build-system = 1\n",
    ],
)
def test_backend(graded, text):
    """A build backend of the learner's own, or none at all, is a failed build and no more."""
    backend = (
        "import os, zipfile\ndef build_wheel(out, *rest):\n"
        "    zipfile.ZipFile(out + '/merrow_tidelog-1.4.0-py3-none-any.whl', 'w').writestr('../../evil.py', '')\n"
        "    os.symlink('/etc/passwd', out + '/other.whl')\n"
        "    return 'merrow_tidelog-1.4.0-py3-none-any.whl'\n"
    )

    def change(project, _):
        (project / "pyproject.toml").write_text(text, encoding="utf-8")
        (project / "backend.py").write_text(backend, encoding="utf-8")

    ((hostile, stub),) = graded(["05_setup_py"], change)
    assert_nothing_won(hostile, stub)


def test_two_processes_of_one_attempt(kata, catalogue, tmp_path):
    """One execution can't tell the next what to say: nothing that it writes is there any more."""
    name = "02_main_guard"
    project = shutil.copytree(catalogue / "exercises" / name / "stub", tmp_path / "work")
    note = (
        "import os\nfor folder in ('/tmp', '/dev/shm', os.environ['HOME'], os.getcwd(), os.path.dirname(__file__)):\n"
        "    path = os.path.join(folder, 'note-to-myself')\n    if os.path.exists(path):\n"
        "        raise SystemExit('FOUND ' + path)\n    try:\n        open(path, 'w').close()\n"
        "    except OSError:\n        pass\n"
    )
    (project / "tally.py").write_text(note + (project / "tally.py").read_text())
    report = kata.report(*CONFINED, "2", "--project", project, catalog=catalogue)
    assert "FOUND" not in str(report)

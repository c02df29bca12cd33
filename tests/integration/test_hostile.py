"""Submissions whose files are hostile by name or form: they earn no more than the stub, and are never called right.

What programs can do is tried by the attacks. The catalogue is a copy of the real one with shorter limits.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.attacks.suite import BUILT_EXERCISE, MAIN_FILES

REPOSITORY = Path(__file__).parents[2]
CONFINED = ("--sandbox", "bubblewrap")
"""Never `auto` here: in the tier without promises, some of what follows would be let loose on this machine."""

pytestmark = pytest.mark.usefixtures("needs_bubblewrap")

SOURCES = {
    "no text": b"\xff\xfe\x00print(1)\n",
    "very deep": b"x = " + b"(" * 5000 + b")" * 5000 + b"\n",
}
"""Files that are no programs."""

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
    for name in (*MAIN_FILES, BUILT_EXERCISE):
        shutil.copytree(catalogue / "exercises" / name / "stub", workspace / name)
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


@pytest.mark.sweep
@pytest.mark.parametrize("source", SOURCES)
def test_no_program(graded, source):
    """A file that Python can't even read wins nothing, in any of the exercises."""

    def change(project, name):
        (project / MAIN_FILES[name]).write_bytes(SOURCES[source])

    for hostile, stub in graded(list(MAIN_FILES), change):
        assert_nothing_won(hostile, stub)


HIDING = {"01_path_appending": "lib/soundings/__init__.py", "03_init_exports": "harbour/tides/__init__.py"}
"""A package by the name of a given module."""


@pytest.mark.parametrize("name", HIDING)
def test_package_that_hides_a_given_module(kata, catalogue, lay_out, name):
    """It doesn't count: what is right without it is right, and whoever loses points is told of it first, and once."""
    files = {HIDING[name]: "raise SystemExit('hidden')\n"}
    (right,) = kata.report(*CONFINED, name, "--project", lay_out(name, reference=True, files=files), catalog=catalogue)[
        "exercises"
    ]
    assert (right["verdict"], right["score"]) == ("passed", 100)
    stub = lay_out(name, kata.cwd.parent / "stub", files=files)
    (wrong,) = kata.report(*CONFINED, name, "--project", stub, catalog=catalogue)["exercises"]
    assert wrong["verdict"] == "failed"
    assert wrong["causes"][0]["says"].startswith(f"{HIDING[name]} would hide the given ")
    messages = [check["message"] for check in wrong["checks"] if check["outcome"] == "failed"]
    assert messages
    assert not [message for message in messages if "would hide" in message]


@pytest.mark.sweep
@pytest.mark.parametrize("file", BESIDE)
def test_file_beside(graded, file):
    """A file beside the code that means something to Python, pytest or us wins nothing."""

    def change(project, name):
        for folder in (project, (project / MAIN_FILES[name]).parent):
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_text(BESIDE[file], encoding="utf-8")

    for hostile, stub in graded(list(MAIN_FILES), change):
        assert_nothing_won(hostile, stub)


@pytest.mark.sweep
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

    ((hostile, stub),) = graded([BUILT_EXERCISE], change)
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

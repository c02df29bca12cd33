"""The same submission gives the same report, whatever the order, the load, and the state of whoever asks."""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

MISTAKES = {"01_path_appending": "inserted_first", "04_relative_imports": "dot_too_few"}
UNTOUCHED = "02_main_guard"


@pytest.fixture(scope="module")
def exercises(exercises):
    """The first few are enough: programs, modules, packages and a build."""
    return dict(list(exercises.items())[:5])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, exercises, solutions):
    """A workspace with right answers, two mistakes and a stub; and a catalogue of just these exercises."""
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc")
    top = tmp_path_factory.mktemp("workspaces")
    for name, folder in exercises.items():
        shutil.copytree(folder, top / "catalogue" / "exercises" / name, ignore=left_out)
        shutil.copytree(solutions[name], top / "catalogue" / "solutions" / name, ignore=left_out)
        shutil.copytree(folder / "stub", top / "work" / name, ignore=left_out)
        overlays = [] if name == UNTOUCHED else [solutions[name] / "reference"]
        if name in MISTAKES:
            overlays.append(folder / "mistakes" / MISTAKES[name])
        for overlay in overlays:
            shutil.copytree(overlay, top / "work" / name, dirs_exist_ok=True, ignore=left_out)
    return top


def run(workspace, *arguments, catalogue=None, **options):
    """The report on the work that is there; nothing may be said beside it."""
    env = {**os.environ, **options.pop("env", {})}
    what = ["--catalog", catalogue or workspace / "catalogue", "grade", "--format", "json"]
    command = [sys.executable, "-m", "grader", *what, "--workspace", workspace / "work"]
    fields = {"env": env, "cwd": workspace, "capture_output": True, "text": True, "stdin": subprocess.DEVNULL}
    seen = subprocess.run([*map(str, command), *arguments], check=False, timeout=120, **(fields | options))
    assert (seen.returncode, seen.stderr) == (0, ""), seen.stderr
    return seen.stdout


def timeless(report):
    """A report's text without its last part, which holds the times."""
    head, key, tail = report.partition('\n  "timing": {')
    assert key
    assert re.fullmatch(r'\n(    "\w+": [\d.]+,?\n)+  \}\n\}\n', tail), tail
    return head


@pytest.fixture(scope="module")
def first(workspace):
    """The report that all others must be like."""
    return timeless(run(workspace))


def test_worth_comparing(workspace):
    """What is compared holds right answers, wrong ones and messages."""
    exercises = {each["number"]: each for each in json.loads(run(workspace))["exercises"]}
    wrong = {1, 2, 4}
    assert {number for number, each in exercises.items() if each["verdict"] == "failed"} == wrong
    messages = [check["message"] for each in exercises.values() for check in each["checks"] if check["message"]]
    assert len(messages) >= len(wrong)


def test_again(workspace, first):
    """Graded again, the report is the same byte for byte, but for the times."""
    assert timeless(run(workspace)) == first


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_jobs(workspace, first, jobs):
    """However many projects are graded at once, the report is the same."""
    assert timeless(run(workspace, "--jobs", jobs)) == first


def test_order(workspace, first, exercises):
    """In whatever order the exercises are named, and by whatever of their names, the report is the same."""
    assert timeless(run(workspace, *reversed(exercises))) == first
    assert timeless(run(workspace, "3", "05", "path_appending", "02_main_guard", "4")) == first


def test_alone(workspace, first, exercises):
    """An exercise that is graded alone gets what it gets among the others."""
    together = dict(zip(exercises, re.split(r"\n    \{", first)[1:], strict=True))
    for name in list(exercises)[1:3]:
        alone = json.loads(run(workspace, name))["exercises"][0]
        assert json.dumps(alone["checks"][0]["message"]) in together[name] or alone["checks"][0]["message"] is None
        assert alone["digest"] in together[name]
        assert f'"score": {alone["score"]},' in together[name]


def test_load(workspace, first):
    """On a busy machine, where four gradings run side by side, the reports are the same."""
    with ThreadPoolExecutor(4) as threads:
        reports = set(threads.map(lambda _: timeless(run(workspace)), range(4)))
    assert reports == {first}


def test_no_race(workspace):
    """Many short runs, two at a time, are all graded, and all alike: nothing depends on what happens first."""
    with ThreadPoolExecutor(2) as threads:
        reports = set(threads.map(lambda _: timeless(run(workspace, "2", "3")), range(12)))
    assert len(reports) == 1


@pytest.fixture
def hostile(tmp_path):
    """A folder of modules that must not be imported, named like those that everybody imports."""
    for name in ("json", "calendar", "re", "pathlib", "pytest", "click", "msgspec", "sitecustomize", "usercustomize"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('the {name} of somebody else')\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('the conftest of somebody else')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n")
    (tmp_path / "startup.py").write_text("raise SystemExit('the startup of somebody else')\n")
    return tmp_path


HARMLESS_MODULES = ("json", "calendar", "re", "pathlib", "pytest", "click", "msgspec")
"""Those of the hostile ones that Python itself doesn't import before any of our lines can run."""

VARIABLES = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONSTARTUP": "{hostile}/startup.py",
    "PYTHONWARNINGS": "error",
    "PYTHONSAFEPATH": "1",
    "PYTHONHASHSEED": "12345",
    "PYTHONOPTIMIZE": "2",
    "PYTHONIOENCODING": "ascii",
    "PYTHONUTF8": "0",
    "PYTHONUNBUFFERED": "1",
    "PYTHONNOUSERSITE": "1",
    "PYTHONPYCACHEPREFIX": "{hostile}/cache",
    "PYTEST_ADDOPTS": "--nonsense -k nothing",
    "PYTEST_PLUGINS": "nonsense",
    "PYTEST_TIMEOUT": "0.001",
    "LANG": "C",
    "LC_ALL": "POSIX",
    "TZ": "Pacific/Kiritimati",
    "COLUMNS": "20",
    "FORCE_COLOR": "1",
    "VIRTUAL_ENV": "{hostile}",
    "PIP_INDEX_URL": "http://127.0.0.1:9/",
    "SOURCE_DATE_EPOCH": "0",
    "SETUPTOOLS_USE_DISTUTILS": "stdlib",
    "LD_LIBRARY_PATH": "{hostile}",
    "BASH_ENV": "{hostile}/startup.py",
}


@pytest.fixture(scope="module")
def small(workspace):
    """The report on a wrong answer, and on a right one that is built."""
    return timeless(run(workspace, "1", "5"))


@pytest.mark.sweep
@pytest.mark.parametrize("name", VARIABLES)
def test_variable(workspace, small, hostile, name):
    """A variable of the environment changes nothing in a report."""
    value = VARIABLES[name].replace("{hostile}", str(hostile))
    assert timeless(run(workspace, "1", "5", env={name: value})) == small


@pytest.mark.sweep
@pytest.mark.parametrize("name", HARMLESS_MODULES)
def test_module_on_the_path(workspace, small, hostile, tmp_path, name):
    """A module that is named like one of ours and lies on PYTHONPATH is not taken for it."""
    folder = tmp_path / "alone"
    folder.mkdir()
    shutil.copy(hostile / f"{name}.py", folder)
    assert timeless(run(workspace, "1", "5", env={"PYTHONPATH": str(folder)})) == small


def test_current_folder(workspace, first, hostile):
    """A current folder full of modules named like ours, and of settings for pytest, changes nothing in a report."""
    for name in ("sitecustomize", "usercustomize"):
        (hostile / f"{name}.py").unlink()
    assert timeless(run(workspace, cwd=hostile)) == first


def test_all_at_once(workspace, first, hostile):
    """Nor do all of these together, with two jobs."""
    for name in ("sitecustomize", "usercustomize"):
        (hostile / f"{name}.py").unlink()
    env = {name: value.replace("{hostile}", str(hostile)) for name, value in VARIABLES.items()}
    assert timeless(run(workspace, "--jobs", "2", env=env | {"PYTHONPATH": str(hostile)}, cwd=hostile)) == first


@pytest.mark.sweep
@pytest.mark.skipif(os.name != "posix", reason="Windows has no such thing")
@pytest.mark.parametrize(("umask", "jobs"), [(0o077, "1"), (0o077, "2"), (0o000, "1")])
def test_umask(workspace, first, umask, jobs):
    """Who may read the user's new files changes nothing in a report."""
    assert timeless(run(workspace, "--jobs", jobs, umask=umask)) == first


@pytest.mark.skipif(os.name != "posix", reason="the permissions of files are those of POSIX")
def test_private_files(workspace, first, tmp_path):
    """Nor does who may read the files that are graded, or when they were written."""
    private = tmp_path / "private"
    shutil.copytree(workspace / "work", private / "work")
    for path in (private / "work").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o400)
        os.utime(path, (86400 * 4000, 86400 * 4000))
    assert timeless(run(private, catalogue=workspace / "catalogue")) == first


def test_place(workspace, first, tmp_path):
    """Nor does where they lie."""
    place = tmp_path / "Größe 机" / "a b"
    shutil.copytree(workspace / "work", place / "work")
    assert timeless(run(place, catalogue=workspace / "catalogue")) == first


def test_order_in_folders(workspace, first, tmp_path):
    """Nor does the order in which a folder lists its files."""
    for path in sorted((workspace / "work").rglob("*"), reverse=True):
        if path.is_file():
            target = tmp_path / path.relative_to(workspace)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    assert timeless(run(tmp_path, catalogue=workspace / "catalogue")) == first

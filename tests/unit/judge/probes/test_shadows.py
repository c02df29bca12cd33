"""Files of the learner's with the names of what our parts on the learner's side import: none is taken for it.

The names are found by machine under each Python: what those parts import, and what that imports in turn.
"""

import ast
import importlib.util
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from grader import sandbox as sandboxes
from grader.environment import builds
from grader.judge.probes import bodies, sealing
from grader.judge.probes.steps import split
from grader.model import Command
from grader.sandbox import REPORT
from grader.xray import recorder
from tests.unit.judge.probes.test_out_of_reach import pythons

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a virtualenv looks different there")
PYTHONS = tuple(pythons())
SHADOW = "import os\nos.write(1, b'SHADOW ' + __name__.encode() + b' ')\nos._exit(0)\n"
ASKER = sealing._ASKER.read_text(encoding="utf-8")
WORKSHOP = bodies._RUN + bodies._FURNISH.replace("{source!r}", "''") + bodies._LEAVE
RECORDER = "".join(
    Path(importlib.util.find_spec(f"{recorder.__name__}.{part}").origin).read_text(encoding="utf-8")
    for part in recorder.PARTS
)


@pytest.fixture(params=PYTHONS, ids=lambda python: python.version)
def python(request):
    """Each that is here."""
    return request.param


def imported(source):
    """The modules that a program names, in import statements and calls that import."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith("grader"):
            yield node.module
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("borrow_module", "__import__"):
            yield from (
                each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and type(each.value) is str
            )


def loaded(python, *sources):
    """Every module that Python has by the time the programs have theirs; what isn't here isn't needed here."""
    wanted = sorted({name for source in sources for name in imported(source)} - {"__future__", "setuptools.build_meta"})
    program = (
        "import importlib, sys\n"
        f"for name in {wanted!r}:\n"
        "    try: importlib.import_module(name)\n"
        "    except ImportError: pass\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    argv = (str(python.executable), "-I", "-S", "-c", program)
    found = subprocess.run(argv, capture_output=True, text=True, check=True)
    return set(found.stdout.split()) - {"__main__"} | {name.split(".")[0] for name in wanted}


def shadow(folder, names):
    """Put a file of each name into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.py").write_text(SHADOW, encoding="utf-8")


def run(folder, python, body, env, **how):
    """A probe of a virtualenv's interpreter in a folder; gives its value, and what is printed."""
    key = sealing.new_key()
    stdin = sealing.sealed(body, key, python, given={"first": 3}, **how)
    argv = (str(folder.parent / "env" / "bin" / "python"), "-B", *sealing.arguments(REPORT, python))
    with closing(sandboxes.choose("process")) as sandbox:
        done = sandbox.run(Command(argv, folder, env, stdin=stdin, report=True))
    return sealing.opened(done.report, key), done.stdout + done.stderr


@pytest.fixture
def place(folder, python):
    """A folder for a project, beside a virtualenv."""
    subprocess.run((str(python.executable), "-m", "venv", "--without-pip", str(folder / "env")), check=True)
    project = folder / "project"
    project.mkdir()
    return project


@pytest.mark.parametrize("where", ["search path", "current folder", "site-packages"])
def test_probes(place, python, where):
    """What reports is the library's own, wherever the learner's file lies."""
    names = loaded(python, ASKER)
    assert {"os", "marshal", "_json", "_queue", "site"} <= names
    packages = next(place.parent.glob("env/lib/python*/site-packages"))
    folder = {"search path": place / "lib", "current folder": place, "site-packages": packages}[where]
    shadow(folder, names)
    search_path = str(folder) if where == "search path" else None
    for site in (True, False):
        value, shown = run(
            place, python, split("see([first, 'ä\\udce9', {1: None}])"), {}, site=site, search_path=search_path
        )
        assert value == [3, "ä\\udce9", {"1": None}]
        assert shown == b""


@pytest.mark.parametrize("where", ["search path", "current folder"])
def test_workshops(place, python, where):
    """The lines of a workshop have the library's own modules, too."""
    names = loaded(python, ASKER, WORKSHOP)
    assert {"subprocess", "shutil", "threading", "os"} <= names
    folder = {"search path": place / "lib", "current folder": place}[where]
    shadow(folder, names)
    inside = place.parent / "copied"
    inside.mkdir()
    (inside / "file.txt").touch()
    body = bodies.furnished(inside, bodies.with_run("see([run('/bin/echo', 'x')['stdout'], first])"))
    value, shown = run(place, python, body, {}, site=False, alone=True, search_path=str(folder))
    assert value == ["x\n", 3]
    assert shown == b""


def test_recorder(python):
    """All that the recorder of the x-ray takes is built into the interpreter, where no file can come before it."""
    names = {name for name in imported(RECORDER) if name not in ("nt", "win32", "types", "typing", "collections.abc")}
    assert {"posix", "time", "_thread", "sys"} <= names
    argv = (str(python.executable), "-I", "-S", "-c", "import json, sys; print(json.dumps(sys.builtin_module_names))")
    assert names <= set(json.loads(subprocess.run(argv, capture_output=True, check=True).stdout))


def test_builds(folder, python):
    """A build starts with the library's own modules, although it is made in the project."""
    names = loaded(python, builds.HOOK)
    assert {"base64", "json", "shutil", "tempfile"} <= names
    shadow(folder, names)
    wanted = sorted(set(imported(builds.HOOK)) - {"setuptools.build_meta"})
    program = (
        f"import sys, {', '.join(wanted)}; print([getattr(each, '__file__', '') for each in sys.modules.values()])"
    )
    argv = (str(python.executable), *builds.arguments("1")[:1], "-c", program)
    done = subprocess.run(argv, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=True)
    assert "SHADOW" not in done.stdout
    assert str(folder) not in done.stdout

"""Files of the learner's with the names of what our parts on the learner's side import: none is taken for it.

The names are found by machine under each Python: what those parts import, and what that imports in turn.
"""

import ast
import importlib.util
import json
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader import sandbox as sandboxes
from grader.environment import builds
from grader.judge.probes import bodies, sealing
from grader.judge.probes.steps import split
from grader.model import Command
from grader.sandbox import REPORT
from grader.xray import commands, recorder
from tests.unit.judge.probes.test_out_of_reach import pythons

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a virtualenv looks different there")
PYTHONS = tuple(pythons())
SHADOW = "import os\nos.write(1, b'SHADOW ' + __name__.encode() + b' ')\nos._exit(0)\n"
ASKER = sealing._FUNCTIONS["begin"].read_text(encoding="utf-8")
WORKSHOP = bodies._RUN + bodies._FURNISH.replace("{source!r}", "''") + bodies._LEAVE
RECORDER = "".join(
    Path(importlib.util.find_spec(f"{recorder.__name__}.{part}").origin).read_text(encoding="utf-8")
    for part in recorder.PARTS
)
PLACES = ("search path", "current folder", "site-packages")


@pytest.fixture(scope="module", params=PYTHONS, ids=lambda python: python.version)
def python(request):
    """Each that is here."""
    return request.param


@pytest.fixture(scope="module")
def environment(tmp_path_factory, python):
    """A virtualenv of it."""
    path = tmp_path_factory.mktemp("virtualenv").resolve() / "env"
    subprocess.run((str(python.executable), "-m", "venv", "--without-pip", str(path)), check=True)
    return path


@dataclass
class Place:
    """A project's folder, where files of the learner's lie, and what puts them on the search path."""

    project: Path
    folder: Path
    search_path: str | None

    def shadow(self, names):
        """Put a file of each name there."""
        for name in names:
            (self.folder / f"{name}.py").write_text(SHADOW, encoding="utf-8")


@pytest.fixture(params=PLACES)
def place(request, tmp_path, environment):
    """Each that the learner's files can lie in."""
    project, lib = (tmp_path.resolve() / name for name in ("project", "lib"))
    project.mkdir()
    lib.mkdir()
    packages = next(environment.glob("lib/python*/site-packages"))
    before = {*packages.iterdir()}
    if request.param == "search path":
        yield Place(project, lib, str(lib))
    else:
        yield Place(project, packages if request.param == "site-packages" else project, None)
    for path in {*packages.iterdir()} - before:
        path.unlink() if path.is_file() else shutil.rmtree(path)


def imported(source):
    """The modules that a program names, in import statements and calls that import, but for type checkers."""
    tree = ast.parse(source)
    unread = {id(part) for node in ast.walk(tree) if isinstance(node, ast.If) for part in unread_in(node)}
    for node in ast.walk(tree):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("borrow_module", "__import__"):
            yield from (
                each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and type(each.value) is str
            )


def unread_in(node):
    """What stands below `if TYPE_CHECKING`."""
    if ast.unparse(node.test) == "TYPE_CHECKING":
        for line in node.body:
            yield from ast.walk(line)


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


def run(environment, place, python, body, **how):
    """A probe of a virtualenv's interpreter in the project; gives its value, and what is printed."""
    key = sealing.new_key()
    stdin = sealing.sealed(body, key, python, given={"first": 3}, search_path=place.search_path, **how)
    argv = (str(environment / "bin" / "python"), "-B", *sealing.arguments(REPORT, python))
    with closing(sandboxes.choose("process")) as sandbox:
        done = sandbox.run(Command(argv, place.project, {}, stdin=stdin, report=True))
    return sealing.opened(done.report, key), done.stdout + done.stderr


def test_probes(environment, place, python):
    """What reports is the library's own, wherever the learner's file lies."""
    names = loaded(python, ASKER)
    assert {"os", "marshal", "_json", "_queue", "site"} <= names
    place.shadow(names)
    for site in (True, False):
        value, shown = run(environment, place, python, split("see([first, 'ä\\udce9', {1: None}])"), site=site)
        assert value == [3, "ä\\udce9", {"1": None}]
        assert shown == b""


def test_workshops(environment, place, python, tmp_path):
    """The lines of a workshop have the library's own modules, too."""
    names = loaded(python, ASKER, WORKSHOP)
    assert {"subprocess", "shutil", "threading", "os"} <= names
    place.shadow(names)
    inside = tmp_path / "copied"
    inside.mkdir()
    (inside / "file.txt").touch()
    body = bodies.furnished(inside, bodies.with_run("see([run('/bin/echo', 'x')['stdout'], first])"))
    value, shown = run(environment, place, python, body, site=False, alone=True)
    assert value == ["x\n", 3]
    assert shown == b""


def test_recorder(environment, place, tmp_path):
    """The x-ray's recorder takes nothing but what is built into the interpreter, where no file comes before it."""
    names = {*imported(RECORDER)}
    assert {"posix", "time", "_thread", "sys"} <= names
    place.shadow(names)
    notes = tmp_path / "notes"
    notes.mkdir()
    program = str(environment / "bin" / "python")
    read = "import json, opcode; print(json.dumps(opcode.opmap))"
    opcodes = json.loads(subprocess.run((program, "-I", "-S", "-c", read), capture_output=True, check=True).stdout)
    packages = next(environment.glob("lib/python*/site-packages"))
    line = commands.start_line(opcodes, notes, everything=False)
    (packages / "recorder.pth").write_text(f"import sys; {line}\n", encoding="utf-8")
    (place.project / "mine.py").touch()
    env = {"PYTHONPATH": place.search_path} if place.search_path else {}
    argv = (program, "-B", "-c", "import mine; print('ran')")
    done = subprocess.run(argv, cwd=place.project, env=env, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"ran\n", b"")
    assert b"mine" in b"".join(path.read_bytes() for path in notes.iterdir())


@pytest.mark.parametrize("builds_at_once", [1, 2])
def test_builds(environment, place, python, tmp_path, builds_at_once):
    """What makes and reports a build is the library's own, although the backend lies in the project."""
    names = loaded(python, builds.HOOK)
    assert {"base64", "json", "shutil", "tempfile"} <= names
    place.shadow(names)
    (place.project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n', encoding="utf-8"
    )
    (place.project / "backend.py").write_text(
        "def build_wheel(out):\n    with open(out + '/x.whl', 'wb') as file:\n        file.write(b'ours')\n",
        encoding="utf-8",
    )
    orders = []
    for number in range(builds_at_once):
        copy, out = (tmp_path / f"{name}{number}" for name in ("copy", "out"))
        copy.mkdir()
        out.mkdir()
        orders.append(builds.build_order(place.project, copy, out, version=python.version))
    argv = (str(environment / "bin" / "python"), *builds.arguments(REPORT, *orders))
    env = {"PYTHONPATH": place.search_path} if place.search_path else {}
    with closing(sandboxes.choose("process")) as sandbox:
        done = sandbox.run(Command(argv, place.project, env, report=True))
    assert (done.stdout, done.stderr) == (b"", b"")
    replies = builds.read_replies(done.report) if builds_at_once > 1 else []
    reports = [reply and reply.report for reply in replies] or [done.report]
    assert [builds.built_files(report) for report in reports] == [{"x.whl": b"ours"}] * builds_at_once

"""Typical confusions as small programs, each with the sentence that it is told, and a near twin that isn't told it."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.environment import interpreters
from grader.explaining.causes.detectors import causes_in
from grader.explaining.causes.scenes import ProjectFiles, exceptions_in, start_of

CONFUSIONS = sorted((Path(__file__).parents[2] / "data" / "confusions").iterdir())
EVERY = interpreters.find_all()
PYTHONS = [pytest.param(each, id=each.version) for each in dict.fromkeys((EVERY[0], interpreters.current(), EVERY[-1]))]


def causes_of(program, about, interpreter, elsewhere, *, twin=False):
    """What is told of a program that is run with that interpreter.

    What can't be kept as a file, such as a line with another end, is `made` for it in a copy; bytecode is `compiled`.
    """
    if "made" in about or "compiled" in about:
        program = shutil.copytree(program, elsewhere / "made")
        for name, source in about.get("compiled", {}).items():
            line = f"import py_compile; py_compile.compile({source!r}, {name!r}, doraise=True)"
            subprocess.run([str(interpreter.executable), "-c", line], check=True, cwd=program)
        for name, content in about.get("made", {}).items():
            (program / name).parent.mkdir(parents=True, exist_ok=True)
            (program / name).write_text(content, encoding="utf-8", newline="")
            (program / name).chmod(0o755)
    words = (about.get("twin_run") if twin else None) or about["run"]
    cwd, shown = (elsewhere, "$EMPTY") if about.get("cwd") == "elsewhere" else (program, "$PROJECT")
    if cwd is elsewhere:
        words = [str(program / words[0]), *words[1:]]
    # Without `site`: what it starts on this machine may have imported what is to be hidden.
    ran = subprocess.run(
        [str(interpreter.executable), "-B", "-S", *words],
        check=False,
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    out, err = (text.replace(str(program), "$PROJECT") for text in (ran.stdout, ran.stderr))
    files = ProjectFiles(program)
    return [*causes_in(err, files, stdout=out, start=start_of(["python", *words]), cwd=shown)], ran


@pytest.mark.parametrize("interpreter", PYTHONS)
@pytest.mark.parametrize("confusion", CONFUSIONS, ids=lambda path: path.name)
def test_confusion(confusion, interpreter, tmp_path):
    """Each confusion is told by its own sentence, under old and new versions of Python, with a reason."""
    about = tomllib.loads((confusion / "confusion.toml").read_text())
    causes, ran = causes_of(confusion / "program", about, interpreter, tmp_path)
    assert [(cause.kind, cause.says) for cause in causes] == [(about["kind"], about["says"])], ran.stderr
    assert causes[0].why.endswith(".")


@pytest.mark.parametrize("interpreter", PYTHONS)
@pytest.mark.parametrize("confusion", CONFUSIONS, ids=lambda path: path.name)
def test_near_twin(confusion, interpreter, tmp_path):
    """A program that is nearly the same, and isn't confused in that way, is not told so."""
    about = tomllib.loads((confusion / "confusion.toml").read_text())
    causes, ran = causes_of(confusion / "near_twin", about, interpreter, tmp_path, twin=True)
    assert about["kind"] not in [cause.kind for cause in causes], ran.stderr


def test_every_kind():
    """Each kind of cause that a detector can tell has a confusion."""
    sources = (Path(causes_in.__code__.co_filename).parent).glob("*.py")
    told = {each for path in sources for each in re.findall(r'Cause\(\s*"(\w+)"', path.read_text(encoding="utf-8"))}
    shown = {tomllib.loads((path / "confusion.toml").read_text())["kind"] for path in CONFUSIONS}
    assert told - shown == {"not_utf8", "data_not_installed"}


@pytest.mark.parametrize(
    ("argv", "how", "what"),
    [
        (["python", "-B", "-X", "dev", "report.py", "-m"], "file", "report.py"),
        (["python", "-W", "error", "-m", "app", "x"], "module", "app"),
        (["python", "-I", "-c", "import app"], "lines", ""),
        (["python"], "", ""),
    ],
)
def test_start(argv, how, what):
    """How Python was started is read from its command line."""
    start = start_of(argv)
    assert (start.how, start.what) == (how, what)


def test_the_last_exception_first():
    """Of several tracebacks the last comes first: it is what ended the program."""
    text = (
        'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    x\nKeyError: 1\n\n'
        "During handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "b.py", line 2, in go\n    y\nValueError: no: way\n'
    )
    assert [(each.kind, each.says, each.frames[-1].line) for each in exceptions_in(text)] == [
        ("ValueError", "no: way", 2),
        ("KeyError", "1", 1),
    ]


PIECES = st.sampled_from(
    [
        "Traceback (most recent call last):\n",
        '  File "$PROJECT/app/db.py", line 1, in <module>\n',
        "    import x\n",
        "    ^^^\n",
        '  File "", line 99999999999999999999, in \n',
        '  File "../app/db.py", line 0\n',
        "ImportError: attempted relative import",
        " with no known parent package",
        " beyond top-level package",
        "\n",
        "ModuleNotFoundError: No module named 'app'",
        "; 'app' is not a package",
        "ModuleNotFoundError: No module named 'a..b.'",
        "ImportError: cannot import name 'x' from 'app'",
        " (unknown location)",
        " (consider renaming '$PROJECT/app/db.py')",
        "AttributeError: module 'app' has no attribute ''",
        "AttributeError: partially initialized module '.' has no attribute 'db'",
        "SyntaxError: invalid syntax",
        "TabError: \x00",
        "EOFError: EOF when reading a line",
        "FileNotFoundError: [Errno 2] No such file or directory: ''",
        "bdb.BdbQuit",
        "OSError: [Errno 8] Exec format error: 'app/db.py'",
        "env: \u2018db\u2019: No such file or directory",
        "sh: 1: ./app/db.py: not found",
        "app/db.py: cannot execute: required file not found",
        "FileNotFoundError: [Errno 2] No such file or directory: '/x/site-packages/db.py'",
        "(Pdb) ",
        "> /x.py(1)f()\n",
        "⟨…⟩",
    ]
)


@settings(max_examples=400)
@given(
    pieces=st.lists(PIECES, max_size=12),
    argv=st.lists(st.sampled_from(["-m", "-c", "-X", "app", "app/db.py", "", "-I"])),
)
def test_pieces_of_tracebacks(pieces, argv, program):
    """However the parts of tracebacks are put together, nothing is raised, and what is told is a sentence."""
    text = "".join(pieces)
    for cause in causes_in(text, ProjectFiles(program), stdout=text, start=start_of(["python", *argv]), cwd="$PROJECT"):
        assert cause.says.endswith((".", ".."))
        assert cause.text


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A package with a module, one that doesn't compile, and a file that isn't UTF-8."""
    folder = tmp_path_factory.mktemp("program")
    (folder / "app").mkdir()
    for name, content in (
        ("__init__.py", b""),
        ("db.py", b"from . import x\n"),
        ("no.py", b"x = = 1"),
        ("o.py", b"\xff"),
    ):
        (folder / "app" / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("text", ["", "Traceback (most recent call last):\n", 'File "x', "\x00" * 99, "a: b\n" * 999])
def test_text_of_somebody(text, tmp_path):
    """Whatever a program prints, nothing is told of it and nothing is raised."""
    assert not [*causes_in(text, ProjectFiles(tmp_path), stdout=text)]


SUBPROCESS = """Traceback (most recent call last):
  File "main.py", line 3, in <module>
  File "/usr/lib/python3.12/subprocess.py", line 1955, in _execute_child
FileNotFoundError: [Errno 2] No such file or directory: './tides'
"""


ENV = "/usr/bin/env: 'pythn3': No such file or directory"
"""As where a script calls `env` itself: no file's first line asks for that."""


@pytest.mark.parametrize(
    "text", [SUBPROCESS, "sh: 1: ./tides: not found", "tides: not found", "tides: bad weather", ENV]
)
def test_fine_first_line(text, tmp_path):
    """A file whose first line is all right wasn't found elsewhere: nothing is said of that line."""
    (tmp_path / "tides").write_text("#!/bin/sh\necho 04:10\n")
    assert [*causes_in(text, ProjectFiles(tmp_path))] == []


@pytest.mark.parametrize(
    "text",
    [
        "/usr/bin/env: 'python3\\r': No such file or directory",
        "/usr/bin/env: \u2018python3\\r\u2019: No such file or directory\n/usr/bin/env: use -[v]S to pass options",
        "env: \u2018python3\r\u2019: No such file or directory",
    ],
)
def test_carriage_return(text, tmp_path):
    """What `env` can't find because of a carriage return is told with the file that has it, if one has."""
    (cause,) = causes_in(text, ProjectFiles(tmp_path))
    assert cause.says == "The first line of the file that was run ends with a carriage return."
    (tmp_path / "kit").write_bytes(b"#!/usr/bin/env python3\r\n")
    (cause,) = causes_in(text, ProjectFiles(tmp_path))
    assert cause.says == "The first line of kit ends with a carriage return."


@pytest.mark.parametrize(
    ("settings", "manifest", "why"),
    [
        ({"setup.py": "setup(include_package_data=True)"}, None, "there is no MANIFEST.in"),
        ({"setup.cfg": "include_package_data = True"}, "include *.md\n", "it doesn't name this one"),
        ({"pyproject.toml": "[project]\nname = 'x'\n"}, "include *.md\n", "it doesn't name this one"),
        ({"setup.py": "setup()"}, "recursive-include harbour *.csv\n", "include_package_data = True"),
        ({"setup.py": "setup()"}, "graft harbour\n", "include_package_data = True"),
        ({"setup.py": "setup(package_data={'harbour': ['*.txt']})"}, None, "only those that the project's settings"),
        ({"setup.py": "setup()"}, None, "only those that the project's settings"),
    ],
)
def test_declared_by_half(settings, manifest, why, tmp_path):
    """Of a data file that wasn't installed, the settings tell which half of what it takes is missing."""
    for name, text in settings.items():
        (tmp_path / name).write_text(text)
    if manifest is not None:
        (tmp_path / "MANIFEST.in").write_text(manifest)
    (tmp_path / "harbour").mkdir()
    (tmp_path / "harbour" / "__init__.py").write_text("open('tides.csv')\n")
    (tmp_path / "harbour" / "tides.csv").write_text("")
    installed = "$VENV/lib/python3.12/site-packages/harbour"
    frames = f'Traceback (most recent call last):\n  File "{installed}/__init__.py", line 1, in <module>\n'
    text = f"{frames}FileNotFoundError: [Errno 2] No such file or directory: '{installed}/tides.csv'\n"
    (cause,) = causes_in(text, ProjectFiles(tmp_path))
    assert cause.kind == "data_not_installed"
    assert why in cause.why


@pytest.mark.parametrize("where", ["project", "environment"])
def test_module_of_the_name_of_its_distribution(where, tmp_path):
    """Where a distribution holds a module of its own name, its name is no reason why that isn't found."""
    if where == "project":
        (tmp_path / "pyproject.toml").write_text('[project]\nname = "merrow-flags"\n')
        (tmp_path / "src" / "merrow_flags").mkdir(parents=True)
        (tmp_path / "src" / "merrow_flags" / "__init__.py").touch()
    else:
        info = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages" / "merrow_flags-1.dist-info"
        info.mkdir(parents=True)
        (tmp_path / ".venv" / "pyvenv.cfg").touch()
        (info / "RECORD").write_text("merrow_flags/__init__.py,,\n")
    text = 'Traceback (most recent call last):\n  File "x.py", line 1, in <module>\n'
    text += "ModuleNotFoundError: No module named 'merrow_flags'\n"
    assert "distribution_name" not in [cause.kind for cause in causes_in(text, ProjectFiles(tmp_path))]

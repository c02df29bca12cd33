"""The x-ray of programs of one's own: in any folder, with any interpreter, and nothing of theirs is touched."""

import json
import os
import shutil
import sys
import venv

import pytest

FILES = {
    "app/__init__.py": "",
    "app/db.py": "ROWS = 3\n",
    "app/planner.py": "from .db import ROWS\n",
    "main.py": "import app.planner\n\nprint('planned', app.planner.ROWS)\n",
}


@pytest.fixture
def place(kata):
    """A folder with a space in its name that holds a program, where the command runs."""
    folder = kata.cwd / "my programs"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    kata.cwd = folder
    return folder


@pytest.mark.parametrize(
    "words",
    [["--", "python", "main.py"], ["main.py"], ["--", "python", "-m", "main"], ["--", "COUNT=1", "python", "main.py"]],
)
def test_program(kata, place, words):
    """A program is looked at as it is run, and the folder and the environment hold what they held."""
    seen = kata("xray", *words)
    assert seen.returncode == 0, seen.stderr
    assert "Your own program, without a sandbox" in seen.stdout
    assert "means  app.db" in seen.stdout
    assert "sitecustomize" not in seen.stdout
    for cache in [*place.rglob("__pycache__")]:
        shutil.rmtree(cache)
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == set(FILES)
    assert kata.left() == ([], [])


def test_cause(kata, place):  # noqa: ARG001 - it is where the command runs
    """A confusion is told in words, as a grading tells it."""
    seen = kata("xray", "app/planner.py")
    assert "planner.py was run by its file name." in seen.stdout
    assert "try   python -m app.planner" in seen.stdout


def test_command_of_an_environment(kata, place, tmp_path):
    """A command of a virtual environment runs with the interpreter that its first line names; so does `python`."""
    venv.create(tmp_path / "their venv", symlinks=os.name != "nt")
    python = tmp_path / "their venv" / "bin" / "python"
    script = python.with_name("plan")
    script.write_text(
        f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\nimport app.planner, sys\nprint(sys.prefix)\n"
    )
    script.chmod(0o755)
    path = {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(place)}
    for words in (["plan"], ["python", "-c", "import app.planner, sys; print(sys.prefix)"]):
        seen = json.loads(kata("xray", "--format", "json", "--", *words, env=path).stdout)
        assert seen["stdout"].strip() == str(tmp_path / "their venv")
        assert '"app.planner"' in json.dumps(seen["processes"]), words


def test_own_sitecustomize(kata, place, tmp_path):
    """A sitecustomize of the user's own runs as it does without us."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own/sitecustomize.py").write_text("import sys\nsys.mine = __file__\n")
    (place / "main.py").write_text("import sys\nprint(*sys.path[1:2], sys.mine)\n")
    own = str(tmp_path / "own")
    seen = json.loads(kata("xray", "main.py", "--format", "json", env={"PYTHONPATH": own}).stdout)
    assert seen["stdout"] == f"{own} {own}/sitecustomize.py\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--", "true"], "is no Python program"),
        (["--", "no-such-command"], "no command on the PATH"),
        (["--", "A=1"], "no command after the variables"),
        ([], "Name an exercise"),
        (["main.py", "--python", "2.7"], "2.7"),
    ],
)
def test_wrong_usage(kata, place, words, says):  # noqa: ARG001 - it is where the command runs
    """What can't be looked at is refused in a sentence."""
    seen = kata("xray", *words)
    assert seen.returncode == 2
    assert says in seen.stderr


def test_nothing_seen(kata, place):  # noqa: ARG001 - it is where the command runs
    """Where Python is told not to start the recorder, that is said."""
    seen = kata("xray", "--", sys.executable, "-I", "-c", "print(1)")
    assert "with -I Python doesn't look at PYTHONPATH" in seen.stdout

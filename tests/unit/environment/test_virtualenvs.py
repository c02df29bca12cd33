import json
import os
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from grader import sandbox as sandboxes
from grader.environment import cache, interpreters, virtualenvs
from grader.environment.interpreters import Interpreter
from grader.errors import SandboxError
from grader.model import Command

LOOK = """
    import sys
    modules = sorted(sys.modules)
    import json
    def below(path):
        return path.replace(sys.prefix, "PREFIX")
    print(json.dumps({
        "path": [below(entry) for entry in sys.path],
        "finders": [type(finder).__name__ + getattr(finder, "__name__", "") for finder in sys.meta_path],
        "hooks": len(sys.path_hooks),
        "modules": modules,
        "base": [sys.base_prefix, sys.base_exec_prefix],
        "executable": below(sys.executable),
    }))
"""


@pytest.fixture
def look(folder):
    """What a program sees in a virtualenv's interpreter."""

    def look(python):
        argv = (str(python), "-c", textwrap.dedent(LOOK))
        with closing(sandboxes.choose("process")) as sandbox:
            return json.loads(sandbox.run(Command(argv, folder, {})).stdout)

    return look


def test_works_under_every_interpreter(tmp_path, look):
    """Each interpreter of this machine gets a virtualenv in which its own standard library works."""
    for python in interpreters.find_all():
        made = virtualenvs.create(python, tmp_path / python.version)
        seen = look(made.python)
        assert Path(seen["base"][0]).resolve() == python.prefix
        assert seen["path"][-1] == f"PREFIX{str(made.site_packages).removeprefix(str(made.path))}"


def test_like_an_ordinary_one(tmp_path, interpreter, virtualenv, look):
    """Search path, finders and loaded modules are those of what `python -m venv` makes, with nothing of ours."""
    ordinary = tmp_path.resolve() / "ordinary"
    subprocess.run([interpreter.executable, "-m", "venv", "--without-pip", ordinary], check=True)
    assert look(virtualenv.python) == look(ordinary / virtualenv.python.relative_to(virtualenv.path))


def test_nothing_is_installed(virtualenv):
    """There is nothing in it to import, nor a command to run but the interpreter."""
    assert list(virtualenv.site_packages.iterdir()) == []
    names = [path.name.lower().removesuffix(".exe") for path in virtualenv.scripts.iterdir()]
    assert [name for name in names if not name.startswith(("python", "venv"))] == []


def test_no_path_of_the_template(virtualenv):
    """Neither files nor links name the place where the template was made, or is kept."""
    kept = os.fsencode(cache.folder())
    for path in virtualenv.path.rglob("*"):
        if path.is_symlink():
            assert kept not in os.fsencode(path.readlink()), path
        elif path.is_file():
            content = path.read_bytes()
            assert kept not in content, path
            assert b".making-" not in content, path


def test_each_is_fresh(tmp_path, interpreter):
    """What happens in one virtualenv changes neither another nor the template."""
    first = virtualenvs.create(interpreter, tmp_path / "first")
    (first.site_packages / "sitecustomize.py").write_text("raise SystemExit(3)")
    (first.path / "pyvenv.cfg").write_text("")
    second = virtualenvs.create(interpreter, tmp_path / "second")
    assert list(second.site_packages.iterdir()) == []
    assert "home = " in (second.path / "pyvenv.cfg").read_text()


@pytest.mark.parametrize("name", ["with space", "häfen", "$HOME", "a'b"])
def test_any_path(tmp_path, interpreter, look, name):
    """A virtualenv works wherever it lies."""
    made = virtualenvs.create(interpreter, tmp_path.resolve() / name / "env")
    assert Path(look(made.python)["base"][0]).resolve() == interpreter.prefix


def test_place_that_is_taken(tmp_path, interpreter):
    """A virtualenv isn't made where something is already."""
    (tmp_path / "taken").mkdir()
    with pytest.raises(FileExistsError):
        virtualenvs.create(interpreter, tmp_path / "taken")


def test_what_it_needs(virtualenv, interpreter):
    """To use it, an execution must see the virtualenv itself and the interpreter below it, and nothing else."""
    assert virtualenv.reads == (virtualenv.path, interpreter.prefix)


@pytest.mark.skipif(sys.platform == "win32", reason="programs are other files on Windows")
def test_interpreter_that_cannot(tmp_path):
    """An interpreter that makes no virtualenv is our trouble, told with what it said, and leaves nothing."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'No module named venv' >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(SandboxError, match="No module named venv"):
        virtualenvs.create(Interpreter(broken, "3.12.1", tmp_path), tmp_path / "env")
    assert not (tmp_path / "env").exists()


def test_hostile_surroundings(tmp_path, monkeypatch, look):
    """Variables that change how Python starts don't reach what makes the template."""
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "cache"))
    for name, value in (
        ("PYTHONHOME", "/nowhere"),
        ("PYTHONPATH", "/nowhere"),
        ("PYTHONSTARTUP", "/x"),
        ("VIRTUAL_ENV", "/x"),
    ):
        monkeypatch.setenv(name, value)
    made = virtualenvs.create(interpreters.current(), tmp_path / "env")
    assert look(made.python)["executable"].startswith("PREFIX")

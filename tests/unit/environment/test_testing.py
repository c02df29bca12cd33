"""pytest for the learner's side: there, by itself, wherever the virtualenv lies."""

import subprocess

import pytest

from grader.environment import interpreters, testing, toolchain
from grader.errors import ToolchainError


@pytest.mark.sweep
@pytest.mark.parametrize("python", interpreters.find_all(), ids=lambda python: python.version)
def test_both_ways_to_start_it(python, tmp_path):
    """`pytest` and `python -m pytest` are the pinned one, in a folder whose name has a space."""
    made = testing.create(python, tmp_path / "two words")
    wanted = next(pin.partition("==")[2] for pin in testing.PINNED if pin.startswith("pytest=="))
    for words in ([made.scripts / "pytest"], [made.python, "-m", "pytest"]):
        said = subprocess.run([*words, "--version"], capture_output=True, text=True, check=True, cwd=tmp_path)
        assert (said.stdout, said.stderr) == (f"pytest {wanted}\n", "")
    assert {each.name for each in made.scripts.iterdir() if not each.name.startswith("python")} == {"pytest"}


def test_nothing_else_is_there(interpreter, tmp_path):
    """There is no pip, no setuptools and nothing of the judge's, and what is there is compiled."""
    made = testing.create(interpreter, tmp_path / "env")
    for name in ("pip", "setuptools", "grader", "click"):
        look = f"import importlib.util as u; print(u.find_spec({name!r}))"
        said = subprocess.run([made.python, "-c", look], capture_output=True, text=True, check=True, cwd=tmp_path)
        assert said.stdout == "None\n"
    compiled = "import _pytest.main as m, os; print(os.path.exists(m.__cached__ or ''))"
    if interpreter.minor < (3, 15):
        said = subprocess.run([made.python, "-c", compiled], capture_output=True, text=True, check=True, cwd=tmp_path)
        assert said.stdout == "True\n"


def test_without_an_index(interpreter, tmp_path, monkeypatch):
    """Where it can't be fetched, the error says what to do; once it is there, no index is needed."""
    toolchain.prepare(interpreter)
    ready = testing.prepare(interpreter)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert testing.prepare(interpreter) == ready
    monkeypatch.setattr(testing, "PINNED", ("no-such-distribution-of-merrow==1.0",))
    with pytest.raises(ToolchainError, match=r"can't be installed .* `kata doctor --prepare`"):
        testing.create(interpreter, tmp_path / "env")
    assert not testing.is_ready(interpreter)

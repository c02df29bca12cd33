import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import grader.checks


def test_what_authors_import():
    """Every name that authors are promised is there, and there is no other public one."""
    promised = set(grader.checks.__all__)
    assert promised == {name for name in vars(grader.checks) if name[0].isalpha()}
    assert len(promised) == len(grader.checks.__all__)


def loaded_by(*modules):
    """The modules that a fresh interpreter has loaded after importing these."""
    lines = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    seen = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    return set(seen.stdout.split())


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("grader.judge.checking.declarations", ["pytest", "_pytest"]),
        ("grader.checks", ["pytest", "_pytest", "installer", "zipfile", "rich"]),
        ("grader.grading", ["pytest", "_pytest", "rich", "click"]),
        ("grader.learning", ["pytest", "_pytest", "rich", "multiprocessing"]),
        ("grader.cli", ["pytest", "_pytest", "rich", "python_discovery", "grader.judge", "grader.workers.pool"]),
        ("grader.sandbox", ["pytest", "click"]),
    ],
)
def test_what_comes_late(module, heavy):
    """Executions start before what is slow to import is imported, so the modules on that way don't import it."""
    assert loaded_by(module).isdisjoint(heavy)


@pytest.mark.parametrize("module", ["grader.model", "grader.errors", "grader.display"])
def test_lowest_lines(module):
    """The lowest lines stand on the standard library alone."""
    foreign = {name.partition(".")[0] for name in loaded_by(module)} - set(sys.stdlib_module_names) - {"grader"}
    own = {name.partition(".")[0] for name in loaded_by("sys")}
    assert foreign <= own


def test_version():
    """The package says its version, and holds no other public name."""
    package = importlib.import_module("grader")
    assert package.__version__


PACKAGE = Path(grader.checks.__file__).parent
CONTRIBUTING = PACKAGE.parent / "CONTRIBUTING.md"
MOST_MODULES, MOST_LINES = 12, 320


def test_rooms():
    """No package is a corridor of modules, each room says what it is for, and no module is two."""
    for room in sorted({path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE / "classroom/handout/files"}):
        modules = [path for path in room.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= MOST_MODULES, f"{room} holds {len(modules)} modules side by side"
        importlib.import_module(".".join(room.relative_to(PACKAGE.parent).parts))
        assert (room / "__init__.py").read_text(encoding="utf-8").startswith('"""'), room
    long = {str(path): lines for path in PACKAGE.rglob("*.py") if (lines := _lines(path)) > MOST_LINES}
    assert not long


def _lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_the_drawing_of_the_house():
    """CONTRIBUTING draws the floors and rooms that the linter checks, and each module that it names is there."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    for name in set(re.findall(r"[a-z_]+(?:/[a-z_]+)*\.py", text)) - {"noxfile.py"}:
        assert (PACKAGE / name).is_file() or (PACKAGE.parent / name).is_file(), f"{name} is not there"
    contracts = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    house, *rooms = ([sorted(line.split(" | ")) for line in each["layers"]] for each in contracts)
    drawn = re.findall(r"^    ([a-z_]+(?: \| [a-z_]+)*)(?: {2}.*)?$", text, re.MULTILINE)
    assert [sorted(line.split(" | ")) for line in drawn] == house
    in_brackets = re.findall(r"^ +[a-z]+ +\[(.+)\]", text, re.MULTILINE)
    assert sorted(map(_floors, in_brackets)) == sorted(rooms)


def _floors(drawn):
    return [sorted(line.split(", ")) for line in drawn.split(" > ")]

import importlib
import subprocess
import sys

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
        ("grader.judge.declarations", ["pytest", "_pytest"]),
        ("grader.checks", ["pytest", "_pytest", "installer", "zipfile", "rich"]),
        ("grader.grading", ["pytest", "_pytest", "rich", "click"]),
        ("grader.learning", ["pytest", "_pytest", "rich", "multiprocessing"]),
        ("grader.cli", ["pytest", "_pytest", "rich", "python_discovery"]),
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

"""An author debugs checks with plain pytest: `pytest exercises/01_path_appending/hidden_tests --project DIR`."""

import subprocess
import sys

import pytest

NAMES = ("01_path_appending", "03_init_exports")


@pytest.fixture
def author(kata, exercises):
    """Run pytest on the hidden checks of an exercise, as they stand in the catalogue."""

    def run(name, *arguments, cwd=None, **variables):
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", exercises[name] / "hidden_tests"]
        env = kata.env | variables
        fields = {"cwd": cwd or exercises[name].parents[1], "env": env, "capture_output": True, "text": True}
        seen = subprocess.run([*map(str, command), *map(str, arguments)], check=False, timeout=120, **fields)
        assert "INTERNALERROR" not in seen.stdout + seen.stderr
        return seen

    return run


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_reference(author, solutions, name):
    """All checks pass for the reference solution."""
    seen = author(name, "--project", solutions[name] / "reference")
    assert seen.returncode == 0, seen.stdout
    assert " passed" in seen.stdout


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_stub(author, exercises, name):
    """Checks fail for the stub, with the message that a learner reads."""
    seen = author(name, "--project", exercises[name] / "stub")
    assert seen.returncode == 1
    assert " failed" in seen.stdout
    assert "got:" in seen.stdout


def test_one_check(author, solutions):
    """One check can be chosen, by its name or by its place."""
    project = ["--project", solutions[NAMES[0]] / "reference"]
    seen = author(NAMES[0], *project, "-k", "test_own_folder")
    assert (seen.returncode, "1 passed" in seen.stdout) == (0, True), seen.stdout


def test_any_folder(author, solutions, tmp_path):
    """It works from any current directory."""
    seen = author(NAMES[0], "--project", solutions[NAMES[0]] / "reference", cwd=tmp_path)
    assert seen.returncode == 0, seen.stdout + seen.stderr


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--project", "/nowhere"], "/nowhere"),
        (["--project", "/dev/null"], "/dev/null"),
        (["--project"], "--project"),
        (["--project", ".", "--project-python", "2.7"], "2.7"),
    ],
)
def test_wrong_project(author, arguments, word):
    """A project that can't be taken in is wrong usage, said in a sentence."""
    seen = author(NAMES[0], *arguments)
    assert seen.returncode == 4
    assert word in seen.stderr
    assert "Traceback" not in seen.stdout + seen.stderr


def test_no_project(author):
    """Without a project the hidden checks say that one is wanted, and none of them passes."""
    seen = author(NAMES[0])
    assert seen.returncode != 0
    assert " passed" not in seen.stdout
    assert "--project" in seen.stdout + seen.stderr


def test_two_exercises(author, exercises, solutions):
    """Checks of several exercises can't be tried on one project."""
    seen = author(NAMES[0], exercises[NAMES[1]] / "hidden_tests", "--project", solutions[NAMES[0]] / "reference")
    assert seen.returncode == 4, seen.stdout
    assert "one exercise" in seen.stderr


def test_something_else(kata, tmp_path):
    """With --project and no hidden checks among the arguments, the usage is wrong."""
    (tmp_path / "test_other.py").write_text("def test_other(): pass\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(tmp_path), "--project", str(tmp_path)]
    seen = subprocess.run(command, cwd=tmp_path, env=kata.env, capture_output=True, text=True, check=False, timeout=60)
    assert seen.returncode == 4
    assert "hidden_tests" in seen.stderr


def test_bystander(kata, tmp_path):
    """Without --project the plugin changes nothing for anybody else's tests."""
    (tmp_path / "test_other.py").write_text("def test_other(): pass\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", str(tmp_path)]
    seen = subprocess.run(command, cwd=tmp_path, env=kata.env, capture_output=True, text=True, check=False, timeout=60)
    assert (seen.returncode, "1 passed" in seen.stdout) == (0, True), seen.stdout

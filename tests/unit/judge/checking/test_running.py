"""The judge's own pytest, within the process that grades."""

import os

from grader import catalog
from grader.judge.checking import running

HIDDEN = '''"""Hidden checks."""
from grader.checks import check

@check(points=100, clause=1)
def test_it(project):
    """It is there."""
'''


def test_environment(tmp_path, make_project, monkeypatch):
    """The user's settings for pytest don't reach the judge, and the judge's don't reach what is started later."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    folder = tmp_path / "exercises" / "01_path_appending"
    (folder / "hidden_tests").mkdir(parents=True)
    (folder / "hidden_tests" / "test_path_appending.py").write_text(HIDDEN)
    about = catalog.ExerciseFile("X", 1, (), ("report.py",))
    exercise = catalog.Exercise(1, "path_appending", folder, tmp_path / "solutions", about)
    before = {**os.environ}
    (result,) = running.run(exercise, make_project({"report.py": ""}))
    assert result.outcome == "passed", result.message
    after = {**os.environ}
    for environment in (before, after):
        environment.pop("PYTEST_CURRENT_TEST", None)  # the inner run's items end by removing it
    assert after == before


READING = '''"""Hidden checks."""
from grader.checks import check, observation

@observation
def listed(project):
    return list((project / "tables").iterdir())

@check(points=40, clause=1)
def test_reads(project):
    """It reads a file."""
    (project / "report.py").read_text()

@check(points=40, clause=1)
def test_lists(listed):
    """It looks at what an observation has read."""

@check(points=20, clause=1)
def test_own_file():
    """It reads a file of its own."""
    open(__file__ + ".json").close()
'''


def test_file_that_is_missing(tmp_path, make_project):
    """Where a check can't read a file of the learner's the check has failed; where it can't read its own, we have."""
    folder = tmp_path / "exercises" / "02_reading"
    (folder / "hidden_tests").mkdir(parents=True)
    (folder / "hidden_tests" / "test_reading.py").write_text(READING)
    about = catalog.ExerciseFile("X", 1, (), ("report.py",))
    exercise = catalog.Exercise(2, "reading", folder, tmp_path / "solutions", about)
    results = {each.id: each for each in running.run(exercise, make_project({"other.py": ""}))}
    outcomes = {name: each.outcome for name, each in results.items()}
    assert outcomes == {"test_reads": "failed", "test_lists": "failed", "test_own_file": "error"}
    assert results["test_reads"].message == "report.py is missing from your project."
    assert results["test_lists"].message == "tables is missing from your project."

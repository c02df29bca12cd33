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

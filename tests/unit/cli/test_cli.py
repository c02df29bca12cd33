import json
import os
import subprocess
import sys

import pytest

from grader.environment import cache


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such thing")
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_umask(tmp_path, umask):
    """A right answer gets full marks even where new files can be read by their owner alone, as on a hardened server."""
    env = {**os.environ, cache.FOLDER_VARIABLE: str(tmp_path / "cache")}
    command = [sys.executable, "-m", "grader", "grade", "path_appending", "--solutions", "--format", "json"]
    seen = subprocess.run(command, cwd=tmp_path, env=env, umask=umask, capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stderr
    assert json.loads(seen.stdout)["score"] == 100


CHECKS = r'''
from grader.checks import check, observation

@observation
def seen(project):
    return project.python("-c", r"import os; os.write(1, b'\x1b[2J ' + os.getcwd().encode())")

@check(points=50, clause=1)
def test_that_breaks(seen):
    """It stumbles over what it saw."""
    raise ValueError(seen.stdout + "\ud800")

@check(points=50, clause=1)
def test_file_that_is_gone(project):
    """It looks for a file that the learner removed."""
    (project / "gone.py").read_text()
'''


@pytest.mark.parametrize("format_", ["json", "junit", "markdown", "terminal"])
def test_check_that_breaks(tmp_path, format_):
    """Where a check of ours breaks, the report says so in words that are as harmless and as stable as all others."""
    exercise = tmp_path / "exercises" / "01_broken"
    for folder in ("stub", "hidden_tests"):
        (exercise / folder).mkdir(parents=True)
    (exercise / "exercise.toml").write_text('title = "Broken"\ndifficulty = 1\nconcepts = []\nlearner = ["x.py"]\n')
    (exercise / "stub" / "x.py").write_text("")
    (exercise / "hidden_tests" / "test_broken.py").write_text(CHECKS)
    command = [sys.executable, "-m", "grader", "--catalog", str(tmp_path), "grade", "broken"]
    options = ["--project", str(exercise / "stub"), "--format", format_]
    seen = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, check=False)
    assert seen.returncode == 3, seen.stderr.decode()
    text = seen.stdout.decode()
    assert "The judge failed, not you: ValueError" in text
    assert "\x1b" not in text
    assert "\\u001b" not in text
    assert "kata-" not in text.replace("import-kata", "")

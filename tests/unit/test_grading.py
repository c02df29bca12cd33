"""What becomes of an attempt in which something of ours goes wrong."""

from contextlib import closing

import pytest

from grader import catalog, grading
from grader import sandbox as sandboxes
from grader.errors import IntakeError
from grader.model import Verdict


@pytest.fixture
def grade(tmp_path, interpreter):
    """Grade a project for an exercise whose given file is not in the catalogue any more."""
    project = tmp_path / "project"
    project.mkdir()
    about = catalog.ExerciseFile("X", 1, (), ("report.py",), ("tables/tides.py",))
    exercise = catalog.Exercise(1, "path_appending", tmp_path / "01_path_appending", tmp_path / "solutions", about)

    def run():
        with closing(sandboxes.choose("process")) as sandbox:
            return grading.grade(project, exercise, interpreter=interpreter, sandbox=sandbox)

    return run


def test_unforeseen(grade):
    """An error that nobody foresaw leaves one attempt ungraded, with a reason, and does not end the grading of all."""
    attempt = grade()
    assert (attempt.verdict, attempt.score) == (Verdict.UNGRADED, None)
    assert attempt.reason.startswith("The judge failed, not you: FileNotFoundError")


def test_refused(grade, tmp_path):
    """A project that can't be taken in is no error of ours: whoever asked is told."""
    (tmp_path / "project" / "link").symlink_to("nowhere")
    with pytest.raises(IntakeError, match="symbolic link"):
        grade()

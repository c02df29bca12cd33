"""What is worth nothing: a project without a file of the learner's, and what works before anything was done."""

import pytest

from grader import catalog
from grader.judge.checking import running
from grader.model import Outcome

HIDDEN = '''"""Hidden checks."""
from grader.checks import check, expect

@check(points=30, clause=1, alone=False)
def test_there(project):
    """It is there."""
    expect(project.python("-c", "0"), "Is it?").that("a file", (project / "tally.py").is_file(), "none")

@check(points=70, clause=1)
def test_asked(project):
    """It says done."""
    expect(project.python("-c", "0"), "Done?").that("done", (project / "tally.py").read_text() == "done", "undone")
'''


@pytest.fixture
def run(tmp_path, make_project):
    """Try the two checks on a project; gives what was told of each check as it ended, and the results."""
    folder = tmp_path / "exercises" / "01_tally"
    (folder / "hidden_tests").mkdir(parents=True)
    (folder / "hidden_tests" / "test_tally.py").write_text(HIDDEN)
    about = catalog.ExerciseFile("X", 1, (), ("tally.py",))
    exercise = catalog.Exercise(1, "tally", folder, tmp_path / "solutions", about)

    def run_checks(content, lacking=""):
        project = make_project({"tally.py": content})
        project.side.lacking = lacking
        told = []
        return told, running.run(exercise, project, told.append)

    return run_checks


def test_not_alone(run):
    """What works without anything done is lost where nothing else passed, says why, and comes after what to do."""
    told, (asked, there) = run("")
    assert (asked.id, there.id) == ("test_asked", "test_there")
    assert (there.outcome, there.points, there.message) == (Outcome.FAILED, 0, running.NOT_ALONE)
    assert told == [asked, there]


def test_beside_another(run):
    """Beside one check that was asked for it counts, in its own place."""
    told, (there, asked) = run("done")
    assert (there.id, there.points, asked.points) == ("test_there", 30, 70)
    assert sorted(told, key=str) == sorted((there, asked), key=str)


def test_nothing_of_the_learners(run):
    """Without any of the learner's files all checks are lost and nothing is run; why is said once, and first."""
    told, results = run("done", lacking="None of your files is here: tally.py.")
    assert [each.id for each in results] == ["test_there", "test_asked"]
    assert {each.outcome for each in results} == {Outcome.FAILED}
    assert [each.message for each in results] == [
        "None of your files is here: tally.py.",
        "needs one of your files: this can't be looked at before one is there.",
    ]
    assert not any(each.transcript for each in results)
    assert told == [*results]

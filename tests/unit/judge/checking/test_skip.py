"""Checks that can't be made on a machine: they are left out with a reason, and cost nobody anything."""

import dataclasses

import pytest

from grader import catalog, scoring
from grader.judge.checking import running
from grader.model import Outcome, Verdict

HIDDEN = '''
from grader.checks import check, expect, observation, skip

@observation
def compiler(project):
    skip(f"There is no compiler in {project.path}.")

@observation
def built(compiler):
    return compiler

@check(points=40, clause=1, needs="test_speed")
def test_before_its_parent(project):
    """It needs what needs what is missing."""

@check(points=30, clause=1, needs="test_built")
def test_speed(project):
    """It needs what is missing."""

@check(points=20, clause=1)
def test_built(built):
    """It is built."""

@check(points=10, clause=1)
def test_here(project):
    """It can be done anywhere."""

@check(points=0, clause=1)
def test_by_itself(project):
    """It finds out by itself."""
    skip("It is Sunday.")
'''


@pytest.fixture
def exercise(tmp_path):
    """An exercise whose checks are mostly left out."""
    folder = tmp_path / "exercises" / "01_path_appending"
    (folder / "hidden_tests").mkdir(parents=True)
    (folder / "hidden_tests" / "test_path_appending.py").write_text(HIDDEN)
    about = catalog.ExerciseFile("X", 1, (), ("report.py",))
    return catalog.Exercise(1, "path_appending", folder, tmp_path / "solutions", about)


def test_skip(exercise, make_project):
    """`skip` leaves out the check itself, what looks at the same observation, and all that needs one of them."""
    results = {result.id: result for result in running.run(exercise, make_project({"report.py": ""}))}
    missing = "There is no compiler in $PROJECT."
    assert {name: (result.outcome, result.message) for name, result in results.items()} == {
        "test_before_its_parent": (Outcome.SKIPPED, missing),
        "test_speed": (Outcome.SKIPPED, missing),
        "test_built": (Outcome.SKIPPED, missing),
        "test_here": (Outcome.PASSED, None),
        "test_by_itself": (Outcome.SKIPPED, "It is Sunday."),
    }
    assert scoring.points(results.values()) == (10, 10)
    assert scoring.verdict(results.values()) is Verdict.PASSED


def test_skipped_is_not_passed(exercise, make_project):
    """A check that was left out earns nothing, and what fails beside it still fails."""
    results = running.run(exercise, make_project({"report.py": ""}))
    failed = [dataclasses.replace(result, outcome=Outcome.FAILED) for result in results if result.id == "test_here"]
    others = [result for result in results if result.id != "test_here"]
    assert scoring.verdict([*others, *failed]) is Verdict.FAILED
    assert scoring.points([*others, *failed]) == (0, 10)

"""Everything before the checks: a project is taken in and gets its environment."""

from __future__ import annotations

from pathlib import Path

from grader import intake
from grader.catalog import Exercise
from grader.environment import virtualenvs
from grader.environment.interpreters import Interpreter
from grader.intake import learner_files
from grader.judge.execution import LearnersSide
from grader.judge.projects import Project
from grader.sandbox import Sandbox


def prepare(folder: Path, exercise: Exercise, root: Path, *, interpreter: Interpreter, sandbox: Sandbox) -> Project:
    """Take a project in, lay the given files over it, and make its environment.

    Args:
        folder: the project, or an archive of it.
        exercise: what it is graded as.
        root: an empty folder for the attempt, ours alone.
        interpreter: runs the learner's code.
        sandbox: confines it.
    """
    intake.take_in(folder, root / "project", intake.project_of(exercise))
    lacking = learner_files.lacking(exercise, root / "project")
    edited = intake.edited(exercise.about.given, exercise.stub, root / "project")
    remarks = intake.lay_over(exercise.about.given, exercise.stub, root / "project")
    digest = intake.digest(root / "project")
    virtualenv = virtualenvs.create(interpreter, root / "env")
    limits = exercise.limits, exercise.build_limits
    side = LearnersSide(root, virtualenv, sandbox, *limits, digest, exercise.attempt_limits)
    side.edited = edited
    side.remarks = remarks
    side.lacking = "" if lacking is None else lacking.to_learner(exercise.slug)
    return Project(side, virtualenv, path=root / "project")

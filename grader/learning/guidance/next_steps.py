"""Where attempts stand in the course: what changed since the last ones, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.catalog import Catalog, Exercise
from grader.intake.copies import shown
from grader.learning.guidance import comparison, paths
from grader.learning.workspace.grading import Recording, Work
from grader.model import Run, Verdict
from grader.progress import is_kept
from grader.reports.people.terminal import Course, Following, Opening


def opening(exercise: Exercise, project: Path) -> Opening:
    """What to open for an exercise."""
    return Opening(exercise.folder / "README.md", project, exercise.about.learner)


def following(exercise: Exercise, workspace: Path) -> Following:
    """How to turn to an exercise."""
    heading = f"{exercise.number:02} {exercise.slug}, {exercise.about.title}"
    command = f"kata grade {exercise.slug}"
    return Following(heading, opening(exercise, workspace / exercise.name), command)


def course(catalog: Catalog, works: Sequence[Work], runs: Sequence[Run], recording: Recording) -> Course:
    """What there is to say of the exercises of a workspace besides what they were graded.

    Args:
        catalog: all exercises.
        works: those that were graded.
        runs: how.
        recording: what the learner's history says.
    """
    if not is_kept(recording.workspace):
        where = shown(recording.workspace)
        return Course(
            remark=f"Progress is not kept in {where} yet: `kata start {where}` changes that, and no file of yours."
        )
    if any(run.verdict is not Verdict.PASSED for run in runs):
        return Course(_since(runs, recording))
    after = paths.following(catalog.exercises, recording.after)
    if after is None:
        return Course(_since(runs, recording), remark=f"All {len(catalog.exercises)} exercises are passed.")
    remark = f"`kata solution {works[0].exercise.slug}` shows your answer beside ours." if len(works) == 1 else None
    return Course(_since(runs, recording), following(after, recording.workspace), remark)


def _since(runs: Sequence[Run], recording: Recording) -> dict[str, str]:
    if len(runs) > 1:  # of several interpreters none is the one that was asked last time
        return {}
    compared = {
        attempt.exercise: comparison.points(recording.before[attempt.exercise].outcomes, attempt)
        for attempt in runs[0].attempts
        if attempt.exercise in recording.before
    }
    return {exercise: str(difference) for exercise, difference in compared.items() if difference}

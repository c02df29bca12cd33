"""Say after a grading what changed since the last one, and which exercise comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.catalog import Catalog, Exercise
from grader.intake.copies import shown
from grader.learning.guidance import comparison, paths
from grader.learning.workspace.grading import Recording, Task
from grader.model import Run, Verdict
from grader.progress import is_workspace
from grader.reports.people.terminal import FilesToOpen, Learned, NextExercise, NextSteps


def files_to_open(exercise: Exercise, project: Path) -> FilesToOpen:
    """What to open for an exercise."""
    return FilesToOpen(exercise.folder / "README.md", project, exercise.about.learner)


def next_exercise(exercise: Exercise, workspace: Path) -> NextExercise:
    """How to turn to an exercise."""
    heading = f"{exercise.number:02} {exercise.slug}, {exercise.about.title}"
    command = f"kata grade {exercise.slug}"
    return NextExercise(heading, files_to_open(exercise, workspace / exercise.name), command)


def next_steps(catalog: Catalog, tasks: Sequence[Task], runs: Sequence[Run], recording: Recording) -> NextSteps:
    """What there is to say of the exercises of a workspace besides what they were graded.

    Args:
        catalog: all exercises.
        tasks: those that were graded.
        runs: how.
        recording: what the learner's history says.
    """
    if not is_workspace(recording.workspace):
        where = shown(recording.workspace)
        return NextSteps(
            remark=f"Progress is not kept in {where} yet: `kata start {where}` changes that, and no file of yours."
        )
    if any(run.verdict is not Verdict.PASSED for run in runs):
        return NextSteps(_changes(runs, recording))
    after = paths.next_exercise(catalog.exercises, recording.after)
    following = next_exercise(after, recording.workspace) if after is not None else None
    remarks = [*_finished(catalog, recording)]
    if after is None:
        remarks.append(f"All {len(catalog.exercises)} exercises are passed.")
    elif len(tasks) == 1:
        remarks.append(f"`kata solution {tasks[0].exercise.slug}` shows your answer beside ours.")
    learned = learned_from(tasks[0].exercise) if len(tasks) == 1 else None
    return NextSteps(_changes(runs, recording), following, learned, "\n".join(remarks) or None)


def learned_from(exercise: Exercise) -> Learned | None:
    """What to say to somebody who passed an exercise; None where its author says nothing."""
    said = exercise.about.afterwards
    if said is None:
        return None
    others = {name: " ".join(says.split()) for name, says in said.other_answers.items()}
    return Learned(said.learned.strip(), said.link, others, f"kata solution {exercise.slug}")


def _finished(catalog: Catalog, recording: Recording) -> Iterator[str]:
    """The paths whose last exercise was passed now."""
    passed = {each.slug for each in catalog.exercises if recording.after.entry(each.slug).passed_version is not None}
    before = {slug for slug in passed if (entry := recording.before.get(slug)) and entry.passed_version is not None}
    for path in paths.load(catalog):
        if passed.issuperset(path.exercises) and not before.issuperset(path.exercises):
            count = len(path.exercises)
            yield f"★ You have finished the path “{path.title}”: {count} of {count} exercises are passed. Well done!"


def _changes(runs: Sequence[Run], recording: Recording) -> dict[str, str]:
    if len(runs) > 1:  # of several interpreters none is the one that was asked last time
        return {}
    compared = {
        attempt.exercise: comparison.compare(recording.before[attempt.exercise].outcomes, attempt)
        for attempt in runs[0].attempts
        if attempt.exercise in recording.before
    }
    return {exercise: str(difference) for exercise, difference in compared.items() if difference}

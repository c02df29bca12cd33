"""What went wrong in a failed attempt: what has to be fixed first, then the causes of what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.catalog import Exercise
from grader.explaining import messages, second_look, triage
from grader.explaining.causes.detectors import causes_in
from grader.explaining.causes.scenes import ProjectFiles, start_of
from grader.explaining.diagnosis import LOST
from grader.judge.execution import Seen
from grader.judge.projects import Project
from grader.model import WAITS, Cause, CheckResult, Ending, Step

_MOST_CAUSES = 3


def explain(
    exercise: Exercise, project: Project, checks: Sequence[CheckResult], ran: Sequence[Seen]
) -> tuple[tuple[Cause, ...], tuple[CheckResult, ...]]:
    """The causes of what was lost, and the checks, of which those ask no question that wait for something else.

    Args:
        exercise: what was graded.
        project: the project as it was graded.
        checks: their results.
        ran: all executions of the attempt.
    """
    if project.side.lacking:
        return (), tuple(checks)  # the first check tells it, and nothing was run
    files = ProjectFiles(project.path)
    lost = [check for check in checks if check.outcome in LOST]
    found: dict[tuple[str, str], Cause] = {}
    for cause, check in (
        *((cause, None) for cause in _remarks(exercise, project)),
        *_of_files(exercise, project, lost),
        *_causes_of(lost, project, files, ran),
    ):
        before = found.setdefault((cause.kind, cause.says), cause)
        if check is not None and check.id not in before.checks:
            found[cause.kind, cause.says] = replace(before, checks=(*before.checks, check.id))
    causes = sorted(found.values(), key=_rank)[:_MOST_CAUSES]
    return tuple(causes), tuple(_waiting(check, causes) for check in checks)


def _rank(cause: Cause) -> int:
    """What has to be mended first, then what is said of the whole project, then the rest."""
    return 0 if cause.kind in triage.BLOCKING else 1 if cause.kind in ("edited_given_file", "given_file") else 2


def _remarks(exercise: Exercise, project: Project) -> Iterator[Cause]:
    yield from triage.edited_given_files(exercise, project.side.edited)
    for says in project.side.remarks:
        yield Cause("given_file", says)


def _of_files(
    exercise: Exercise, project: Project, lost: Sequence[CheckResult]
) -> Iterator[tuple[Cause, CheckResult | None]]:
    for cause in triage.file_causes(exercise, project.path):
        yield cause, None
        yield from ((cause, check) for check in lost if triage.costs(cause, check))


def _causes_of(
    lost: Sequence[CheckResult], project: Project, files: ProjectFiles, ran: Sequence[Seen]
) -> Iterator[tuple[Cause, CheckResult]]:
    """What each lost check shows, by the executions that it looked at; the last one is where it stopped looking."""
    executions = {_key(seen.step()): seen for seen in ran}
    stopped: dict[Ending, Cause] = {}
    spent = project.side.budget.spent
    for check in lost:
        for step in reversed(check.transcript):
            seen = executions.get(_key(step))
            causes: list[Cause] = []
            if seen is None or seen.ending is Ending.EXITED:
                causes += _of_step(step, seen, files)
            elif (cause := stopped.get(seen.ending) or _of_ending(seen, project, files)) is not None:
                causes.append(stopped.setdefault(seen.ending, cause))
            yield from ((cause, check) for cause in causes)
            if causes:
                break
        else:
            # What never ends uses up the time of all, and then others are lost for want of it.
            if spent and spent in (check.message or "") and Ending.TIMEOUT in stopped:
                yield stopped[Ending.TIMEOUT], check
            yield from ((cause, check) for cause in causes_in(check.message or "", files))


def _key(step: Step) -> tuple[int, str, str, str]:
    return step.number, step.command, step.stdout, step.stderr


def _of_ending(seen: Seen, project: Project, files: ProjectFiles) -> Cause | None:
    """Why it was stopped, and if it did not end, at which line it was: that takes seconds, so it is asked once."""
    again = second_look.look_again(project.side, seen) if seen.ending is Ending.TIMEOUT else None
    return triage.ending_cause(seen, files, again)


def _of_step(step: Step, seen: Seen | None, files: ProjectFiles) -> Iterator[Cause]:
    command = (seen.unsealed or seen.execution.command) if seen is not None else None
    argv = command.argv if command is not None else ("python",)
    return causes_in(step.stderr, files, stdout=step.stdout, start=start_of(argv), cwd=step.cwd)


def _waiting(check: CheckResult, causes: Sequence[Cause]) -> CheckResult:
    """A check that can say nothing before a cause is fixed, without a question of its own."""
    first = next((each for each in causes if each.kind in triage.BLOCKING and check.id in each.checks), None)
    message = check.message or ""
    if first is None or check.outcome not in LOST or message.startswith("needs "):
        return check
    return replace(check, message=f"{WAITS}{first.says}\n{messages.without_question(message)}")

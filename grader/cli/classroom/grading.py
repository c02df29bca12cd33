"""`kata class init`, `grade`, `regrade` and `status`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

import click

from grader.classroom.batch import grading as batch
from grader.classroom.batch import regrade as changed
from grader.classroom.records import course, ledger, policy, roster, standings
from grader.classroom.records.course import Course
from grader.classroom.records.roster import Person
from grader.classroom.records.standings import Standing
from grader.classroom.records.store import Store
from grader.cli.options import (
    BELOW,
    GRADED,
    UNGRADED,
    complain,
    console,
    jobs_option,
    loaded_catalog,
    progress,
    sandbox_option,
)
from grader.display import visible
from grader.environment import interpreters
from grader.environment.interpreters import Interpreter
from grader.errors import UsageError
from grader.grading import Conditions

dask_option = click.option(
    "--dask",
    "scheduler",
    metavar="ADDRESS",
    help="Grade on the workers of this Dask scheduler, like tcp://host:8786, instead of here.",
)
python_option = click.option(
    "--python", metavar="PYTHON", help="Version or path of the interpreter to grade under (default: the course's)."
)


complete_option = click.option(
    "--only-complete",
    is_flag=True,
    help="Write nothing while anything is ungraded (default: leave that out, and name it).",
)


def open_course(context: click.Context) -> Course:
    """The course that the command line names."""
    folder: Path = context.obj
    return course.open_(folder, loaded_catalog(context))


def name_ungraded(found: Sequence[Standing], only_complete: bool) -> int:
    """Name what has no grade, which goes out without it; gives the exit status.

    Raises:
        UsageError: nothing may go out without it.
    """
    waiting = standings.ungraded(found)
    if waiting and only_complete:
        raise UsageError(
            f"Ungraded: {', '.join(map(visible, waiting))}. `kata class grade` first; nothing was written."
        )
    for each in waiting:
        complain(f"ungraded, and left out: {visible(each)}; `kata class grade` tries it again.")
    return UNGRADED if waiting else GRADED


def interpreter_of(opened: Course, python: str | None) -> Interpreter:
    """The interpreter for a course's grades."""
    wanted = python or opened.about.python
    found = interpreters.find(wanted) if wanted else interpreters.current()
    batch.check_interpreter(opened, found)
    return found


@click.command()
@click.argument("title")
@click.pass_context
def init_(context: click.Context, title: str) -> int:
    """Begin a course called TITLE in the course's folder."""
    folder: Path = context.obj
    path = course.create(folder, title)
    click.echo(f"Wrote {path}: write in it which exercises, when they are due, and what lateness costs.", err=True)
    return GRADED


@click.command()
@python_option
@sandbox_option
@jobs_option
@dask_option
@click.pass_context
def grade_(context: click.Context, python: str | None, tier: str, jobs: int | None, scheduler: str | None) -> int:
    """Grade what was handed in and has no grade yet.

    You can stop this at any time; the next run does what is left.

    Exit status: 0 all graded, 2 wrong usage, 3 something is ungraded.
    """
    opened = open_course(context)
    conditions = _conditions(context, opened, python, tier, scheduler)
    with closing(ledger.open_(opened.ledger)) as book:
        tasks = batch.ungraded_tasks(opened, book)
        left = _graded(opened, tasks, book, conditions, _graders(context, jobs, scheduler), why="first grading")
        click.echo(f"{len(tasks) - len(left)} graded, {len(left)} ungraded.")
        return _listed(left, book)


def _conditions(
    context: click.Context, opened: Course, python: str | None, tier: str, scheduler: str | None
) -> Conditions:
    strict = batch.strict_tier(tier, here=scheduler is None)
    return Conditions(interpreter_of(opened, python), strict, loaded_catalog(context).hidden)


def _graders(context: click.Context, jobs: int | None, scheduler: str | None) -> AbstractContextManager[batch.Graders]:
    """Who grades: processes of this machine, or the workers of a scheduler."""
    if scheduler is None:
        return nullcontext(batch.local_graders(jobs or os.cpu_count() or 1))
    if jobs is not None:
        raise UsageError("--jobs is for grading on this machine; for a Dask worker, set --nthreads.")
    from grader.classroom.batch import dask_coordinator  # not needed for grading here

    named = context.find_root().obj is not None
    return dask_coordinator.dask_graders(scheduler, loaded_catalog(context).folder if named else None, complain)


def _graded(
    opened: Course,
    tasks: tuple[batch.Task, ...],
    book: ledger.Ledger,
    conditions: Conditions,
    who: AbstractContextManager[batch.Graders],
    *,
    why: str | None,
) -> tuple[batch.Task, ...]:
    """Grade, with a bar; gives what stayed ungraded."""
    if not tasks:
        return ()
    with who as graders, progress(len(tasks), "grading" if why else "regrading") as done:
        store = Store(opened.submissions)
        return batch.grade(tasks, book, store, conditions, graders=graders, why=why, done=done)


def _listed(left: tuple[batch.Task, ...], book: ledger.Ledger) -> int:
    """Name what stayed ungraded, whose it is, and why where that is known."""
    received, latest = (book.received(), book.latest()) if left else ((), {})
    for task in left:
        content = (task.exercise.slug, task.digest)
        people = ", ".join(sorted({each.student for each in received if (each.exercise, each.digest) == content}))
        reason = _reason(latest[content]) if content in latest else ""
        says = f"ungraded: {task.exercise.slug} of {visible(people)}; `kata class grade` tries it again. {reason}"
        complain(says.strip())
    return UNGRADED if left else GRADED


def _reason(grading: ledger.Grading) -> str:
    """Why something is ungraded."""
    return visible(json.loads(grading.report).get("reason") or "")


@click.command()
@python_option
@sandbox_option
@jobs_option
@dask_option
@click.option("--accept", metavar="WHY", help="Accept the new grades, for this reason.")
@click.pass_context
def regrade_(
    context: click.Context, python: str | None, tier: str, jobs: int | None, scheduler: str | None, accept: str | None
) -> int:
    """Grade again what was graded by other checks.

    It shows what that would change; nothing counts until --accept.

    Exit status: 0 nothing would change, or it was accepted; 1 something would; 3 something is ungraded.
    """
    opened = open_course(context)
    conditions = _conditions(context, opened, python, tier, scheduler)
    with closing(ledger.open_(opened.ledger)) as book:
        tasks = batch.outdated_tasks(opened, book, conditions)
        left = _graded(opened, tasks, book, conditions, _graders(context, jobs, scheduler), why=None)
        changes = changed.pending_changes(book, opened.exercises)
        _show_changes(changes)
        if accept is not None and changes:
            book.accept(tuple(change.new.id for change in changes), accept)
            click.echo(f"{len(changes)} new grades count from now on: {accept}")
        if left:
            return _listed(left, book)
        return BELOW if changes and accept is None else GRADED


def _show_changes(changes: tuple[changed.Change, ...]) -> None:
    from rich.table import Table

    moved = [change for change in changes if change.difference or change.lost or change.gained]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("student", "exercise", "old", "new", "why", "checks"):
        table.add_column(heading, header_style="dim")
    for change in moved:
        checks = [*(f"lost: {title}" for title in change.lost), *(f"gained: {title}" for title in change.gained)]
        old, new = str(change.old.score), str(change.new.score)
        for student in change.students:
            table.add_row(visible(student), change.exercise, old, new, change.reason, "\n".join(checks))
    if moved:
        console(sys.stdout).print(table)
    for exercise, says in dict.fromkeys(
        (change.exercise, says) for change in moved for says in change.exercise_changes
    ):
        click.echo(f"{exercise}: {says}")
    same = len(changes) - len(moved)
    click.echo(f"{len(moved)} contents would get another grade, {same} the same one.")


@click.command()
@click.option("--missing", is_flag=True, help="Name who has handed in nothing that could be read, for each exercise.")
@click.pass_context
def status_(context: click.Context, missing: bool) -> int:
    """Show how far the course is.

    What was handed in, graded, ungraded, late, what could not be read, and the changes that wait to be accepted.

    Exit status: 0 everything is graded, 3 something is not.
    """
    opened = open_course(context)
    people = roster.read(opened.roster) if missing else ()
    with closing(ledger.open_(opened.ledger)) as book:
        received, gradings = book.received(), book.gradings()
        waiting = batch.ungraded_tasks(opened, book)
        click.echo(f"{opened.about.title}: {len(opened.exercises)} exercises")
        handed_in = f"{len(received)} projects of {len({each.student for each in received})} people"
        click.echo(f"handed in: {handed_in}, {len(gradings)} different ones graded")
        late = sum(
            policy.days_late(each.received_at, opened.due(each.exercise), opened.about.late) > 0 for each in received
        )
        click.echo(f"late:      {late}")
        refused = book.refused()
        click.echo(f"refused:   {len(refused)}{' (kata class status --missing)' if refused and not missing else ''}")
        click.echo(f"changes:   {len(changed.pending_changes(book))} wait for `kata class regrade --accept`")
        if missing:
            _show_missing(opened, people, book)
        return _listed(waiting, book)


def _show_missing(opened: Course, people: Sequence[Person], book: ledger.Ledger) -> None:
    """Who has no project, exercise by exercise, and what came in and could not be read, also of people unknown."""
    found = tuple(standings.compute(opened, book, tuple(person.id for person in people)))
    names = {person.id: person.called for person in people}
    for exercise in opened.exercises:
        lines = [
            f"  {names[each.student]}: {_why_missing(each)}"
            for each in found
            if each.exercise == exercise.slug and (each.refused or not each.attempts)
        ]
        click.echo(f"{exercise.slug}: {len(lines)} of {len(people)} missing" if lines else f"{exercise.slug}: complete")
        for line in lines:
            click.echo(line)
    for each in book.refused():
        if each.student not in names:
            click.echo(f"of nobody on the roster: {each.source}: {each.why}")


def _why_missing(standing: standings.Standing) -> str:
    if not standing.refused:
        return "nothing was handed in"
    last = standing.refused[-1]
    before = "an earlier project counts; " if standing.attempts else ""
    return f"{before}received, could not be read: {last.source}: {last.why}"

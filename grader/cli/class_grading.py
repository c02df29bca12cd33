"""`kata class init`, `grade`, `regrade` and `status`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from grader.classroom import batch, course, ledger, policy
from grader.classroom import regrade as changed
from grader.classroom.batch import Conditions
from grader.classroom.course import Course
from grader.classroom.store import Store
from grader.cli.options import (
    BELOW,
    GRADED,
    UNGRADED,
    complain,
    console,
    hidden,
    jobs_option,
    loaded_catalog,
    progress,
    sandbox_option,
)
from grader.display import visible
from grader.environment import interpreters
from grader.environment.interpreters import Interpreter

python_option = click.option(
    "--python", metavar="PYTHON", help="Version or path of the interpreter to grade under (default: the course's)."
)


def opened_course(context: click.Context) -> Course:
    """The course that the command line names."""
    folder: Path = context.obj
    return course.open_(folder, loaded_catalog(context))


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
    path = course.begin(folder, title)
    click.echo(f"Wrote {path}: say there which exercises, until when, and what lateness costs.", err=True)
    return GRADED


@click.command()
@python_option
@sandbox_option
@jobs_option
@click.pass_context
def grade_(context: click.Context, python: str | None, tier: str, jobs: int | None) -> int:
    """Grade whatever was handed in and has no grade yet; whoever is stopped here just goes on later.

    Exit status: 0 all graded, 2 wrong usage, 3 something is ungraded.
    """
    opened = opened_course(context)
    conditions = Conditions(interpreter_of(opened, python), batch.strict_tier(tier), hidden(loaded_catalog(context)))
    book = ledger.open_(opened.ledger)
    works = batch.lacking(opened, book)
    with progress(len(works), "grading") as done:
        left = batch.grade(
            works,
            book,
            Store(opened.submissions),
            conditions,
            graders=batch.on_this_machine(jobs or os.cpu_count() or 1),
            why="first grading",
            done=done,
        )
    click.echo(f"{len(works) - len(left)} graded, {len(left)} ungraded.")
    return _listed(left, book)


def _listed(left: tuple[batch.Work, ...], book: ledger.Ledger) -> int:
    """Name what stayed ungraded, and whose it is."""
    received = book.received()
    for work in left:
        people = {
            each.student for each in received if (each.exercise, each.digest) == (work.exercise.slug, work.digest)
        }
        complain(f"ungraded: {work.exercise.slug} of {', '.join(sorted(people))}; `kata class grade` tries it again.")
    return UNGRADED if left else GRADED


@click.command()
@python_option
@sandbox_option
@jobs_option
@click.option("--accept", metavar="WHY", help="Let the new grades count, for that reason.")
@click.pass_context
def regrade_(context: click.Context, python: str | None, tier: str, jobs: int | None, accept: str | None) -> int:
    """Grade again what was graded by other checks, and show what that would change; nothing counts until --accept.

    Exit status: 0 nothing would change, or it was accepted; 1 something would; 3 something is ungraded.
    """
    opened = opened_course(context)
    conditions = Conditions(interpreter_of(opened, python), batch.strict_tier(tier), hidden(loaded_catalog(context)))
    book = ledger.open_(opened.ledger)
    works = batch.outdated(opened, book, conditions)
    graders = batch.on_this_machine(jobs or os.cpu_count() or 1)
    with progress(len(works), "regrading") as done:
        left = batch.grade(works, book, Store(opened.submissions), conditions, graders=graders, why=None, done=done)
    changes = changed.pending(book)
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
            table.add_row(visible(student), change.exercise, old, new, change.because, "\n".join(checks))
    if moved:
        console(sys.stdout).print(table)
    same = len(changes) - len(moved)
    click.echo(f"{len(moved)} contents would get another grade, {same} the same one.")


@click.command()
@click.pass_context
def status_(context: click.Context) -> int:
    """Say how far the course is: handed in, graded, ungraded, late, changes that wait to be accepted.

    Exit status: 0 everything is graded, 3 something is not.
    """
    opened = opened_course(context)
    book = ledger.open_(opened.ledger)
    received, gradings = book.received(), book.gradings()
    waiting = batch.lacking(opened, book)
    click.echo(f"{opened.about.title}: {len(opened.exercises)} exercises")
    people = {each.student for each in received}
    click.echo(f"handed in: {len(received)} projects of {len(people)} people, {len(gradings)} different ones graded")
    late = sum(
        policy.days_late(each.received_at, opened.due(each.exercise), opened.about.late) > 0 for each in received
    )
    click.echo(f"late:      {late}")
    click.echo(f"changes:   {len(changed.pending(book))} wait for `kata class regrade --accept`")
    return _listed(waiting, book)

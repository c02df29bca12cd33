"""`kata class receive`."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from grader.classroom import incoming, ledger, roster
from grader.classroom.store import Store
from grader.cli.class_grading import opened_course
from grader.cli.options import BELOW, GRADED, complain, loaded_catalog
from grader.errors import UsageError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--exercise", "names", multiple=True, metavar="EXERCISE", help="For which; repeatable (default: all).")
@click.option("--at", metavar="MOMENT", help="When, like 2027-01-31T23:59:00+01:00 (default: now).")
@click.pass_context
def receive_(context: click.Context, folder: Path, names: tuple[str, ...], at: str | None) -> int:
    """Take in FOLDER, which holds a folder or archive for each student, named by the roster's id.

    Exit status: 0 all taken in, 1 something was left out; it is named.
    """
    opened = opened_course(context)
    chosen = [each for each in loaded_catalog(context).find(names) if each.slug in opened.by_slug]
    if not chosen:
        raise UsageError("None of these exercises is the course's; see course.toml.")
    people = roster.read(opened.roster)
    book = ledger.open_(opened.ledger)
    try:
        store = Store(opened.submissions)
        taken = incoming.take_in(folder, people, chosen, ledger=book, store=store, at=_moment(at))
    finally:
        book.close()
    for each in taken.left:
        complain(f"left out: {each}")
    click.echo(f"{taken.new} projects taken in, {taken.known} were here already, {len(taken.left)} left out.")
    return BELOW if taken.left else GRADED


def _moment(text: str | None) -> datetime.datetime:
    if text is None:
        return datetime.datetime.now(datetime.UTC)
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--at {text} is no moment; write it like 2027-01-31T23:59:00+01:00.") from error
    if moment.tzinfo is None:
        raise UsageError(f"--at {text} has no time zone; write it like {text}+01:00.")
    return moment

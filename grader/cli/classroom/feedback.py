"""`kata class feedback`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from grader.classroom.handout import feedback
from grader.classroom.insight import clusters, comments
from grader.classroom.records import ledger, roster, standings
from grader.cli.classroom.grading import complete_option, name_ungraded, open_course
from grader.cli.options import complain


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@complete_option
@click.pass_context
def feedback_(context: click.Context, folder: Path, only_complete: bool) -> int:
    """Write a page for each student into DIR, to be handed back.

    It says what was lost and why, points, lateness, comments.
    A list there, index.csv, says whose is which.

    What is ungraded is named, here and on the page. Comments come from comments.toml in the course's folder, and are
    noted in the ledger with what goes out.

    Exit status: 0 all went out, 3 something is ungraded.
    """
    opened = open_course(context)
    people = roster.read(opened.roster)
    book = context.with_resource(closing(ledger.open_(opened.ledger)))
    try:
        found = tuple(standings.compute(opened, book, tuple(person.id for person in people)))
        status = name_ungraded(found, only_complete)
        says = comments.read(opened, book)
        content = feedback.pages(opened, people, found, book.gradings(), says)
        count = feedback.write(content, folder)
        comments.record(says, book)
    finally:
        book.close()
    for each in comments.unused(says, [cluster.key for cluster in clusters.group_failures(found)], opened):
        complain(each)
    click.echo(f"{len(people)} pages in {folder}; {count} of {len(content)} files there are new or changed.")
    return status

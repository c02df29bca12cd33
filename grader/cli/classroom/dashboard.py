"""`kata class dashboard`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from grader import storage
from grader.classroom.insight import clusters, comments, dashboard
from grader.classroom.insight.dashboard.plots import Plots
from grader.classroom.records import ledger, roster, standings
from grader.cli.classroom.grading import open_course
from grader.cli.options import GRADED, complain
from grader.errors import UsageError


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.html")
@click.pass_context
def dashboard_(context: click.Context, file: Path) -> int:
    """Write a page for the instructor.

    It shows scores, what each check tells, common mistakes, who failed alike, and times.

    It names people, and shows what is graded so far. To say something to all who failed alike, see there.
    """
    plots = Plots()
    opened = open_course(context)
    people = {person.id: person.name for person in roster.read(opened.roster)}
    book = context.with_resource(closing(ledger.open_(opened.ledger)))
    try:
        found = tuple(standings.compute(opened, book, tuple(people)))
        says = comments.read(opened, book)
        gradings = book.gradings()
    finally:
        book.close()
    alike = clusters.group_failures(found)
    page = dashboard.page(dashboard.ClassRecords(opened, people, found, gradings), alike, says, plots)
    try:
        storage.write(file, page)
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}. Fix that, and try again.") from error
    for each in comments.unused(says, [cluster.key for cluster in alike], opened):
        complain(each)
    several = sum(len(cluster.students) > 1 for cluster in alike)
    click.echo(f"Wrote {file}: {len(people)} people, {several} groups who failed in the same way.")
    return GRADED

"""`kata class receive`."""

from __future__ import annotations

import datetime
from contextlib import closing
from pathlib import Path

import click

from grader.classroom.receiving import submissions
from grader.classroom.receiving.exports.reading import KINDS, ExportOptions, is_unpacked
from grader.classroom.receiving.submissions import ReceivedTime, SubmissionRecorder
from grader.classroom.records import ledger, roster
from grader.classroom.records.store import Store
from grader.cli.classroom.grading import open_course
from grader.cli.options import BELOW, GRADED, complain, loaded_catalog
from grader.errors import UsageError

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("source", metavar="FOLDER|EXPORT", type=click.Path(path_type=Path))
@click.option(
    "--exercise", "names", multiple=True, metavar="EXERCISE", help="For this exercise; repeatable (default: all)."
)
@click.option("--at", metavar="MOMENT", help="The time, like 2027-01-31T23:59:00+01:00 (default: now).")
@click.option("--late-at", metavar="MOMENT", help="The time for what Canvas marks as late (default: as --at).")
@click.option("--from", "kind", type=click.Choice(KINDS), help="The system that made the export (default: recognised).")
@click.option("--worksheet", type=_FILE, metavar="FILE", help="Moodle's grading worksheet of this assignment.")
@click.option("--groups", is_flag=True, help="Groups handed in together; the roster says who is in them.")
@click.pass_context
def receive_(
    context: click.Context,
    source: Path,
    names: tuple[str, ...],
    at: str | None,
    late_at: str | None,
    kind: str | None,
    worksheet: Path | None,
    groups: bool,
) -> int:
    """Take in what students have handed in.

    FOLDER holds a folder or archive for each student, named by the roster's id.

    EXPORT is a zip of all submissions as Canvas, Moodle or Gradescope give it out, or a folder into which it was
    unpacked; whose each is, the roster's columns canvas, moodle, gradescope and email say.

    Exit status: 0 all taken in, 1 something was left out; it is named.
    """
    opened = open_course(context)
    chosen = [each for each in loaded_catalog(context).find(names) if each.slug in opened.by_slug]
    if not chosen:
        raise UsageError("None of these exercises is the course's; see course.toml.")
    people = roster.read(opened.roster)
    of_ids = source.is_dir() and not kind and (submissions.is_named_by_ids(source, people) or not is_unpacked(source))
    if of_ids and (worksheet or groups or late_at):
        raise UsageError("--worksheet, --groups and --late-at are for exports; the names in this folder are ids.")
    when = ReceivedTime(
        _moment(at, "--at") or datetime.datetime.now(datetime.UTC), _moment(late_at, "--late-at"), at is not None
    )
    book = context.with_resource(closing(ledger.open_(opened.ledger)))
    try:
        receiving = SubmissionRecorder(book, Store(opened.submissions), when)
        if source.exists() and not of_ids:
            due = min(filter(None, (opened.due(each.slug) for each in chosen)), default=None)
            rules = ExportOptions(kind, worksheet, groups)
            taken = submissions.take_in_export(source, people, chosen, receiving, rules, due=due)
        else:
            taken = submissions.take_in(source, people, chosen, receiving)
    finally:
        book.close()
    return _said(taken, when)


def _said(taken: submissions.IntakeSummary, when: ReceivedTime) -> int:
    for each in taken.left_out:
        complain(f"left out: {each}")
    if taken.late and when.late_at is None:
        moment = when.at.isoformat(timespec="seconds")
        complain(f"marked as late, but noted as received at {moment} like the rest: {', '.join(taken.late)}.")
    click.echo(f"{taken.new} projects taken in, {taken.known} were here already, {len(taken.left_out)} left out.")
    return BELOW if taken.left_out else GRADED


def _moment(text: str | None, option: str) -> datetime.datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text} is no moment; write it like 2027-01-31T23:59:00+01:00.") from error
    if moment.tzinfo is None:
        raise UsageError(f"{option} {text} has no time zone; write it like {text}+01:00.")
    return moment

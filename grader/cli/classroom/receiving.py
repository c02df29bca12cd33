"""`kata class roster`, `receive` and `void`."""

from __future__ import annotations

import datetime
from contextlib import closing
from pathlib import Path

import click

from grader import storage
from grader.classroom.gradebooks import roster_import
from grader.classroom.receiving import submissions
from grader.classroom.receiving.exports.reading import KINDS, ExportOptions, is_unpacked
from grader.classroom.receiving.recording import IntakeSummary, ReceivedTime, SubmissionRecorder
from grader.classroom.records import ledger, roster
from grader.classroom.records.course import Course
from grader.classroom.records.store import Store
from grader.cli.classroom.grading import open_course
from grader.cli.options import BELOW, GRADED, complain, loaded_catalog
from grader.display import visible
from grader.errors import UsageError

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("source", metavar="FOLDER|EXPORT", type=click.Path(path_type=Path), required=False)
@click.option(
    "--exercise", "names", multiple=True, metavar="EXERCISE", help="For this exercise; repeatable (default: all)."
)
@click.option("--at", metavar="MOMENT", help="The time, like 2027-01-31T23:59:00+01:00 (default: now).")
@click.option("--late-at", metavar="MOMENT", help="The time for what Canvas marks as late (default: as --at).")
@click.option("--from", "kind", type=click.Choice(KINDS), help="The system that made the export (default: recognised).")
@click.option("--worksheet", type=_FILE, metavar="FILE", help="Moodle's grading worksheet of this assignment.")
@click.option("--groups", is_flag=True, help="Groups handed in together; the roster says who is in them.")
@click.option("--correct", is_flag=True, help="Give what is known already the time that it would have now.")
@click.option("--undo", is_flag=True, help="Take back what was taken in last: it counts no longer; needs --why.")
@click.option("--why", metavar="WHY", help="The reason, which the ledger keeps and the people read.")
@click.pass_context
def receive_(
    context: click.Context,
    source: Path | None,
    names: tuple[str, ...],
    at: str | None,
    late_at: str | None,
    kind: str | None,
    worksheet: Path | None,
    groups: bool,
    correct: bool,
    undo: bool,
    why: str | None,
) -> int:
    """Take in what students have handed in.

    FOLDER holds a folder or archive for each student, named by the roster's id.

    EXPORT is a zip of all submissions as Canvas, Moodle or Gradescope give it out, or a folder into which it was
    unpacked; whose each is, the roster's columns canvas, moodle, gradescope and email say.

    Exit status: 0 all taken in, 1 something was left out; it is named.
    """
    opened = open_course(context)
    if undo or source is None or why is not None:
        return _undo(opened, source, undo, why)
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
        if (late_moment := max(when.at, when.late_at or when.at)) > datetime.datetime.now(datetime.UTC):
            raise UsageError(f"{late_moment.isoformat()} is in the future; nothing can have been received then.")
        book.begin_run(str(source))
        receiving = SubmissionRecorder(book, Store(opened.submissions), when, correct)
        if source.exists() and not of_ids:
            due = min(filter(None, (opened.due(each.slug) for each in chosen)), default=None)
            rules = ExportOptions(kind, worksheet, groups)
            taken = submissions.take_in_export(source, people, chosen, receiving, rules, due=due)
        else:
            taken = submissions.take_in(source, people, chosen, receiving)
    finally:
        book.close()
    return _said(taken, when)


def _undo(opened: Course, source: Path | None, undo: bool, why: str | None) -> int:
    """Take the last run back."""
    if not undo:
        raise UsageError(
            "Name what to take in: a folder or an export." if source is None else "--why goes with --undo."
        )
    if source is not None or not why:
        raise UsageError("--undo takes back what was taken in last; give it a --why, and no file.")
    with closing(ledger.open_(opened.ledger)) as book:
        last = book.last_run()
        if last is None:
            raise UsageError("Nothing was taken in that still counts.")
        where, received = last
        book.void(received, why)
    people = len({each.student for each in received})
    click.echo(f"{len(received)} projects of {people} people from {visible(where)} count no longer.")
    return GRADED


@click.command()
@click.argument("student", metavar="ID")
@click.argument("exercise", metavar="EXERCISE")
@click.option("--at", metavar="MOMENT", help="Only the attempt of this moment, as its page shows it (default: all).")
@click.option("--why", metavar="WHY", required=True, help="The reason, which the ledger keeps and the person reads.")
@click.pass_context
def void_(context: click.Context, student: str, exercise: str, at: str | None, why: str) -> int:
    """Let attempts of one person count no longer.

    The ledger keeps them, and the reason. They count again if the same is taken in again.
    """
    opened = open_course(context)
    (chosen,) = loaded_catalog(context).find([exercise])
    moment = _moment(at, "--at")
    with closing(ledger.open_(opened.ledger)) as book:
        own = [each for each in book.received() if (each.student, each.exercise) == (student, chosen.slug)]
        meant = [each for each in own if moment is None or each.received_at.replace(second=0, microsecond=0) == moment]
        if not meant:
            when = ", ".join(each.received_at.isoformat(timespec="minutes") for each in own) or "none"
            raise UsageError(f"{visible(student)} has no such attempt at {chosen.slug}; those that count: {when}.")
        book.void(meant, why)
    click.echo(f"{len(meant)} attempts of {visible(student)} at {chosen.slug} count no longer.")
    return GRADED


@click.command()
@click.argument("file", metavar="FILE.csv", type=_FILE)
@click.pass_context
def roster_(context: click.Context, file: Path) -> int:
    """Make the roster from a list of people, or add to it.

    FILE.csv is Canvas's gradebook, Moodle's list of participants or grading worksheet, or Gradescope's roster, exported
    in English. Nobody is taken off the roster, and what it says already stays.
    """
    opened = open_course(context)
    try:
        others = roster_import.people_of(file.read_bytes(), str(file))
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}.") from error
    known = roster.read(opened.roster) if opened.roster.exists() else ()
    people, new = roster_import.merged(known, others)
    content = roster_import.written(people)
    roster.parse(content, opened.roster)
    try:
        storage.write(opened.roster, content)
    except OSError as error:
        raise UsageError(f"{opened.roster} can't be written: {error.strerror}.") from error
    click.echo(f"Wrote {opened.roster}: {len(people)} people, {new} of them new.")
    return GRADED


def _said(taken: IntakeSummary, when: ReceivedTime) -> int:
    for each in taken.left_out:
        complain(f"left out: {each}")
    for each in taken.other_times:
        complain(f"known already: {each}; --correct takes the new time.")
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

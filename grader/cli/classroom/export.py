"""`kata class export`."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import click

from grader.classroom.gradebooks import canvas, matching, moodle
from grader.classroom.records import ledger, roster, standings
from grader.classroom.records.course import Course
from grader.classroom.records.roster import Person
from grader.classroom.records.standings import Standing
from grader.cli.classroom.grading import complete_option, name_ungraded, open_course
from grader.cli.options import complain
from grader.errors import UsageError
from grader.reports.people.spreadsheet import escape_formula

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--canvas", "canvas_", type=_FILE, metavar="GRADEBOOK", help="Fill this export of Canvas's gradebook.")
@click.option("--moodle", "moodle_", type=_FILE, metavar="WORKSHEET", help="Fill this grading worksheet of Moodle's.")
@click.option("--csv", "table", is_flag=True, help="Write a table of our own: a row for each person and exercise.")
@click.option(
    "--exercise", "names", multiple=True, metavar="EXERCISE", help="Only this exercise; repeatable (default: all)."
)
@click.option("--column", metavar="NAME", help='The heading of the column to fill (Moodle\'s default: "Grade").')
@click.option("--id-column", metavar="NAME", default=moodle.IDENTIFIER, help="Moodle's column of identifiers.")
@click.option("--out-of", type=click.IntRange(1), metavar="POINTS", help="Full marks, where the file doesn't say.")
@click.option("--output", type=_FILE, metavar="FILE", required=True, help="The new file.")
@complete_option
@click.pass_context
def export_(
    context: click.Context,
    canvas_: Path | None,
    moodle_: Path | None,
    table: bool,
    names: tuple[str, ...],
    column: str | None,
    id_column: str,
    out_of: int | None,
    output: Path,
    only_complete: bool,
) -> int:
    """Write grades into a copy of a gradebook that you exported.

    Only the cells of one column change.

    What is ungraded, and people who can't be matched by an id, are named, and left as they are.

    Exit status: 0 all went out, 3 something is ungraded.
    """
    if (canvas_ is not None) + (moodle_ is not None) + table != 1:
        raise UsageError("Give one of --canvas, --moodle and --csv.")
    opened = open_course(context)
    people = roster.read(opened.roster)
    found = _standings(opened, people, names)
    status = name_ungraded(found, only_complete)
    most = None if out_of is None else Fraction(out_of)
    if table:
        filled = matching.FilledGradebook(_table(found, people), len(found), ())
    elif canvas_ is not None:
        if column is None:
            raise UsageError('Say with --column which one to fill, as Canvas heads it, like "Paths (4711)".')
        grades = matching.grades(opened, found)
        filled = canvas.fill(_content(canvas_), str(canvas_), column, grades, people, most)
    elif moodle_ is not None:
        options = {"column": column or moodle.GRADE, "id_column": id_column}
        grades = matching.grades(opened, found)
        filled = moodle.fill(_content(moodle_), str(moodle_), grades, people, out_of=most, **options)
    _write(output, filled.content)
    for each in filled.unchanged:
        complain(f"left as it was: {each}.")
    click.echo(f"Wrote {output}: {filled.count} grades, {len(filled.unchanged)} left as they were.")
    return status


def _standings(opened: Course, people: tuple[Person, ...], names: tuple[str, ...]) -> tuple[Standing, ...]:
    chosen = [_slug(opened, name) for name in names] or list(opened.by_slug)
    with closing(ledger.open_(opened.ledger)) as book:
        found = standings.compute(opened, book, tuple(person.id for person in people))
        return tuple(each for each in found if each.exercise in chosen)


def _slug(opened: Course, name: str) -> str:
    for exercise in opened.exercises:
        if name in (exercise.slug, exercise.name, f"{exercise.number:02}"):
            return exercise.slug
    raise UsageError(f"{name} isn't one of the course's exercises: {', '.join(opened.by_slug)}.")


def _table(found: tuple[Standing, ...], people: tuple[Person, ...]) -> bytes:
    called = {person.id: person.name for person in people}
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("id", "name", "exercise", "points", "max_points", "days_late", "attempts"))
    for each in found:
        about = (escape_formula(each.student), escape_formula(called[each.student]), each.exercise)
        score: tuple[object, ...] = (None, None, None)
        if each.counted is not None:
            most = each.counted.max_score
            points = each.counted.points
            part = points / most if most else Fraction(0)
            score = (matching.format_grade(part, Fraction(most), comma=False), most, each.counted.days_late)
        writer.writerow((*about, *score, len(each.attempts)))
    return stream.getvalue().encode()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already: name a new file with --output.") from error
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.") from error

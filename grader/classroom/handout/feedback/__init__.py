"""Write the feedback pages: one HTML file for each student."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from grader import storage
from grader.classroom.handout.feedback.sections import Section, section, what_counts
from grader.classroom.insight.clusters import Key
from grader.classroom.pages import render
from grader.classroom.records import standings
from grader.classroom.records.course import Course
from grader.classroom.records.ledger import Grading
from grader.classroom.records.roster import Person
from grader.classroom.records.standings import Standing
from grader.errors import UsageError
from grader.reports.numbers import percent_text
from grader.reports.people.spreadsheet import escape_formula

Pages = dict[str, bytes]
"""Contents by file name."""
INDEX = "index.csv"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]", re.IGNORECASE)
"""What Windows takes for a device, whatever follows the dot."""


def pages(
    course: Course,
    people: Sequence[Person],
    found: Sequence[Standing],
    gradings: Mapping[tuple[str, str], Grading],
    comments: Mapping[Key, str],
) -> Pages:
    """A page for each person, by file name, and a list of whose is which.

    Args:
        course: of which.
        people: the roster.
        found: their standings, complete, in the order of the roster.
        gradings: the grading that counts of each content.
        comments: what the instructor says, by cluster.
    """
    own = {student: tuple(those) for student, those in groupby(found, key=lambda each: each.student)}
    return dict(_pages(course, people, own, gradings, comments)) | {INDEX: _index(people)}


def _pages(
    course: Course,
    people: Sequence[Person],
    own: Mapping[str, tuple[Standing, ...]],
    gradings: Mapping[tuple[str, str], Grading],
    comments: Mapping[Key, str],
) -> Iterator[tuple[str, bytes]]:
    for person in people:
        theirs = own.get(person.id, ())
        sections: list[Section] = [section(course, each, gradings, comments) for each in theirs]
        total = percent_text(standings.total(course, theirs))
        values = {
            "course": course.about.title,
            "person": person,
            "sections": sections,
            "total": total,
            "counts": tuple(what_counts(course, theirs)),
        }
        yield file_name(person.id), render("feedback", **values)


def _index(people: Sequence[Person]) -> bytes:
    """A table of ids and files, for a program that hands the pages out."""
    stream = io.StringIO()
    rows = ((escape_formula(person.id), file_name(person.id)) for person in people)
    csv.writer(stream, lineterminator="\n").writerows([("id", "file"), *rows])
    return stream.getvalue().encode()


def file_name(student: str) -> str:
    """The file of a student's page: the id itself where it is plain, else what is plain of it and a digest.

    Two ids never share a file, not even where capitals don't count, and none leads out of the folder.
    """
    if _PLAIN.fullmatch(student) and not _RESERVED.fullmatch(student):
        return f"{student}.html"
    plain = re.sub("[^a-z0-9]+", "-", student.lower())[:40].strip("-")
    return f"{plain or 'student'}.{hashlib.sha256(student.encode()).hexdigest()[:12]}.html"


def write(content: Pages, folder: Path) -> int:
    """Write pages, each whole or not at all, and only those that differ from what is there; gives how many did.

    Raises:
        UsageError: they can't be written.
    """
    count = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in content.items():
            if not _is_there(folder / name, page):
                storage.write(folder / name, page)
                count += 1
    except OSError as error:
        says = f"Pages can't be written to {folder}: {error.strerror} ({error.filename}). Fix that, and try again."
        raise UsageError(says) from error
    return count


def _is_there(path: Path, page: bytes) -> bool:
    try:
        return storage.read(path) == page
    except OSError:
        return False

import datetime
from dataclasses import replace
from fractions import Fraction

import msgspec
import pytest

from grader import catalog
from grader.classroom.batch import regrade
from grader.classroom.records import course, standings
from grader.classroom.records.ledger import Grading, Received, Refused
from grader.errors import UsageError

NOW = datetime.datetime(2027, 1, 31, 12, tzinfo=datetime.UTC)
REPORT = '{{"version": {1}, "checks": [{{"id": "a", "title": "It runs.", "points": {0}, "max_points": 100}}]}}'


def hand_in(book, student, digest, *, hours=0, exercise="path_appending"):
    """Note an attempt."""
    moment = NOW + datetime.timedelta(hours=hours)
    book.receive(Received(student, exercise, digest, moment, "by hand"))


def grade(book, digest, score, *, exercise="path_appending", catalogue="c1", why="first", verdict="failed", version=1):
    """Note what it earned."""
    report = REPORT.format(score, version)
    book.record(
        Grading(exercise, digest, catalogue, "0.1", "3.12.1", "bubblewrap", NOW, verdict, score, 100, report, 0.1),
        why=why,
    )


def test_best(a_course, book):
    """The best of the attempts counts, with its own grading; who handed nothing in has no attempt and nothing open."""
    for digest, score, hours in (("d1", 40, -3), ("d2", 85, -2), ("d3", 60, -1)):
        hand_in(book, "ada", digest, hours=hours)
        grade(book, digest, score)
    found = {(each.student, each.exercise): each for each in standings.compute(a_course, book, ("ada", "bo"))}
    ada = found["ada", "path_appending"]
    assert (ada.counted.points, ada.grading.digest, len(ada.attempts)) == (85, "d2", 3)
    bo = found["bo", "path_appending"]
    assert (bo.counted, bo.attempts, bo.is_ungraded) == (None, (), False)
    assert standings.total(a_course, tuple(each for each in found.values() if each.student == "ada")) == Fraction(85, 2)


def test_not_due_yet(a_course, book):
    """What isn't due yet and wasn't handed in doesn't count; what is due counts 0 if it is missing."""
    hand_in(book, "ada", "d1", hours=-2)
    grade(book, "d1", 80)
    other = next(each.slug for each in a_course.exercises if each.slug != "path_appending")

    def total(days, **due):
        """Ada's, so many days from now."""
        about = msgspec.structs.replace(a_course.about, due={other: NOW, **due})
        then = replace(a_course, about=about, now=NOW + datetime.timedelta(days=days))
        found = tuple(standings.compute(then, book, ("ada",)))
        return standings.total(then, found), len(standings.counting(then, found))

    assert total(-1) == (80, 1)
    assert total(0) == (40, 2)
    assert total(-1, path_appending=NOW + datetime.timedelta(days=9)) == (80, 1)  # handed in before it is due


def test_refused(a_course, book):
    """What could not be read is known of the person, until something came after it that could."""
    for student, exercise, hours in (("ada", "path_appending", 1), ("ada", "", 2), ("bo", "path_appending", 3)):
        book.refuse(Refused(f"{hours}.7z", "No.", NOW + datetime.timedelta(hours=hours), student, exercise))
    found = {(each.student, each.exercise): each for each in standings.compute(a_course, book, ("ada", "bo"))}
    assert [each.source for each in found["ada", "path_appending"].refused] == ["1.7z", "2.7z"]
    assert [[each.source for each in one.refused] for key, one in found.items() if key[0] == "bo"] == [["3.7z"], []]
    hand_in(book, "ada", "d1", hours=1.5)
    first, *_ = standings.compute(a_course, book, ("ada",))
    assert [each.source for each in first.refused] == ["2.7z"]


def test_open(a_course, book):
    """While one attempt is ungraded nothing of that exercise counts, not as 0 either, and it is named whose it is."""
    hand_in(book, "ada", "d1", hours=-2)
    hand_in(book, "ada", "d2", hours=-1)
    grade(book, "d1", 100)
    grade(book, "d2", None, verdict="ungraded", why=None)
    found = tuple(standings.compute(a_course, book, ("ada",)))
    assert [each.is_ungraded for each in found] == [True, False]
    assert standings.ungraded(found) == ("path_appending of ada",)
    assert [each.exercise for each in standings.counting(a_course, found)] == ["main_guard"]


def test_regrade_waits(a_course, book):
    """A regrade changes nobody's grade until it is accepted, and says for whom, what and why it would."""
    for student in ("ada", "bo"):
        hand_in(book, student, "d1")
    hand_in(book, "cy", "d2")
    for digest in ("d1", "d2"):
        grade(book, digest, 80)
    grade(book, "d1", 60, catalogue="c2", why=None)
    grade(book, "d2", 80, catalogue="c2", why=None)
    first, second = regrade.pending_changes(book)
    assert (first.students, first.difference, first.lost, first.reason) == (
        ("ada", "bo"), -20, ("It runs.",), "the exercise's checks changed",
    )  # fmt: skip
    assert (second.students, second.difference, second.lost) == (("cy",), 0, ())
    assert next(iter(standings.compute(a_course, book, ("ada",)))).counted.points == 80
    book.accept((first.new.id, second.new.id), "fixed")
    assert regrade.pending_changes(book) == ()
    assert next(iter(standings.compute(a_course, book, ("ada",)))).counted.points == 60


def test_regrade_tells_what_is_new(a_course, book):
    """A regrade by a later version of an exercise says what is new in it; by the same version there is nothing new."""
    (exercise, *_) = a_course.exercises
    assert exercise.changes_between(1, 2)
    for digest in ("d1", "d2"):
        hand_in(book, "ada", digest)
    grade(book, "d1", 80)
    grade(book, "d2", 80, version=2)
    for digest in ("d1", "d2"):
        grade(book, digest, 60, catalogue="c2", why=None, version=2)
    told = {change.new.digest: change.exercise_changes for change in regrade.pending_changes(book, a_course.exercises)}
    assert told == {"d1": exercise.changes_between(1, 2), "d2": ()}


def test_reports_without_a_version(a_course, book):
    """A grading from before reports said the version was one of the first version."""
    hand_in(book, "ada", "d1")
    report = REPORT.format(80, 1).replace('"version": 1, ', "")
    for number, (catalogue, why) in enumerate((("c1", "first"), ("c2", None))):
        noted = report if number == 0 else REPORT.format(60, 2)
        fields = ("0.1", "3.12.1", "bubblewrap", NOW, "failed", 80 - 20 * number, 100, noted, 0.1)
        book.record(Grading("path_appending", "d1", catalogue, *fields), why=why)
    (change,) = regrade.pending_changes(book, a_course.exercises)
    assert change.exercise_changes == a_course.exercises[0].changes_between(1, 2)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('policy = "best"', 'policy = "bset"', "'bset' is none of best, last, first"),
        ("percent_a_day = 0", "percent_a_day = 101", "late.percent_a_day: 101 is not between 0 and 100"),
        ("# default = 2027-01-31T23:59:00+01:00", "default = 2027-01-31T23:59:00", "has no time zone"),
        (
            "# default = 2027-01-31T23:59:00+01:00",
            "nowhere = 2027-01-31T23:59:00+01:00",
            "nowhere isn't one of the course's exercises",
        ),
        ("exercises = []", 'exercises = ["path_apending"]', "Did you mean path_appending"),
        ("grace_minutes", "grace_mintues", "grace_mintues"),
    ],
)
def test_settings(tmp_path, old, new, words):
    """What is wrong in the settings is said, with the file and the key."""
    path = course.create(tmp_path / "my course", 'Say "packages"')
    assert course.open_(path.parent, catalog.load()).about.title == 'Say "packages"'
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(UsageError, match=words) as caught:
        course.open_(path.parent, catalog.load())
    assert str(path) in str(caught.value)


def test_begun_twice(tmp_path):
    """A course isn't begun over another."""
    course.create(tmp_path, "Term")
    with pytest.raises(UsageError, match="exists already"):
        course.create(tmp_path, "Term")

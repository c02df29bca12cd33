"""Who failed alike, and what is said to them."""

import datetime

import pytest

from grader.classroom.insight import clusters, comments
from grader.classroom.records.ledger import Grading
from grader.classroom.records.standings import Standing
from grader.errors import InfrastructureError, UsageError
from grader.model import Attempt, Verdict
from grader.reports import json_report

NOW = datetime.datetime(2027, 1, 31, 12, tzinfo=datetime.UTC)
MESSAGE = "expected: {0} m\ngot:      {1}\n\nWhich folder did it read?\n\nran:  python report.py {0}"


@pytest.fixture
def standing(make_check):
    """A person whose attempt that counts lost the check `a` (with that message) and what else is named."""

    def make(student, message, lost=("a",), exercise="path_appending"):
        checks = tuple(make_check("failed" if id_ in lost else "passed", 50, id=id_, message=message) for id_ in "ab")
        attempt = Attempt(exercise, 1, "The shelf", 1, Verdict.FAILED, 50, 100, "d" * 64, checks)
        report = json_report.render_attempt(attempt)
        grading = Grading(exercise, student, "c", "0.1", "3.12.1", "s", NOW, "failed", 50, 100, report, 0.1)
        return Standing(student, exercise, (), None, grading)

    return make


def test_alike(standing):
    """Whoever drew other numbers failed alike; whoever saw something else or lost more, or elsewhere, didn't."""
    found = clusters.group_failures(
        [
            standing("ada", MESSAGE.format("7.5", "nothing")),
            standing("bo", MESSAGE.format("59.75", "another word")),
            standing("cy", MESSAGE.format("12", "nothing")),
            standing("dee", MESSAGE.format("7.5", "nothing"), lost=("a", "b")),
            standing("eli", MESSAGE.format("7.5", "nothing"), exercise="main_guard"),
            standing("fay", None, lost=()),
            Standing("gus", "path_appending", (), None, None),
        ]
    )
    assert found[0].students == ("ada", "cy")
    assert sorted(each.students for each in found[1:]) == [("bo",), ("dee",), ("eli",)]
    assert len({each.key for each in found}) == 4


def test_key_is_stable(make_check):
    """A cluster is called the same in every run and version, or comments would lose those whom they are for."""
    checks = (make_check("failed", id="a", message=MESSAGE.format("7.5", "nothing")), make_check("passed", id="b"))
    assert clusters.key("path_appending", checks) == ("path_appending", "66cac808e6")
    assert clusters.key("path_appending", checks[::-1]) == clusters.key("path_appending", checks)
    assert clusters.key("path_appending", checks[1:]) is None


def test_report_of_another_kind(standing):
    """A report that can't be read is our fault, and said in a sentence."""
    broken = standing("ada", "got: nothing")
    grading = Grading(*("path_appending", "d", "c", "0", "3", "s", NOW, "failed", 0, 100, '{"title": 1}', 0.1), id=7)
    with pytest.raises(InfrastructureError, match="Grading 7 of path_appending"):
        clusters.group_failures([Standing("ada", broken.exercise, (), None, grading)])


def test_comments(a_course, book):
    """The file says what counts; what went out is noted once, and what left the file is taken back."""
    path = comments.path_of(a_course)
    keys = ("path_appending", "3f9a1c2b7d"), ("main_guard", "0123456789")
    text = f'{comments.comment_line(keys[0])[:-1]} Look there. "\r\n[main_guard]\r\n0123456789 = "And <there>."\r\n'
    path.write_bytes(text.encode("utf-8-sig"))  # as some editors on Windows save it
    said = comments.read(a_course, book)
    assert said == {keys[0]: "Look there.", keys[1]: "And <there>."}
    comments.record(said, book)
    comments.record(said, book)
    assert book.comments() == said
    path.unlink()
    assert comments.read(a_course, book) == said
    path.write_text("")
    comments.record(comments.read(a_course, book), book)
    assert book.comments() == {}


def test_unused_comments(a_course):
    """What is said to nobody is named."""
    key = ("path_appending", "3f9a1c2b7d")
    comments.path_of(a_course).touch()
    assert list(comments.unused({key: "Look."}, {key: 1}, a_course)) == []
    (says,) = comments.unused({key: "Look."}, {}, a_course)
    assert "path_appending.3f9a1c2b7d" in says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nothing = {a = 'b'}", "'nothing' isn't one of the course's exercises"),
        ("path_appending = 'b'", "path_appending is no table"),
        ("path_appending.a = ' '", "path_appending.a: say something"),
        ("path_appending.a = 1", "path_appending.a: say something"),
        ('path_appending."\\u202e" = 1', r"path_appending.\u202e: say"),
        ("path_appending.a = ", "can't be read as TOML"),
        ("path_appending.a = 'x'\npath_appending.a = 'y'", "can't be read as TOML"),
    ],
)
def test_wrong_comments(a_course, book, text, says):
    """What is wrong in the file is said, with the file."""
    comments.path_of(a_course).write_text(text)
    with pytest.raises(UsageError) as caught:
        comments.read(a_course, book)
    assert says in str(caught.value)
    assert comments.FILE in str(caught.value)

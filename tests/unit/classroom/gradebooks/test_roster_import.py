"""Rosters from the lists of other systems."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.gradebooks import roster_import
from grader.classroom.records import course, roster
from grader.classroom.records.roster import Person
from grader.cli import kata
from grader.errors import UsageError

FORMATS = Path(__file__).parents[3] / "data" / "formats"
MOODLE_PEOPLE = """\
First name,"Last name","ID number","Email address"
Ada,Lovelace,s-ada,ada@x.org
José,Núñez,,jose@x.org
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Section
Ada,Lovelace,7,ada@x.org,Student,A
Grace,Hopper,1,g@x.org,Instructor,
"""


def test_canvas():
    """Of Canvas's gradebook the rows of people count, by their SIS ids, with names as people say them."""
    people = roster_import.people_of((FORMATS / "canvas_gradebook.csv").read_bytes(), "g.csv")
    assert people[:2] == (
        Person("s-ada", "Ada Lovelace", "ada@example.org", canvas="101"),
        Person("s-bo", 'Bo "the" Bear', "bo@example.org", canvas="102"),
    )
    assert all(person.canvas for person in people)


def test_moodle():
    """Of Moodle the list of participants and the worksheet are read; one assignment's numbers are nobody's ids."""
    assert roster_import.people_of(MOODLE_PEOPLE.encode(), "p.csv") == (
        Person("s-ada", "Ada Lovelace", "ada@x.org", moodle="s-ada"),
        Person("jose@x.org", "José Núñez", "jose@x.org"),
    )
    worksheet = (
        (FORMATS / "moodle_worksheet.csv").read_bytes().replace(b'"Participant 9",=1+1,,', b'"Participant 9",x,s-x,')
    )
    assert [person.id for person in roster_import.people_of(worksheet, "w.csv")][:2] == ["s-ada", "s-bo"]


def test_gradescope():
    """Of Gradescope's roster the students count, and not the staff."""
    (person,) = roster_import.people_of(GRADESCOPE.encode(), "r.csv")
    assert person == Person("7", "Ada Lovelace", "ada@x.org", gradescope="7")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Apellidos,Correo\nx,y\n", "by their English names"),
        ("ID number,Email address\n,\n", "row 2 has neither an id nor an address"),
        ("", "is empty"),
    ],
)
def test_refused(text, says):
    """Another list, people without ids and an empty file are refused."""
    with pytest.raises(UsageError, match=says):
        roster_import.people_of(text.encode(), "x.csv")


def test_merged():
    """What a roster says stays, gaps are filled, and nobody is taken off; people are known by any of their ids."""
    known = (Person("ada", "Countess", "ADA@x.org"), Person("gone", "Gone"))
    people, new = roster_import.merged(known, roster_import.people_of(MOODLE_PEOPLE.encode(), "p.csv"))
    assert new == 1
    assert people == (
        Person("ada", "Countess", "ADA@x.org", moodle="s-ada"),
        Person("gone", "Gone"),
        Person("jose@x.org", "José Núñez", "jose@x.org"),
    )
    assert roster_import.merged(people, people) == (people, 0)


@given(
    st.lists(
        st.builds(Person, id=st.uuids().map(str), name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
    )
)
def test_written(people):
    """A roster that is written is read as it was, but for what a spreadsheet would calculate."""
    content = roster_import.written(people)
    found = roster.parse(content, Path("roster.csv"))
    assert [person.id for person in found] == [person.id for person in people]
    for read, person in zip(found, people, strict=True):
        assert read.name.removeprefix("'") == person.name.strip().removeprefix("'")


def test_command(tmp_path):
    """The roster is made, and added to by a second system; a file that can't be read changes nothing."""
    course.create(tmp_path, "Term")
    (tmp_path / "g.csv").write_text(GRADESCOPE, encoding="utf-8")
    (tmp_path / "m.csv").write_text(MOODLE_PEOPLE, encoding="utf-8")

    def run(name):
        words = ["class", "--course", tmp_path, "roster", tmp_path / name]
        return CliRunner().invoke(kata, [*map(str, words)], standalone_mode=False)

    assert "1 people, 1 of them new" in run("g.csv").output
    assert "2 people, 1 of them new" in run("m.csv").output
    before = (tmp_path / "roster.csv").read_bytes()
    assert roster.read(tmp_path / "roster.csv")[0] == Person("7", "Ada Lovelace", "ada@x.org", "", "s-ada", "7")
    assert isinstance(run("nowhere.csv").exception, UsageError)
    assert (tmp_path / "roster.csv").read_bytes() == before

"""Gradebooks of other systems are filled, and nothing else in them changes; who is who is said by ids only."""

import csv
import datetime
import io
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from grader import catalog
from grader.classroom.gradebooks import canvas, csv_file, matching, moodle
from grader.classroom.records import course, ledger, roster, standings
from grader.classroom.records.ledger import Grading, Received
from grader.classroom.records.roster import Person
from grader.cli import kata
from grader.errors import UsageError

FORMATS = Path(__file__).parents[3] / "data" / "formats"
CANVAS = (FORMATS / "canvas_gradebook.csv").read_bytes()
MOODLE = (FORMATS / "moodle_worksheet.csv").read_bytes()
GERMAN = (FORMATS / "moodle_worksheet_de.csv").read_bytes()
PATHS = "Paths (4711)"
NOW = datetime.datetime(2027, 1, 31, 12, tzinfo=datetime.UTC)
ROSTER = (
    Person("ada", canvas="101", moodle="Participant 7"),
    Person("s-bo", moodle="8"),
    Person("cy", canvas="s-cy", moodle="9"),
    Person("dee", canvas="dee@example.org"),
    Person("fay", canvas="106", moodle="s-fay"),
    Person("gus"),
)
GRADES = {
    "ada": Fraction(17, 20),
    "s-bo": Fraction(1, 3),
    "cy": Fraction(1),
    "dee": Fraction(1),
    "gus": Fraction(1, 2),
}


class TestCanvas:
    """The export of Canvas's gradebook."""

    def test_filled(self):
        """Only the target cells of those who have a grade change; marks, quotes and line ends stay, byte for byte."""
        filled = canvas.fill(CANVAS, "g.csv", PATHS, GRADES, ROSTER)
        expected = CANVAS.replace(b'"A, B",,4.5', b'"A, B",8.5,4.5').replace(b'"3.25"', b'"3.33"')
        assert filled.content == expected
        assert filled.count == 2

    def test_left(self):
        """Whoever is excused, not assigned, unknown or without a row is named, and left as is; nothing is silent."""
        assert canvas.fill(CANVAS, "g.csv", PATHS, GRADES, ROSTER).unchanged == (
            "row 6: cy has EX",
            "row 7: dee has N/A",
            "row 8 (105) is nobody on the roster",
            "row 9: fay has no grade",
            "row 10 (999) is nobody on the roster",
            "gus has a grade and no row",
        )

    def test_points_possible(self):
        """Grades are of the points that the file says, or of what was said."""
        assert b",85,4.5" in canvas.fill(CANVAS, "g.csv", PATHS, GRADES, ROSTER, Fraction(100)).content
        without = CANVAS.replace(b",10,5,", b",,5,")
        with pytest.raises(UsageError, match="--out-of"):
            canvas.fill(without, "g.csv", PATHS, GRADES, ROSTER)

    @pytest.mark.parametrize(("column", "says"), [("Paths", "has no column 'Paths'"), ("ID", "holds ids")])
    def test_no_column(self, column, says):
        """A column that isn't there is not made: to Canvas it would be a new assignment."""
        with pytest.raises(UsageError, match=says):
            canvas.fill(CANVAS, "g.csv", column, GRADES, ROSTER)

    def test_column_twice(self):
        """Nor is one of two chosen."""
        with pytest.raises(UsageError, match="has 2 columns"):
            canvas.fill(CANVAS.replace(b"Current Score", PATHS.encode()), "g.csv", PATHS, GRADES, ROSTER)

    def test_ids_of_two(self):
        """A row whose ids are of two people, and two rows of one, are refused."""
        two = (*ROSTER, Person("hal", canvas="s-ada"))
        with pytest.raises(UsageError, match=r"Row 4 of g.csv has ids of ada and hal"):
            canvas.fill(CANVAS, "g.csv", PATHS, GRADES, two)
        with pytest.raises(UsageError, match=r"Rows 4 and 8 of g.csv are both of ada"):
            canvas.fill(CANVAS.replace(b",105,", b",101,"), "g.csv", PATHS, GRADES, ROSTER)

    def test_names_do_not_match(self):
        """A name, however equal, is no id."""
        named = (Person("Lovelace, Ada", name="Lovelace, Ada"),)
        assert canvas.fill(CANVAS, "g.csv", PATHS, {"Lovelace, Ada": Fraction(1)}, named).content == CANVAS


class TestMoodle:
    """The grading worksheet of an assignment."""

    def test_filled(self):
        """Only grades change, not even the moment of the last change, by which Moodle sees stale rows."""
        filled = moodle.fill(MOODLE, "w.csv", GRADES, ROSTER)
        expected = MOODLE.replace(b'grading",,20', b'grading",17,20').replace(b",3.00,", b",6.67,")
        assert filled.content == expected.replace(b'=1+1,,"No submission",,', b'=1+1,,"No submission",20,')
        assert filled.unchanged == (
            "row 5: fay has no grade",
            "dee has a grade and no row",
            "gus has a grade and no row",
        )

    def test_decimal_comma(self):
        """Where the file's numbers have a comma, ours do; names of columns in other languages are given."""
        options = {"column": "Bewertung", "id_column": "ID", "out_of": Fraction(10)}
        filled = moodle.fill(GERMAN, "w.csv", GRADES, ROSTER, **options)
        assert filled.content == GERMAN.replace(b'";;10,00', b'";8,5;10,00').replace(b";3,50;", b";3,33;")

    def test_participant_is_whole(self):
        """Participant 7 is not participant 77, and an ID number that looks like a participant's is none."""
        people = (Person("ada", moodle="77"),)
        filled = moodle.fill(MOODLE, "w.csv", {"ada": Fraction(1)}, people)
        assert filled.content == MOODLE.replace(b'Fay,s-fay,"No submission",,', b'Fay,s-fay,"No submission",20,')

    @pytest.mark.parametrize("name", ["Identifier", "Grade"])
    def test_no_column(self, name):
        """A worksheet in another language is not guessed at."""
        with pytest.raises(UsageError, match=f"has no column '{name}'"):
            moodle.fill(MOODLE.replace(name.encode() + b",", b"Kennung,"), "w.csv", GRADES, ROSTER)

    def test_no_maximum(self):
        """Out of how many is not guessed at, either."""
        with pytest.raises(UsageError, match="--out-of"):
            moodle.fill(MOODLE.replace(b"Maximum Grade", b"Most"), "w.csv", GRADES, ROSTER)


class TestSheets:
    """CSV files of somebody else's."""

    @given(
        st.lists(
            st.lists(st.text().map(lambda text: text.replace("\r", "")), min_size=2, max_size=4), min_size=1, max_size=5
        ),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
        st.booleans(),
    )
    def test_lossless(self, rows, line_end, quoting, marked):
        """Whatever csv writes is read alike, and written again as it was (it fails to quote a bare return)."""
        stream = io.StringIO()
        csv.writer(stream, lineterminator=line_end, quoting=quoting).writerows([["a", "b"], *rows])
        raw = ("\ufeff" * marked + stream.getvalue()).encode()
        gradebook = csv_file.read(raw, "x")
        assert [[cell.text for cell in row] for row in gradebook.rows[1:]] == rows
        assert gradebook.with_cells({}) == raw

    def test_formula(self):
        """A text of ours never begins as a formula, and can't leave its cell."""
        gradebook = csv_file.read(b"a,b\n1,2\n", "x")
        assert gradebook.with_cells({(1, 1): '=1,"\n'}) == b'a,b\n1,"\'=1,""\n"\n'

    @pytest.mark.parametrize(
        ("raw", "says"),
        [(b"\xff\xfea", "no UTF-8"), (b"", "is empty"), (b'a\n"b', "row 2"), (b'a\n"b"c', "row 2")],
    )
    def test_no_sheet(self, raw, says):
        """What can't be read is said to be so, with the row."""
        with pytest.raises(UsageError, match=says):
            csv_file.read(raw, "x.csv")

    def test_short_row(self):
        """A cell that isn't there is not made."""
        with pytest.raises(UsageError, match="Row 2 of x is shorter"):
            csv_file.read(b"a,b\n1\n", "x").with_cells({(1, 1): "2"})

    @pytest.mark.parametrize(
        ("part", "out_of", "shown"),
        [("1", 10, "10"), ("0", 10, "0"), ("9999/10000", 10, "9.99"), ("2/3", 1, "0.67"), ("1/8", 10, "1.25")],
    )
    def test_written(self, part, out_of, shown):
        """Two decimals at most, half up, but full marks only for full marks."""
        assert matching.format_grade(Fraction(part), Fraction(out_of), comma=False) == shown


class TestRoster:
    """The list of the class."""

    def test_read(self, tmp_path):
        """A mark at the beginning, Windows line ends and missing columns are fine."""
        path = tmp_path / "roster.csv"
        path.write_bytes("\ufeffid,name,canvas\r\nada,Ada Löve, 101 \r\nbo,,\r\n".encode())
        assert roster.read(path) == (Person("ada", "Ada Löve", canvas="101"), Person("bo"))

    def test_every_fault(self, tmp_path):
        """All faults are said at once, each with its line."""
        path = tmp_path / "roster.csv"
        path.write_text("id,canvas\nada,1\n,2\nada,3\nbo,1\ncy,4,5\n")
        with pytest.raises(UsageError) as caught:
            roster.read(path)
        assert str(caught.value).replace(f"{path}: ", "").splitlines() == [
            "line 6 has more cells than the heading.",
            "line 3 has no id.",
            "line 4 has the same id as line 2: ada.",
            "line 5 has the same canvas as line 2: 1.",
        ]

    @pytest.mark.parametrize(
        ("raw", "says"), [(b"name\nx\n", "no column `id`"), (b"id,Canvas\n", "'Canvas'"), (b"\xff", "UTF-8")]
    )
    def test_no_roster(self, raw, says, tmp_path):
        """A wrong heading or encoding is a sentence; so is no file."""
        path = tmp_path / "roster.csv"
        with pytest.raises(UsageError, match="can't be read"):
            roster.read(path)
        path.write_bytes(raw)
        with pytest.raises(UsageError, match=says):
            roster.read(path)


class TestExport:
    """The command."""

    @pytest.fixture
    def export(self, tmp_path):
        """A course of two exercises in which ada has 85 of 100 in one, bo is ungraded in the other."""
        course.create(tmp_path, "Term")
        path = tmp_path / course.SETTINGS
        path.write_text(path.read_text().replace("exercises = []", 'exercises = ["01", "02"]'))
        (tmp_path / course.ROSTER).write_text("id,name,canvas\nada,=Ada,101\nbo,Bo,102\n")
        opened = course.open_(tmp_path, catalog.load())
        book = ledger.open_(opened.ledger)
        book.receive(Received("ada", "path_appending", "d1", NOW, "by hand"))
        about = ("c1", "0.1", "3.12.1", "bubblewrap", NOW, "failed", 85, 100, "{}", 0.1)
        book.record(Grading("path_appending", "d1", *about), why="first")
        book.receive(Received("bo", opened.exercises[1].slug, "d2", NOW, "by hand"))
        book.close()
        (tmp_path / "g.csv").write_bytes(CANVAS)

        def run(*arguments):
            words = ["class", "--course", tmp_path, "export", *arguments]
            return CliRunner().invoke(kata, [*map(str, words)], standalone_mode=False)

        run.folder, run.opened = tmp_path, opened
        return run

    def test_canvas(self, export):
        """A new file has the grades of the ledger; the given one stays, and no file is ever written over."""
        arguments = ("--canvas", export.folder / "g.csv", "--column", PATHS, "--exercise", "01")
        output = export.folder / "new file.csv"
        seen = export(*arguments, "--output", output)
        assert seen.exception is None
        assert output.read_bytes() == CANVAS.replace(b'"A, B",,4.5', b'"A, B",8.5,4.5')
        assert "1 grades" in seen.output
        for taken in (output, export.folder / "g.csv"):
            before = taken.read_bytes()
            assert isinstance(export(*arguments, "--output", taken).exception, UsageError)
            assert taken.read_bytes() == before

    def test_ungraded(self, export):
        """What is ungraded is named, and its cell stays as it is; with --only-complete nothing is written."""
        forms = {"--csv": ("--csv",), "--canvas": ("--canvas", export.folder / "g.csv", "--column", PATHS)}
        for name, form in forms.items():
            output = export.folder / f"new{name}.csv"
            seen = export(*form, "--output", output, "--only-complete")
            assert "Ungraded: main_guard of bo" in str(seen.exception)
            assert not output.exists()
            seen = export(*form, "--output", output)
            assert seen.return_value == 3
            assert "ungraded, and left out: main_guard of bo" in seen.output
        rows = list(csv.reader(io.StringIO((export.folder / "new--csv.csv").read_text())))
        assert ["bo", "Bo", "main_guard", "", "", "", "1"] in rows
        changed = zip(CANVAS.splitlines(), (export.folder / "new--canvas.csv").read_bytes().splitlines(), strict=True)
        assert [new for old, new in changed if old != new and b"102" in new] == []

    def test_table(self, export):
        """The table has a row for each person; who handed in nothing has no points, not 0; names are no formulas."""
        output = export.folder / "new.csv"
        assert export("--csv", "--exercise", "path_appending", "--output", output).exception is None
        rows = list(csv.reader(io.StringIO(output.read_text())))
        assert rows[1:] == [
            ["ada", "'=Ada", "path_appending", "85", "100", "0", "1"],
            ["bo", "Bo", "path_appending", "", "", "", "0"],
        ]

    def test_one_form(self, export):
        """One form at a time, and an exercise of the course."""
        for wrong in ((), ("--csv", "--moodle", "x"), ("--csv", "--exercise", "99"), ("--canvas", "x")):
            assert isinstance(export(*wrong, "--output", export.folder / "n").exception, UsageError)

    def test_several_exercises(self, export):
        """Of several exercises it is their weighted mean, where what wasn't handed in counts nothing."""
        book = ledger.open_(export.opened.ledger)
        found = tuple(standings.compute(export.opened, book, ("ada", "cy")))
        book.close()
        assert matching.grades(export.opened, found) == {"ada": Fraction(85, 200)}

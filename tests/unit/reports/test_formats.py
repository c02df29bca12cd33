"""Reports in the formats of other systems, against documents written by hand from what those systems publish."""

import csv
import dataclasses
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from grader import scoring
from grader.model import Diagnosis, Outcome, Verdict
from grader.reports import counted_run, render
from grader.reports.people import spreadsheet
from grader.reports.systems import classroom50

FORMATS = Path(__file__).parents[2] / "data" / "formats"
EXTENSIONS = {
    "gradescope": "gradescope.json",
    "prairielearn": "prairielearn.json",
    "classroom50": "classroom50.json",
    "annotations": "annotations.txt",
    "csv": "table.csv",
}
JSON = ("gradescope", "prairielearn", "classroom50")
REPOSITORY = "https://github.com/school/harbour-path-appending-ada"
RUNNER = {
    "CLASSROOM": "harbour",
    "ASSIGNMENT": "path-appending",
    "ASSIGNMENT_TYPE": "individual",
    "SUBMISSION_TAG": "submit/2027-01-31T14-32-05Z-a1b2c3d",
    "USERNAME": "ada",
    "OWNER": "ada",
    "COMMIT_URL": f"{REPOSITORY}/commit/a1b2c3d",
    "RELEASE_URL": f"{REPOSITORY}/releases/tag/submit%2F2027",
    "REVIEW_URL": f"{REPOSITORY}/compare/0000000...a1b2c3d",
}
NOT_MEANT = "\x1b[31mred\x1b]0;title\x07\u202egnp.exe\x00"


@pytest.fixture(autouse=True)
def runner(monkeypatch):
    """What Classroom 50's runner tells an autograder."""
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)
    return RUNNER


def scored(run, attempts, **fields):
    """The run with those attempts, and their score."""
    verdict = scoring.overall_verdict(attempts)
    fields = {"score": scoring.score(attempts), "verdict": verdict, **fields}
    return dataclasses.replace(run, attempts=tuple(attempts), **fields)


@pytest.fixture
def run(make_run, make_check):
    """One exercise: a check passed, one skipped, one failed, and a diagnosis."""
    checks = (
        make_check("passed", 20, id="a"),
        make_check("skipped", 50, id="b", title="It runs on Windows."),
        make_check("failed", 30, id="c", title="It prints the depth.", message="came: <b>nothing</b>"),
    )
    said = Diagnosis("relative_entry", "A relative entry holds anywhere.")
    (attempt,) = make_run().attempts
    return scored(make_run(), [dataclasses.replace(attempt, checks=checks, score=20, max_score=50, diagnosis=said)])


@pytest.fixture
def ungraded(run, make_check):
    """Two exercises: one passed, the other not graded for a reason; and one whose check broke."""
    (attempt,) = run.attempts
    passed = dataclasses.replace(attempt, checks=attempt.checks[:1], score=20, max_score=20, verdict=Verdict.PASSED)
    none = {"verdict": Verdict.UNGRADED, "score": None}
    unreadable = dataclasses.replace(attempt, exercise="main_guard", number=2, checks=(), reason="No space.", **none)
    broke = make_check("error", 20, id="d", message="KeyError of ours")
    broken = dataclasses.replace(attempt, exercise="init_exports", number=3, checks=(*passed.checks, broke), **none)
    return scored(run, [passed, unreadable, broken])


class TestFixtures:
    """Field by field against documents made by hand."""

    @pytest.mark.parametrize("format_", EXTENSIONS)
    def test_as_by_hand(self, format_, run):
        """Names, order, values and types are those of the document, to the byte: an integer is none with a point."""
        expected = (FORMATS / EXTENSIONS[format_]).read_text(encoding="utf-8")
        if format_ in JSON:
            expected = json.dumps(json.loads(expected), indent=2)
            assert json.dumps(json.loads(render(format_, [run])), indent=2) == expected
        else:
            assert render(format_, [run]) == expected

    @pytest.mark.parametrize("format_", JSON)
    def test_lowest_run_counts(self, format_, run):
        """Of several interpreters the one with the lowest score counts, and an ungraded one before all."""
        best = dataclasses.replace(run, python="3.13.0", score=Fraction(100))
        assert render(format_, [best, run]) == render(format_, [run, best]) == render(format_, [run])
        none = dataclasses.replace(run, python="3.11.2", score=Fraction(60), verdict=Verdict.UNGRADED)
        assert render(format_, [run, none]) == render(format_, [none])

    @pytest.mark.parametrize("format_", JSON)
    def test_several_exercises(self, format_, run):
        """With several exercises each check says of which it is."""
        (attempt,) = run.attempts
        other = dataclasses.replace(attempt, exercise="main_guard", number=2)
        content = json.loads(render(format_, [scored(run, [attempt, other])]))
        names = [test.get("name", test.get("test-name")) for test in content["tests"]]
        assert names[0] == "01_path_appending: It runs from any folder."
        assert names[-1] == "02_main_guard: It prints the depth."
        assert len(names) == 4


class TestUngraded:
    """Our failure is neither a zero nor a pass, in the words of each system."""

    def test_gradescope(self, ungraded):
        """There is no score at all and no test: "required" in the format, so that it is a failure of the autograder."""
        content = json.loads(render("gradescope", [ungraded]))
        assert sorted(content) == ["output", "output_format", "visibility"]
        assert "02_main_guard: No space." in content["output"]
        assert "03_init_exports: d: KeyError of ours" in content["output"]
        assert "01_path_appending" not in content["output"]

    def test_prairielearn(self, ungraded):
        """It is not gradable, which costs no attempt and no points; there is no score."""
        content = json.loads(render("prairielearn", [ungraded]))
        assert sorted(content) == ["format_errors", "gradable"]
        assert content["gradable"] is False
        assert "No space." in content["format_errors"][0]

    def test_classroom50(self, ungraded):
        """The runner refuses the file: without scores it is no result; with 0 of 0 and no tests it were a pass."""
        content = json.loads(render("classroom50", [ungraded]))
        assert refused(content) == "score"
        assert content["tests"] == []

    def test_annotations(self, ungraded):
        """It is the first thing said, as an error with its own reason, and the notice has no score."""
        first, second, *_, last = render("annotations", [ungraded]).splitlines()
        assert first.startswith("::error file=02_main_guard,title=02_main_guard is ungraded")
        assert first.endswith("::No space.")
        assert second.endswith("::d: KeyError of ours")
        assert last.startswith("::notice title=import-kata::ungraded;")

    def test_csv(self, ungraded):
        """No check of an ungraded exercise has points, not even a passed one; the exercise is there without any."""
        rows = list(csv.DictReader(render("csv", [ungraded]).splitlines()))
        found = [(row["number"], row["verdict"], row["check"], row["points"]) for row in rows]
        assert found == [
            ("1", "passed", "a", "20"),
            ("2", "ungraded", "", ""),
            ("3", "ungraded", "a", ""),
            ("3", "ungraded", "d", ""),
        ]
        assert rows[1]["message"] == "No space."

    @pytest.mark.parametrize("format_", JSON)
    def test_nothing_graded(self, format_, run):
        """A run of nothing has no score, either."""
        content = json.loads(render(format_, [dataclasses.replace(run, attempts=(), score=None)]))
        assert "score" not in content


def refused(content):  # noqa: PLR0911 - one rule after the other
    """The field for which Classroom 50's runner would refuse a result, by the rules of its documents; None if none."""
    if content.get("schema") != "classroom50/result/v1":
        return "schema"
    for field in ("classroom", "assignment", "owner", "commit", "release", "review", "datetime"):
        if not isinstance(content.get(field), str) or not content[field]:
            return field
    if not content["submission"].startswith("submit/"):
        return "submission"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", content["datetime"]):
        return "datetime"
    for score, most in [(content, content), *((test, test) for test in content["tests"])]:
        if type(score.get("score")) is not int or type(most.get("max-score")) is not int:
            return "score"
        if not 0 <= score["score"] <= most["max-score"]:
            return "score"
    if any(type(test["passed"]) is not bool or not test["test-name"] for test in content["tests"]):
        return "tests"
    return None


class TestClassroom50:
    """What the runner checks beyond the fields."""

    @pytest.mark.parametrize("outcome", [each for each in Outcome if each != "error"])
    def test_accepted(self, outcome, make_run):
        """A graded result is one that the runner takes, whatever became of the check."""
        assert refused(json.loads(render("classroom50", [make_run(check={"outcome": outcome})]))) is None

    def test_weights(self, run):
        """Exercises weigh in integers; an optional one counts nothing beside others, and alone like any."""
        (attempt,) = run.attempts
        heavy = dataclasses.replace(attempt, weight=3)
        optional = dataclasses.replace(attempt, weight=0)
        both = json.loads(render("classroom50", [scored(run, [heavy, optional])]))
        assert (both["score"], both["max-score"]) == (60, 150)
        assert [test["max-score"] for test in both["tests"]] == [60, 90, 0, 0]
        alone = json.loads(render("classroom50", [scored(run, [optional])]))
        assert (alone["score"], alone["max-score"]) == (20, 50)

    def test_elsewhere(self, run):
        """Outside of its runner nothing is made up: what isn't known stays empty, and is refused."""
        content = json.loads(classroom50.result([run], {"HOME": "/root"}))
        assert refused(content) == "classroom"
        assert content["owner"] == content["datetime"] == ""

    def test_review_falls_back(self, run, runner):
        """Without a base to compare with, the review is of the commit, as in the documents."""
        content = json.loads(classroom50.result([run], {**runner, "REVIEW_URL": ""}))
        assert content["review"] == runner["COMMIT_URL"]


class TestHostile:
    """What came from a learner does nothing where it is shown, and takes no more room than there is."""

    @pytest.mark.parametrize("format_", EXTENSIONS)
    def test_bounded(self, format_, run):
        """However long hundreds of messages are, a document stays below a megabyte, and both ends can be read."""
        (attempt,) = run.attempts

        def lost(count):
            long = "BEGIN" + '\U0001f6a2"\\' * count + "END"
            return dataclasses.replace(attempt.checks[2], message=long, title=long)

        many = dataclasses.replace(attempt, checks=(lost(4_000),) * 12)
        attempts = [dataclasses.replace(many, number=number) for number in range(27)]
        huge = dataclasses.replace(attempt, checks=(lost(350_000),))
        for text in (render(format_, [scored(run, attempts)]), render(format_, [scored(run, [huge])])):
            assert format_ not in JSON or len(text.encode()) < 1_000_000
            assert all(len(line) < 32_767 for line in text.splitlines())
            assert "BEGIN" in text
            assert "END" in text

    @pytest.mark.parametrize("format_", JSON)
    def test_reasons_bounded(self, format_, ungraded):
        """So is the reason for which something is ungraded."""
        attempts = [dataclasses.replace(each, reason="\U0001f6a2" * 20_000) for each in ungraded.attempts]
        assert len(render(format_, [scored(ungraded, attempts * 20)]).encode()) < 1_000_000

    @pytest.mark.parametrize("format_", EXTENSIONS)
    def test_no_control(self, format_, run):
        """No text holds what acts on a terminal or turns a line around."""
        (attempt,) = run.attempts
        lost = dataclasses.replace(attempt.checks[2], message=NOT_MEANT, title=NOT_MEANT)
        broken = dataclasses.replace(attempt, verdict=Verdict.UNGRADED, score=None, reason=NOT_MEANT, checks=(lost,))
        for each in (dataclasses.replace(attempt, checks=(lost,)), broken):
            text = render(format_, [scored(run, [each])])
            shown = json.dumps(json.loads(text), ensure_ascii=False) if format_ in JSON else text
            assert not set("\x1b\x07\x00\u202e") & set(shown)
            assert "u001b" not in shown
            assert "gnp.exe" in shown

    def test_one_command_a_line(self, run):
        """An annotation can't be ended, and no command of the learner's begins: each line is one of ours."""
        hostile = "a\r\n::stop-commands::x\n::set-output name=score::100\r%0A::error::b, c: d"
        (attempt,) = run.attempts
        lost = dataclasses.replace(attempt.checks[2], message=hostile, title=hostile)
        lines = render("annotations", [scored(run, [dataclasses.replace(attempt, checks=(lost,))])]).split("\n")
        assert [line[:8] for line in lines] == ["::error ", "::notice", ""]
        properties, _, message = lines[0][len("::error ") :].partition("::")
        assert properties.count(",") == 1
        assert ":" not in properties
        assert message.startswith("a%0A::stop-commands::x%0A")
        assert "%250A::error::b, c: d" in message

    def test_frame(self, run):
        """The annotation is at the innermost of the learner's own lines that the output names, and never above them."""
        frames = (
            'File "$PROJECT/bin/a.py", line 8\nFile "$PROJECT/lib/x,y.py", line 3, in f\nFile "$EMPTY/z.py", line 1'
        )
        (attempt,) = run.attempts

        def place(message):
            lost = dataclasses.replace(attempt.checks[2], message=message)
            text = render("annotations", [scored(run, [dataclasses.replace(attempt, checks=(lost,))])])
            return text.partition(" ")[2].partition(",title")[0]

        assert place(frames) == "file=01_path_appending/lib/x%2Cy.py,line=3"
        assert place('File "$PROJECT/../../secret.py", line 3') == "file=01_path_appending"

    @pytest.mark.parametrize(
        "text",
        ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "\n=1", "＝1", "\u00a0=1"],  # noqa: RUF001 - hostile
    )
    def test_formula(self, text, run):
        """No cell begins as a formula, wherever the text comes from; and whoever reads it finds the text."""
        assert spreadsheet.escape_formula(text) == f"'{text}"
        (attempt,) = run.attempts
        lost = dataclasses.replace(attempt.checks[2], message=text, title=text)
        rows = list(
            csv.reader(render("csv", [scored(run, [dataclasses.replace(attempt, checks=(lost,))])]).split("\n"))
        )
        for row in rows[1:]:
            assert not [cell for cell in row if cell.lstrip()[:1] in tuple("=+-@＝")]  # noqa: RUF001 - hostile

    @pytest.mark.parametrize("text", ["It runs.", "1-1", "a=b", "", "'quoted'"])
    def test_no_formula(self, text):
        """Other text stays as it is."""
        assert spreadsheet.escape_formula(text) == text

    def test_title_on_one_line(self, run):
        """A title is one line, and never empty: a test without a name is none to Classroom 50."""
        (attempt,) = run.attempts
        check = attempt.checks[0]
        assert counted_run.title(attempt, dataclasses.replace(check, title="a\n b\t c"), run) == "a b c"
        assert counted_run.title(attempt, dataclasses.replace(check, title=" \n"), run) == check.id

import dataclasses
import io
import itertools
import json
import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from grader.model import Diagnosis, Outcome, Verdict
from grader.reports import FORMATS, json_report, numbers, render
from grader.reports.people import terminal

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"

HOSTILE = [
    "a | b || c",
    "`code` ``` fence",
    "```\n</details>\n# out",
    "~~~\n~~~~",
    "<script>alert(1)</script> <b>bold</b> <!-- -->",
    "&lt;b&gt; &amp; &copy;",
    "*stars* _lines_ **both** ~~gone~~",
    "[link](http://example.org) ![image](x)",
    "1. list\n- list\n> quote\n# heading",
    "[red]markup[/red] [/] [link=file:///]x[/link]",
    "]]> <![CDATA[ ' \" %s {0}",
    "\\ \\| \\`",
    "\n\n\n",
    "| a |\n|---|\n| b |",
    "tab\there",
    "häfen 日本 🚢",
]
# What display.visible lets through.
SHOWN_TEXT = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], include_characters="\n\t"))


@pytest.fixture(scope="module")
def schema():
    """A validator of JSON reports."""
    return jsonschema.Draft202012Validator(json.loads(json_report.schema()))


@pytest.fixture
def many_runs(make_run, make_check):
    """Two runs that hold one check of every outcome, an ungraded exercise and a diagnosis."""
    run = make_run()
    checks = tuple(
        make_check(outcome, 20, message=None if outcome == "passed" else f"{outcome}!") for outcome in Outcome
    )
    (failed,) = run.attempts
    every = dataclasses.replace(
        failed, exercise="main_guard", number=2, verdict=Verdict.UNGRADED, score=None, checks=checks
    )
    none = dataclasses.replace(every, exercise="init_exports", number=3, checks=(), reason="The disk is full.")
    diagnosed = dataclasses.replace(failed, diagnosis=Diagnosis("relative_entry", "A relative entry holds anywhere."))
    attempts = (diagnosed, every, none)
    return (
        dataclasses.replace(run, attempts=attempts, verdict=Verdict.UNGRADED, score=Fraction(100, 3)),
        dataclasses.replace(run, python="3.13.0", attempts=attempts[:1]),
    )


class TestEveryFormat:
    """What holds for all formats that are text."""

    @pytest.mark.parametrize("format_", FORMATS)
    def test_pure(self, format_, many_runs):
        """The same runs give the same text."""
        assert render(format_, many_runs) == render(format_, many_runs)

    @pytest.mark.parametrize("format_", FORMATS)
    def test_ends_with_one_newline(self, format_, many_runs):
        """A report is a text file: it ends with a newline, and only one."""
        text = render(format_, many_runs)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")

    @pytest.mark.parametrize("format_", FORMATS)
    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_hostile_text_everywhere(self, format_, hostile, make_run):
        """Text that looks like markup doesn't stop any format, wherever it comes from."""
        run = make_run(hostile, reason=hostile, diagnosis=Diagnosis("x", hostile), check={"title": hostile})
        assert render(format_, [run])

    @pytest.mark.parametrize("format_", FORMATS)
    def test_no_exercises(self, format_, make_run):
        """A run of nothing is a report, too."""
        run = dataclasses.replace(make_run(), attempts=(), score=None)
        assert render(format_, [run])


class TestJson:
    """The JSON report and its published schema."""

    def test_published_schema(self):
        """The schema in docs/ is the one that the types generate; after a change, write it anew."""
        assert PUBLISHED.read_text(encoding="utf-8") == json_report.schema()

    def test_schema_is_one(self, schema):
        """The schema itself is a valid schema of its draft."""
        jsonschema.Draft202012Validator.check_schema(schema.schema)

    def test_one_run(self, make_run, schema):
        """One run is the report itself, as the schema has it."""
        report = json.loads(json_report.render([make_run()]))
        schema.validate(report)
        assert report["format_version"] == 1
        assert report["tool"]["name"] == "import-kata"
        assert report["exercises"][0]["checks"][0]["transcript"][0]["command"] == "python report.py"

    def test_several_runs(self, many_runs, schema):
        """Several runs are a list in one report, each as a single one would be."""
        report = json.loads(json_report.render(many_runs))
        schema.validate(report)
        assert [run["python"] for run in report["runs"]] == ["3.12.1", "3.13.0"]
        alone = json.loads(json_report.render(many_runs[:1]))
        assert report["runs"][0] == {
            key: value for key, value in alone.items() if key not in ("format_version", "tool")
        }

    @pytest.mark.parametrize("outcome", Outcome)
    @pytest.mark.parametrize("verdict", Verdict)
    def test_every_outcome_and_verdict(self, outcome, verdict, make_run, schema):
        """Every outcome and every verdict that there is has its place in the schema."""
        score = None if verdict is Verdict.UNGRADED else 0
        run = make_run(check={"outcome": outcome}, verdict=verdict, score=score)
        report = json.loads(json_report.render([run]))
        schema.validate(report)
        assert report["exercises"][0]["verdict"] == verdict
        assert report["exercises"][0]["score"] == score
        assert report["exercises"][0]["checks"][0]["outcome"] == outcome

    def test_ungraded_is_no_zero(self, many_runs):
        """What could not be graded has no score, not 0."""
        report = json.loads(json_report.render(many_runs[:1]))
        assert [exercise["score"] for exercise in report["exercises"]] == [0, None, None]
        assert report["exercises"][2]["reason"] == "The disk is full."

    def test_only_timing_differs(self, many_runs):
        """Two gradings of the same that took different times differ under `timing` and nowhere else."""

        def slower(run):
            attempts = tuple(dataclasses.replace(attempt, seconds=attempt.seconds + 7) for attempt in run.attempts)
            return dataclasses.replace(run, attempts=attempts, seconds=run.seconds + 9)

        first = json.loads(json_report.render([many_runs[0]]))
        second = json.loads(json_report.render([slower(many_runs[0])]))
        assert first.pop("timing") != second.pop("timing")
        assert first == second

    @pytest.mark.parametrize(
        ("path", "wrong"),
        [
            (("format_version",), 2),
            (("verdict",), "great"),
            (("exercises", 0, "score"), "0"),
            (("exercises", 0, "checks", 0, "outcome"), "lost"),
            (("exercises", 0, "checks", 0, "title"), None),
            (("exercises", 0, "diagnosis"), {"mistake": "x"}),
            (("tool",), "import-kata"),
        ],
    )
    def test_schema_refuses(self, path, wrong, make_run, schema):
        """The schema is no rubber stamp: a wrong value in a report breaks it."""
        report = json.loads(json_report.render([make_run()]))
        place = report
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = wrong
        assert not schema.is_valid(report)

    @pytest.mark.parametrize("key", ["format_version", "tool", "score", "exercises", "timing", "python", "sandbox"])
    def test_schema_misses(self, key, make_run, schema):
        """The schema demands every part of a report."""
        report = json.loads(json_report.render([make_run()]))
        del report[key]
        assert not schema.is_valid(report)

    @given(text=SHOWN_TEXT)
    def test_text_round_trip(self, make_run, text):
        """What the learner reads arrives as it is."""
        report = json.loads(json_report.render([make_run(text)]))
        assert report["exercises"][0]["checks"][0]["message"] == text

    @pytest.mark.parametrize("score", [Fraction(0), Fraction(100, 3), Fraction(85), Fraction(100)])
    def test_score(self, score, make_run):
        """The score is a number with two decimals at most."""
        run = dataclasses.replace(make_run(), score=score)
        found = json.loads(json_report.render([run]))["score"]
        assert found == round(float(score), 2)


class TestJunit:
    """JUnit XML as CI systems read it."""

    def suites(self, *runs):
        """The parsed suites of a report."""
        return ET.fromstring(render("junit", runs)).findall("testsuite")

    def test_declares_its_encoding(self, make_run):
        """The file is XML 1.0 in UTF-8 and says so."""
        text = render("junit", [make_run("häfen")])
        assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n')
        assert ET.fromstring(text.encode("utf-8")).tag == "testsuites"

    def test_counts(self, many_runs):
        """The counts of a suite are those of its test cases, of which it has at least one."""
        for suite in self.suites(*many_runs):
            cases = suite.findall("testcase")
            assert int(suite.get("tests")) == len(cases) >= 1
            for kind, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
                assert int(suite.get(count)) == len(suite.findall(f"testcase/{kind}")), kind

    def test_one_suite_for_each_exercise(self, many_runs):
        """Every exercise of every run is a suite of its own, named like its folder."""
        names = [suite.get("name") for suite in self.suites(*many_runs)]
        assert names == ["01_path_appending", "02_main_guard", "03_init_exports", "01_path_appending"]

    @pytest.mark.parametrize(
        ("outcome", "element"),
        [("passed", None), ("failed", "failure"), ("timeout", "failure"), ("error", "error"), ("skipped", "skipped")],
    )
    def test_outcomes(self, outcome, element, make_run):
        """A timeout is a failure of the learner's, an error is ours, and a pass has nothing in it but properties."""
        (suite,) = self.suites(make_run("why", check={"outcome": Outcome(outcome)}))
        (case,) = suite.findall("testcase")
        others = [child.tag for child in case if child.tag != "properties"]
        assert others == ([] if element is None else [element])

    @pytest.mark.parametrize("outcome", ["failed", "timeout"])
    def test_kinds_of_failures(self, outcome, make_run):
        """A failure says of which kind it is, and holds the message."""
        (suite,) = self.suites(make_run("why", check={"outcome": Outcome(outcome)}))
        failure = suite.find("testcase/failure")
        assert (failure.get("type"), failure.text) == (outcome, "why")

    def test_points(self, make_run):
        """Points are properties of the test case, the score one of the suite."""
        (suite,) = self.suites(make_run())
        case = {each.get("name"): each.get("value") for each in suite.iterfind("testcase/properties/property")}
        whole = {each.get("name"): each.get("value") for each in suite.iterfind("properties/property")}
        assert (case["points"], case["max_points"]) == ("0", "100")
        assert (whole["score"], whole["max_score"], whole["verdict"]) == ("0", "100", "failed")

    def test_ungraded_exercise(self, make_run):
        """An exercise without any check is an error with its reason, not an empty suite that looks fine."""
        run = make_run(checks=(), verdict=Verdict.UNGRADED, score=None, reason="The disk is full.")
        (suite,) = self.suites(run)
        assert suite.get("errors") == "1"
        assert suite.find("testcase/error").get("message") == "The disk is full."
        assert suite.find("properties/property[@name='score']").get("value") == ""

    @given(text=st.text(st.characters(exclude_categories=())))
    def test_any_text(self, make_run, text):
        """Whatever a message holds, the file stays XML, and what XML can hold arrives."""
        (suite,) = self.suites(make_run(text))
        found = suite.find("testcase/failure").text or ""
        kept = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
        expected = "".join(char if kept.match(char) else "\ufffd" for char in text)
        assert found == expected.replace("\r\n", "\n").replace("\r", "\n")

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_titles(self, hostile, make_run):
        """A title can't break out of its attribute."""
        (suite,) = self.suites(make_run(check={"title": hostile}))
        shown = suite.find("testcase/properties/property[@name='title']").get("value")
        assert shown == hostile


def rendered(text):
    """Markdown with tables and strikethrough, as GitHub has it, rendered to tokens."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


class TestMarkdown:
    """Markdown for a CI summary."""

    def cells(self, text):
        """The rows of the first table, each as the texts of its cells."""
        rows = []
        for token, following in itertools.pairwise(rendered(text)):
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "td_open":
                assert {child.type for child in following.children} <= {"text", "text_special"}, following.content
                rows[-1].append("".join(child.content for child in following.children))
        return [row for row in rows if row]

    def test_table(self, many_runs):
        """The table has a row for each exercise, with its verdict, score and number of passed checks."""
        rows = self.cells(render("markdown", many_runs[:1]))
        assert [row[2:] for row in rows] == [["0/100", "0/1"], ["–", "1/5"], ["–", "0/0"]]
        assert [row[1].split()[-1] for row in rows] == ["failed", "ungraded", "ungraded"]

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_titles(self, hostile, make_run):
        """A title is shown as it is, in one cell of one row, whatever markup it looks like."""
        (row,) = self.cells(render("markdown", [make_run(title=hostile)]))
        assert len(row) == 4
        assert row[0].split() == ["01", *hostile.split()]

    @given(title=SHOWN_TEXT.filter(str.strip))
    def test_any_title(self, make_run, title):
        """No title adds a cell or a row to the table."""
        (row,) = self.cells(render("markdown", [make_run(title=title)]))
        assert len(row) == 4

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_reasons(self, hostile, make_run):
        """Why an exercise is ungraded is shown as it is, as one paragraph."""
        run = make_run(None, reason=f"Because {hostile}.", verdict=Verdict.UNGRADED, score=None)
        tokens = rendered(render("markdown", [run]))
        paragraph = tokens[-2]
        assert tokens[-3].type == "paragraph_open"
        assert {child.type for child in paragraph.children} <= {"text", "text_special", "strong_open", "strong_close"}
        shown = "".join(child.content for child in paragraph.children)
        assert shown.split() == ["01", "The", "shelf", "is", "ungraded:", "Because", *f"{hostile}.".split()]

    @given(message=SHOWN_TEXT)
    def test_message_is_one_code_block(self, make_run, message):
        """A message is shown as it is, in a code block that nothing in it can close."""
        self.assert_folded_away(message, render("markdown", [make_run(message)]))

    @pytest.mark.parametrize("message", HOSTILE)
    def test_hostile_message_is_one_code_block(self, make_run, message):
        """No fence, tag or heading in a message ends its code block."""
        self.assert_folded_away(message, render("markdown", [make_run(message)]))

    def assert_folded_away(self, message, text):
        """The message is the only code block, between the only two pieces of HTML."""
        tokens = rendered(text)
        (block,) = (token for token in tokens if token.type in ("fence", "code_block"))
        assert block.content == message + "\n"
        html = [token.content.strip() for token in tokens if token.type in ("html_block", "html_inline")]
        assert [piece.partition(">")[0] for piece in html] == ["<details", "</details"]

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_summaries(self, hostile, make_run):
        """A check's title can't leave the summary line that it stands in."""
        text = render("markdown", [make_run(check={"title": " ".join(hostile.split()) or "x"})])
        html = [token.content.strip() for token in rendered(text) if token.type == "html_block"]
        assert len(html) == 2
        assert re.fullmatch(r"<details><summary>[^<>]*</summary>", html[0])

    def test_passed_checks_need_no_words(self, make_run):
        """Where nothing failed there is the table and nothing else."""
        run = make_run(None, check={"outcome": Outcome.PASSED}, verdict=Verdict.PASSED, score=100)
        assert "<details>" not in render("markdown", [run])


class TestTerminal:
    """The report for a person."""

    @pytest.fixture
    def shown(self, tmp_path):
        """Give a terminal report as it is written to a stream; keywords are the console's."""

        def show(run, **options):
            files_to_open = terminal.FilesToOpen(tmp_path / "README.md", tmp_path / "my project", ("bin/report.py",))
            stream = io.StringIO()
            # As the command makes it.
            settings = {"width": 160, "highlight": False, "emoji": False, "markup": False} | options
            files_to_open = {attempt.exercise: files_to_open for attempt in run.attempts}
            terminal.show([run], Console(file=stream, **settings), files_to_open)
            return stream.getvalue()

        return show

    def test_piped(self, shown, many_runs):
        """What goes to a pipe holds no escape sequences."""
        for run in many_runs:
            assert "\x1b" not in shown(run)

    def test_coloured(self, shown, make_run):
        """A terminal gets colours."""
        assert "\x1b[3" in shown(make_run(), force_terminal=True, color_system="standard")

    @pytest.mark.parametrize("value", ["1", "yes"])
    def test_no_color(self, shown, make_run, monkeypatch, value):
        """With NO_COLOR set a terminal gets none; see https://no-color.org."""
        monkeypatch.setenv("NO_COLOR", value)
        text = shown(make_run(), force_terminal=True, color_system="standard")
        colours = re.findall(r"\x1b\[[0-9;]*m", text)
        assert [code for code in colours if re.search(r"\b(3[0-7]|4[0-7]|9[0-7]|10[0-7])\b", code)] == []

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_learner_text_is_no_markup(self, shown, make_run, hostile):
        """Text of the learner's is shown as it is: brackets are brackets, colons no emoji."""
        hostile = f"{hostile} :smiley:"
        for options in ({}, {"markup": True, "emoji": True, "highlight": True}):
            lines = [line.strip() for line in shown(make_run(hostile), **options).splitlines()]
            for line in hostile.expandtabs(8).split("\n"):
                assert " ".join(line.split()) in [" ".join(each.split()) for each in lines]

    def test_commands_stay_in_one_piece(self, shown, make_run):
        """A command to paste isn't folded, however narrow the terminal."""
        command = "ran:  cd /tmp && " + "python " * 60
        assert command.strip() in shown(make_run(command), width=40)

    def test_project_variable(self, shown, make_run, tmp_path):
        """Where a message speaks of $PROJECT, the variable's value is given as a line for the shell."""
        assert f"PROJECT='{tmp_path / 'my project'}'" in shown(make_run('got: x\n\nWhy?\n\nran:  cd "$PROJECT"'))
        assert "PROJECT=" not in shown(make_run("ran: python"))

    def test_one_exercise_shows_all_checks(self, shown, make_run, make_check):
        """A single exercise's checks are all listed with their points."""
        checks = tuple(make_check(outcome, 20, title=f"It is {outcome}.") for outcome in Outcome)
        text = shown(make_run(checks=checks))
        for outcome in Outcome:
            points = 20 if outcome == "passed" else 0
            assert re.search(rf"{points}/20 +{outcome} +It is {outcome}\.", text)

    def test_first_to_fix(self, shown, make_run, make_check):
        """Only the first failed check is explained, with what to read and what to edit."""
        checks = (make_check(), make_check("failed", message="first!"), make_check("failed", message="second!"))
        text = shown(make_run(checks=checks))
        assert "first!" in text
        assert "second!" not in text
        assert "README.md" in text
        assert str(Path("my project", "bin", "report.py")) in text

    def test_timeout(self, shown, make_run):
        """A check that wasn't done in time says so."""
        assert "not in time" in shown(make_run(check={"outcome": Outcome.TIMEOUT}))

    def test_ungraded(self, shown, make_run):
        """Where we failed, the report says that and why, and shows no score."""
        text = shown(make_run(None, reason="The disk is full.", checks=(), verdict=Verdict.UNGRADED, score=None))
        assert "could not be graded. The disk is full." in text
        assert "Score – of 100" in text

    def test_all_passed(self, shown, make_run):
        """Where all is done there is nothing to fix."""
        text = shown(make_run(None, check={"outcome": Outcome.PASSED}, verdict=Verdict.PASSED, score=100))
        assert "Score 100 of 100" in text
        assert "Next:" not in text

    def test_table(self, shown, many_runs):
        """Every exercise has a row with its verdict, the number of passed checks, and its score."""
        rows = [line.split() for line in shown(many_runs[0]).splitlines()]
        found = [[row[0], row[1], *row[-3:]] for row in rows if row and row[0] in ("01", "02", "03")]
        assert found == [
            ["01", "path_appending", "failed", "0/1", "0"],
            ["02", "main_guard", "ungraded", "1/5", "–"],
            ["03", "init_exports", "ungraded", "0/0", "–"],
        ]

    def test_skipped(self, shown, make_run):
        """A check that was left out says why."""
        text = shown(make_run(check={"outcome": Outcome.SKIPPED, "message": "There is no compiler here."}))
        (line, reason) = text.partition("skipped")[2].splitlines()[:2]
        assert line.strip() == "It runs from any folder."
        assert reason.strip() == "There is no compiler here."

    def test_narrow_terminal(self, shown, many_runs):
        """On a terminal of 40 columns every exercise still has its verdict."""
        text = shown(many_runs[0], width=40)
        assert text.count("ungraded") >= 2


class TestNumbers:
    """Scores as people read them."""

    @given(st.fractions(0, 100))
    def test_rounding(self, score):
        """A score is rounded to the nearest hundredth, halves away from zero, but never up to 100."""
        found = numbers.percent(score)
        assert found <= 100
        assert (found == 100) == (score == 100)
        if found != 99.99:
            assert abs(Fraction(str(found)) - score) <= Fraction(1, 200)

    @given(st.fractions(0, 100), st.fractions(0, 100))
    def test_order(self, first, second):
        """A better score never looks worse."""
        assert (first <= second) <= (numbers.percent(first) <= numbers.percent(second))

    @pytest.mark.parametrize(
        ("score", "text"),
        [
            (None, "–"),
            (Fraction(0), "0"),
            (Fraction(100), "100"),
            (Fraction(85), "85"),
            (Fraction(100, 3), "33.33"),
            (Fraction(99_999, 1000), "99.99"),
            (Fraction(1, 200), "0.01"),
        ],
    )
    def test_shown(self, score, text):
        """Whole scores have no decimals, nothing graded is a dash, and almost all is not all."""
        assert numbers.percent_text(score) == text


def test_attempt_without_checks_has_a_row(make_run):
    """An exercise that could not be graded at all still appears in every report."""
    run = make_run(checks=(), verdict=Verdict.UNGRADED, score=None, reason="The disk is full.")
    for format_ in FORMATS:
        assert "The disk is full" in render(format_, [run])

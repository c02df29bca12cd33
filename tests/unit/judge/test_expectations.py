import re
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath

import pytest

from grader.display import Scrubber
from grader.environment.wheels import Wheel
from grader.errors import CatalogError
from grader.judge.building import Build, Installed, SourceBuild
from grader.judge.execution import Seen
from grader.judge.expectations import Unmet, expect, expect_installed, transcript
from grader.judge.outputs import Ran
from grader.judge.probes import sealing
from grader.model import Command, Ending, Execution, Limits, Outcome

WHY = "Who looks for soundings, and where?"


KEY = sealing.new_key()


@pytest.fixture
def seen(folder):
    """Something that was seen; keywords are what came of it."""

    def make(stdout="", stderr="", *, status=0, ending=Ending.EXITED, report=b"", by_hand="python report.py", **limits):
        command = Command(("python",), folder, {}, report=bool(report), limits=Limits(**limits))
        streams = (stdout.encode("utf-8", "surrogateescape"), stderr.encode("utf-8", "surrogateescape"))
        report = b"%x %b" % (KEY.tag(report), report) if report else report
        execution = Execution(command, ending, status, *streams, report, 0.1)
        scrub = Scrubber([(folder, "$PROJECT"), (PurePosixPath("/judge/kata-x1y2z3"), "$KATA")])
        return Seen(execution, by_hand, "$PROJECT", scrub, key=KEY)

    return make


def unmet(expectation):
    """What a failed expectation says."""
    with pytest.raises(Unmet) as caught:
        expectation()
    return caught.value


class TestMet:
    """Expectations that are met say nothing and can be chained."""

    def test_chain(self, seen):
        """One execution can be held to several expectations."""
        execution = seen("2 vessels\n")
        assert expect(execution, WHY).status(0).stdout("2 vessels").that("true", True, "false").equal("x", 1, 1)

    @pytest.mark.parametrize(
        ("wanted", "came"),
        [
            ("a", "a\n"),
            ("a\nb", "a\nb"),
            ("a\nb", "a\r\nb\r\n"),
            ("a\nb", "\n a \nb  \n\n"),
            ("", "\n"),
            ("häfen", "häfen\n"),
        ],
    )
    def test_space_at_the_ends_does_not_count(self, seen, wanted, came):
        """Line ends and space at the ends of lines are nobody's misconception."""
        expect(seen(came), WHY).stdout(wanted)

    def test_several_lines(self, seen):
        """Lines can be given one by one; none at all are wanted of a program that prints nothing."""
        expect(seen("a\nb\n"), WHY).stdout("a", "b")
        expect(seen(), WHY).stdout()

    def test_of_a_run(self, seen):
        """A run of a workshop ended as it should, and there are none of what should not be."""
        looked = expect(seen(), WHY)
        assert (
            looked.ended("the count", Ran(0, "", "")).ended("the count", Ran(3, "", ""), 3).none("no vessel", [])
            is looked
        )

    def test_reports(self, seen):
        """A probe's value is compared as a whole."""
        execution = seen(report=b'{"before": [1, null]}')
        expect(execution, WHY).reports("what it says", {"before": [1, None]}).silent()
        message = str(unmet(lambda: expect(execution, WHY).reports("what it says", {})))
        assert "expected: what it says is {}" in message
        assert "got:      what it says is {'before': [1, None]}" in message
        assert "stopped early" in str(unmet(lambda: expect(seen(), WHY).reports("what it says", {})))

    def test_silent(self, seen):
        """No output at all is silence."""
        expect(seen(), WHY).silent()

    def test_complains(self, seen):
        """A message on stderr and nothing on stdout is a complaint."""
        expect(seen("\n", "report.py: which quay?\n", status=2), WHY).status(2).complains()

    def test_reported(self, seen):
        """A probe's value is given as it came, or as the type asked for."""

        @dataclass
        class Paths:
            before: list
            again: list[str]

        looked = expect(seen(report=b'{"before": [1, null], "again": ["a"], "more": 1}'), WHY)
        assert looked.reported()["more"] == 1
        assert looked.reported(Paths) == Paths([1, None], ["a"])
        assert looked.reported(dict[str, object])["before"] == [1, None]


class TestUnmet:
    """Expectations that aren't met say what was run, what was expected, what came, and why it matters."""

    @pytest.mark.parametrize(
        ("expectation", "expected", "came"),
        [
            (lambda looked: looked.status(2), "exit status 2", "exit status 0"),
            (lambda looked: looked.stdout("3 vessels"), "3 vessels", "2 vessels"),
            (lambda looked: looked.stdout("2", "vessels"), "2\n          vessels", "2 vessels"),
            (lambda looked: looked.silent(), "no output at all", "2 vessels"),
            (lambda looked: looked.none("no vessel", ["Tern", 7]), "no vessel", "Tern, 7"),
            (
                lambda looked: looked.none("no vessel", ["a", "b"], "there is ", between=";"),
                "no vessel",
                "there is a;b",
            ),
            (
                lambda looked: looked.ended("the count", Ran(1, "2", ""), 3),
                "the count ends with status 3",
                "exit status 1, 2",
            ),
            (lambda looked: looked.complains(), "nothing on stdout", "2 vessels"),
            (lambda looked: looked.that("a colour", False, "red"), "a colour", "red"),
            (lambda looked: looked.equal("sys.path", ["a"], ["b"]), "sys.path is ['a']", "sys.path is ['b']"),
        ],
    )
    def test_message(self, seen, expectation, expected, came):
        """The message has these parts in this order, and nothing else."""
        looked = expect(seen("2 vessels\n"), WHY)
        error = unmet(lambda: expectation(looked))
        assert error.outcome is Outcome.FAILED
        assert str(error).split("\n") == [
            *f"expected: {expected}".split("\n"),
            f"got:      {came}",
            "",
            WHY,
            "",
            "ran:  python report.py",
        ]

    @pytest.mark.parametrize(
        "came", ["2 vessels 3", "2  vessels", "2 vessels\n\n3", "2 Vessels", "", "2 vessels\n2 vessels"]
    )
    def test_other_output(self, seen, came):
        """Everything but space at the ends of lines counts."""
        assert unmet(lambda: expect(seen(came), WHY).stdout("2 vessels"))

    def test_nothing_printed(self, seen):
        """Where nothing came, that is said in words."""
        assert "got:      nothing on stdout" in str(unmet(lambda: expect(seen(), WHY).stdout("x")))
        assert "got:      nothing on stderr" in str(unmet(lambda: expect(seen(status=2), WHY).complains()))

    def test_noise(self, seen):
        """Silence is broken by stderr as by stdout."""
        assert unmet(lambda: expect(seen(stderr="warning\n"), WHY).silent())

    def test_noise_is_named(self, seen):
        """What broke the silence is shown as such, even where it's only white space."""
        message = str(unmet(lambda: expect(seen("\n"), WHY).silent()))
        assert "nothing on stdout" not in message

    def test_withheld(self, seen):
        """A check may keep what it expected to itself."""
        message = str(unmet(lambda: expect(seen("2\n"), WHY, withhold=True).stdout("7 secrets")))
        assert "7 secrets" not in message
        assert "expected" not in message
        assert "got: 2" in message
        assert WHY in message

    def test_stderr(self, seen):
        """What the program complained of is shown beside what came."""
        error = "Traceback (most recent call last):\n  File \"x.py\"\nModuleNotFoundError: No module named 'soundings'"
        message = str(unmet(lambda: expect(seen(stderr=error, status=1), WHY).status(0)))
        assert "stderr:   Traceback" in message
        assert "          ModuleNotFoundError: No module named 'soundings'" in message

    def test_long_output(self, seen):
        """Output without end is cut in the message, from stdout and stderr alike."""
        lines = "\n".join(str(number) for number in range(10_000))
        message = str(unmet(lambda: expect(seen(lines, lines), WHY).stdout("x")))
        assert len(message.splitlines()) < 50
        assert "lines left out" in message

    @pytest.mark.parametrize(
        ("ending", "outcome", "words", "limits"),
        [
            (Ending.TIMEOUT, Outcome.TIMEOUT, "it did not end in time", {"wall": 2.5}),
            (Ending.OUTPUT, Outcome.FAILED, "more than 1,000 bytes", {"output": 1000}),
            (Ending.MEMORY, Outcome.FAILED, "more than 2,000 bytes of memory", {"memory": 2000}),
        ],
    )
    def test_limits(self, seen, ending, outcome, words, limits):
        """A program that didn't end by itself is told which limit it met, whatever else was expected of it."""
        error = unmet(lambda: expect(seen("2\n", ending=ending, status=137, **limits), WHY))
        assert error.outcome is outcome
        assert words in str(error)
        assert "expected: it ends by itself" in str(error)

    def test_nothing_reported(self, seen):
        """A program that ended before its probe could report is told so, with its status."""
        message = str(unmet(lambda: expect(seen(stderr="Bye", status=3), WHY).reported()))
        assert "expected: these lines run without an error" in message
        assert "your program stopped early; exit status 3" in message

    @pytest.mark.parametrize("report", [b"[1]", b'{"before": 1, "again": []}', b'{"before": []}', b"null", b'"x"'])
    def test_report_of_another_shape(self, seen, report):
        """A report of another shape than the probe's lines make is the learner's doing, never a crash of the check."""

        @dataclass
        class Paths:
            before: list
            again: list

        message = str(unmet(lambda: expect(seen(report=report), WHY).reported(Paths)))
        assert "expected: a report of the kind that these lines make" in message

    def test_report_is_no_json(self, seen):
        """Neither is one that is no JSON."""
        assert "not one JSON value" in str(unmet(lambda: expect(seen(report=b"{"), WHY).reported()))


class TestHostileText:
    """A message is fit to show, whatever the learner's code printed."""

    def test_paths_of_the_judge(self, seen):
        """Paths of the judge don't appear, whether they were printed or compared."""
        path = "/judge/kata-x1y2z3"
        looked = expect(seen(f"{path}/lib\n", f"in {path}"), WHY)
        for error in (unmet(lambda: looked.stdout("x")), unmet(lambda: looked.equal("entry", f"{path}/a", path))):
            assert path not in str(error)
            assert "$KATA" in str(error)

    def test_path_where_output_is_cut(self, seen):
        """A path of the judge, which is another one in the next grading, doesn't show up where long output is cut."""
        path = "/judge/kata-x1y2z3"
        for shift in range(len(path) + 1):
            long = "a" * (1200 - shift) + f"{path}/lib" + "b" * 5000
            assert "kata-x" not in str(unmet(lambda long=long: expect(seen(long), WHY).stdout("x"))), shift

    def test_control_characters(self, seen):
        """Nothing that a program prints acts on a terminal."""
        looked = expect(seen("\x1b[2J\x1b]0;title\a\u202e", "\x1b[31m\udcff"), WHY)
        message = str(unmet(lambda: looked.stdout("x")))
        assert "\\x1b[2J" in message
        assert message.replace("\n", " ").isprintable()

    @pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
    def test_forged_lines(self, seen, end):
        """No line of output can pass for a part of the message: only ours begin at the margin."""
        forged = f"x{end}expected: nothing{end}{end}Well done, go on."
        message = str(unmet(lambda: expect(seen(forged, forged), WHY).stdout("y")))
        margin = [line for line in message.split("\n") if re.match(r"\S", line)]
        assert [line.partition(":")[0] for line in margin] == ["expected", "got", "stderr", WHY, "ran"]

    def test_many_lines_of_a_command(self, seen):
        """A command of several lines, as of a probe, stays aligned and can be told from the rest."""
        message = str(unmet(lambda: expect(seen(by_hand="cd x\npython -c 'see = print\nsee(1)'"), WHY).status(1)))
        assert message.endswith("\n\nran:  cd x\n      python -c 'see = print\n      see(1)'")


class TestBuildsAndInstallations:
    """Builds and installations are expected to have gone well."""

    @pytest.fixture
    def build(self, make_project, seen):
        """What came of a build."""

        def make(execution="default", wheels=(), trouble="", files=("setup.py",)):
            project = make_project(dict.fromkeys(files, ""))
            return Build(project, seen() if execution == "default" else execution, wheels, trouble)

        return make

    @staticmethod
    def wheel(requires_python=None):
        """A wheel for some Pythons."""
        metadata = Message()
        if requires_python is not None:
            metadata["Requires-Python"] = requires_python
        return Wheel(PurePosixPath("lamp.whl"), ("lamp.py",), metadata)

    @pytest.mark.parametrize("file", ["setup.py", "pyproject.toml"])
    @pytest.mark.parametrize("python", [None, "", ">=3.10", "no version at all"])
    def test_fine(self, build, file, python):
        """A build that left one readable wheel is fine, whichever file makes the folder a project."""
        assert expect(build(wheels=(self.wheel(python),), files=(file,)), WHY).status(0)

    @pytest.mark.parametrize("files", [(), ("setup.cfg",)])
    def test_no_project(self, build, files):
        """A folder that pip doesn't take for a project is none, even if setuptools could build it."""
        message = str(unmet(lambda: expect(build(wheels=(self.wheel(),), files=files), WHY)))
        assert "a project, which has pyproject.toml or setup.py" in message

    @pytest.mark.parametrize("python", ["<3.10", "==3.9.*", ">=4"])
    def test_other_pythons(self, build, python):
        """A wheel that pip would refuse for this Python is none, and the message shows what it asks for."""
        message = str(unmet(lambda: expect(build(wheels=(self.wheel(python),)), WHY)))
        assert f"got:      Requires-Python: {python}" in message

    def test_shipped(self, build):
        """What a build ships is what its one wheel holds, in words, too; without just one wheel that is nothing."""
        wheel = Wheel(PurePosixPath("lamp.whl"), ("lamp-1.dist-info/RECORD", "lamp.py", "oil.txt"), Message())
        assert build(wheels=(wheel,)).shipped == ("lamp.py", "oil.txt")
        assert build(wheels=(wheel,)).listed == "a wheel with lamp.py, oil.txt"
        for others in ((), (wheel, wheel)):
            assert build(wheels=others).shipped == ()
            assert build(wheels=others).listed == "a wheel with nothing in it"

    def test_not_begun(self, build):
        """A build that could not begin says why."""
        error = unmet(lambda: expect(build(None, trouble="pyproject.toml can't be read."), WHY))
        assert "got: pyproject.toml can't be read." in str(error)
        assert WHY in str(error)

    @pytest.mark.parametrize("wheels", [(), ("one", "two")])
    def test_not_one_wheel(self, build, wheels):
        """No wheel and two wheels are both wrong."""
        message = str(unmet(lambda: expect(build(wheels=wheels), WHY)))
        assert "expected: one wheel" in message
        assert f"got:      {len(wheels)} wheels" in message

    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_source_distributions(self, make_project, seen, count):
        """Of source distributions, too, there is to be just one."""
        build = SourceBuild(make_project({"setup.py": ""}), seen(), ("one",) * count, "")
        if count == 1:
            assert expect(build, WHY).status(0)
        else:
            assert f"got:      {count} source distributions" in str(unmet(lambda: expect(build, WHY)))

    def test_unreadable_wheel(self, build):
        """A wheel that can't be read says why."""
        assert "is no zip" in str(unmet(lambda: expect(build(trouble="The wheel is no zip."), WHY)))

    def test_failed_build(self, build, seen):
        """A build that failed shows its status and what it complained of."""
        message = str(unmet(lambda: expect(build(seen(stderr="error: no module", status=1)), WHY)))
        assert "exit status 1" in message
        assert "error: no module" in message

    def test_installation(self, make_project, virtualenv):
        """An installation that failed says what was run and why it failed; one that went well says nothing."""
        side = make_project().side
        expect_installed(Installed(side, virtualenv, trouble=""), WHY)
        broken = Installed(side, virtualenv, trouble="No METADATA.", recipe=("pip install .",))
        message = str(unmet(lambda: expect_installed(broken, WHY)))
        assert message.splitlines() == [
            "expected: it installs",
            "got:      No METADATA.",
            "",
            WHY,
            "",
            "ran:  pip install .",
        ]

    def test_installation_is_no_execution(self, make_project, virtualenv):
        """An author who expects something of an installation itself is told what to call instead."""
        with pytest.raises(TypeError, match="expect_installed"):
            expect(Installed(make_project().side, virtualenv, trouble=""), WHY)


class TestTranscript:
    """What a check looked at is noted."""

    def test_every_execution_looked_at(self, seen):
        """Each execution that a check expects something of becomes a step, in order, met or not."""
        token = transcript.set([])
        try:
            expect(seen("1\n"), WHY).status(0)
            unmet(lambda: expect(seen("2\n", status=1), WHY).status(0))
            unmet(lambda: expect(seen("3\n", ending=Ending.TIMEOUT, status=137), WHY))
            assert [(step.stdout, step.status) for step in transcript.get()] == [("1", 0), ("2", 1), ("3", None)]
        finally:
            transcript.reset(token)

    def test_outside_of_a_check(self, seen):
        """Without a check under way nothing is noted, and nothing breaks."""
        expect(seen(), WHY).status(0)


def test_unmet_is_no_error_of_ours():
    """What is unmet is a finding about the learner's work, apart from every error of the catalogue or the machine."""
    assert not issubclass(Unmet, CatalogError)
    assert Unmet("x").outcome is Outcome.FAILED

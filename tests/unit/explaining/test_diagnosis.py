import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.authoring.patterns import patterns
from grader.catalog import Exercise
from grader.catalog.exercise_files import ExerciseFile
from grader.explaining import diagnosis
from grader.explaining.fingerprints import GAP, fingerprint, matches
from grader.model import CheckResult, Outcome

TRACEBACK = """\
Traceback (most recent call last):
  File "$PROJECT/bin/report.py", line {line}, in <module>
    from soundings import depth_at{marks}
ModuleNotFoundError: No module named 'soundings'"""


def message(*, expected="exit status 0", came="exit status 1", stderr="", why="Who looks for it?"):
    """A message as `expect` makes it."""
    rows = [("expected", expected), ("got", came), ("stderr", stderr)]
    shown = [f"{label + ':':<10}" + text.replace("\n", "\n" + " " * 10) for label, text in rows if text]
    return "\n".join([*shown, "", why, "", "ran:  python report.py"])


def lost(name="test_one", *, outcome=Outcome.FAILED, text=None, **rows):
    """A check that was lost, and what its message says."""
    return CheckResult(name, "It runs.", outcome, 10, message(**rows) if text is None else text)


def seen(**rows):
    """The fingerprint of such a check."""
    return fingerprint(lost(**rows))


class TestFingerprint:
    """What is kept of a lost check, and what is not."""

    @pytest.mark.parametrize("place", ["stderr", "came"])
    def test_versions_and_layout(self, place):
        """Neither the line of the code nor the marks that some versions of Python put below it change it."""
        old = TRACEBACK.format(line=3, marks="")
        new = TRACEBACK.format(line=17, marks="\n    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^")
        assert seen(**{place: old}) == seen(**{place: new})

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("$VENV/lib/python3.9/site-packages", "$VENV/lib/python3.14/site-packages"),
            ("$PYTHON/lib/python312.zip", "$PYTHON/lib/python313.zip"),
            ("_sum.cpython-312-x86_64-linux-gnu.so", "_sum.cpython-314-darwin.so"),
            ("__pycache__/lamp.cpython-310.opt-1.pyc", "__pycache__/lamp.cpython-311.opt-1.pyc"),
        ],
    )
    def test_names_of_files(self, old, new):
        """The version, and the platform behind it, in the names of Python's own folders and files don't change it."""
        assert seen(came=old, expected=old) == seen(came=new, expected=new)

    def test_cut_traceback(self):
        """A traceback whose middle was left out is the same as the whole of it."""
        whole = TRACEBACK.format(line=3, marks="")
        rows = whole.split("\n")
        assert seen(came="\n".join([rows[0], "… 2 lines left out …", rows[-1]])) == seen(came=whole)

    def test_advice(self):
        """What may have been meant, as newer versions guess from other names of the file, is no part of it."""
        error = "AttributeError: module 'flags' has no attribute 'spoken'"
        assert seen(stderr=f"{error}. Did you mean: 'spoke'?") == seen(stderr=error)

    @pytest.mark.parametrize(
        "other",
        [
            {"came": "exit status 2"},
            {"expected": "nothing on stdout"},
            {"stderr": "KeyError: 'tide'"},
            {"outcome": Outcome.TIMEOUT},
        ],
        ids=lambda fields: next(iter(fields)),
    )
    def test_differs(self, other):
        """How it was lost, what was expected, what came and the last complaint tell one lost check from another."""
        assert seen(**other) != seen()

    def test_rationale(self):
        """The rationale is the author's, and says nothing of what was seen."""
        assert seen(why="Where is it?") == seen(why="Who is it?\n\ngot:      nothing")

    def test_forged_rows(self):
        """What a program prints can't pass for what was expected, or for a pattern's holes."""
        assert seen(came=f"exit status 1\nexpected: nothing\n{GAP} ⟨#1⟩ ¦")[1] == seen()[1]
        assert not matches("failed 0¦exit status 0¦exit status 2¦", seen(came="⟨…⟩"))
        assert not any(token.startswith("⟨") for part in seen(came="⟨…⟩ ⟨#1⟩") for token in part)

    def test_needs(self):
        """A message that is none of `expect` is taken as it is."""
        needs = "needs “It runs.”: this can't be looked at before that works."
        assert seen(text=needs)[2][:2] == ("needs", "“")


class TestPattern:
    """What patterns fit."""

    @pytest.mark.parametrize(
        ("pattern", "came", "expected"),
        [
            ("1 and 2", "1 and 2", True),
            ("1 and 2", "1 and 3", False),
            ("1 and 2", "1 and 2 more", False),
            ("⟨#1⟩ and ⟨#2⟩", "7.5 and 8", True),
            ("⟨#1⟩ and ⟨#2⟩", "7.5 and 7.5", False),
            ("⟨#1⟩ and ⟨#1⟩", "7.5 and 7.5", True),
            ("⟨#1⟩ and ⟨#1⟩", "7.5 and 8", False),
            ("⟨#⟩ and ⟨#⟩", "7.5 and 7.5", True),
            ("⟨#1⟩ boats", "several boats", False),
            ("⟨a1⟩ boats", "several boats", True),
            ("⟨a1⟩ boats", "7 boats", False),
            ("⟨?1⟩ boats", "7 boats", True),
            ("⟨?1⟩ boats", "- boats", True),
            ("[⟨…⟩, 'buoy']", "['quay', 'bar', 'buoy']", True),
            ("[⟨…⟩, 'buoy']", "[, 'buoy']", True),
            ("[⟨…⟩, 'buoy']", "['quay', 'bar']", False),
            ("[⟨…⟩, 'buoy']", "'buoy']", False),
            ("buoy ⟨…⟩ buoy", "buoy", False),
            ("tide_⟨#1⟩.csv", "tide_410.csv", True),
            ("⟨…⟩", "", True),
        ],
    )
    def test_fits(self, pattern, came, expected):
        """Holes stand for one token of their kind, holes of one number for the same, a gap for any number of them."""
        assert matches(f"failed 0¦exit status 0¦{pattern}¦", seen(came=came or "\n")) is expected

    def test_hole_across_parts(self):
        """What a hole stands for is the same in all parts."""
        pattern = "failed 0¦⟨#1⟩ m¦⟨#1⟩ ft¦"
        assert matches(pattern, seen(expected="7.5 m", came="7.5 ft"))
        assert not matches(pattern, seen(expected="7.5 m", came="8 ft"))

    def test_gap_ends_with_its_part(self):
        """A gap doesn't reach from what was expected to what came."""
        assert not matches("failed 0¦exit⟨…⟩", seen())


class TestPatterns:
    """Patterns from examples."""

    def test_drawn_data(self):
        """What differs is a hole, and what is the same all over stands as it is, as does that two things are equal."""
        draws = [(40, 7), (41, 8), (42, 40)]
        (pattern,) = patterns(seen(expected=f"{a} m", came=f"north quay: {a} m of {b}, {a}") for a, b in draws)
        assert pattern == "failed 0¦⟨#1⟩m¦north quay:⟨#1⟩m of⟨#2⟩,⟨#1⟩¦"

    def test_coincidence(self):
        """Two things that were equal once by chance may be so again."""
        (pattern,) = patterns(seen(came=f"{a} and {b}") for a, b in [(1, 2), (3, 3)])
        assert matches(pattern, seen(came="5 and 5"))
        assert matches(pattern, seen(came="5 and 6"))

    def test_lists(self):
        """Between what lists of several lengths have in common is a gap."""
        (pattern,) = patterns(seen(came=f"the names are {names}") for names in (["a", "b"], ["c"], ["d", "e", "f"]))
        assert matches(pattern, seen(came="the names are ['x', 'y', 'z', 'u', 'v']"))
        assert not matches(pattern, seen(came="the numbers are ['x', 'y', 'z', 'u', 'v']"))

    def test_lists_of_numbers(self):
        """Of numbers that are drawn there may be fewer the next time than ever before."""
        (pattern,) = patterns(seen(came=f"what it heard is {list(range(count, 2 * count))}") for count in (5, 7, 6))
        assert matches(pattern, seen(came="what it heard is [8, 2]"))

    def test_long(self):
        """What is long is known by its ends, and a pattern of it stays short."""
        names = [f"{letter * 3}" for letter in "abcdefghijklmnopqrstuvwxyz" * 3]
        examples = [seen(came=f"a wheel with {', '.join(names[:end])} and more") for end in (60, 70)]
        (pattern,) = patterns(examples)
        assert all(matches(pattern, each) for each in examples)
        assert len(pattern) < 300
        assert not matches(pattern, seen(came=f"an archive with {', '.join(names)} and more"))

    def test_unlike(self):
        """What two versions of Python say in quite other words gets a pattern each."""
        several = patterns([seen(stderr="deadlock avoided"), seen(stderr="ImportError: partially initialized")])
        assert len(several) == 2

    def test_own_words(self):
        """A name that only this wrong answer uses is another one where somebody else makes the same mistake."""
        (pattern,) = patterns([seen(stderr="NameError: name 'tally' is not defined")], {"tally"})
        assert matches(pattern, seen(stderr="NameError: name 'total' is not defined"))

    @given(
        st.lists(st.builds(seen, came=st.text(max_size=200), expected=st.text(max_size=200)), min_size=1, max_size=5)
    )
    @example([seen(came="1. 2"), seen(came="a ² b")])
    @example([seen(came=" ".join(map(str, range(90)))), seen(came=" ".join(map(str, range(95))))])
    def test_every_example_fits(self, examples):
        """The patterns made from fingerprints stand for each of these."""
        made = patterns(examples)
        assert all(any(matches(pattern, each) for pattern in made) for each in examples)
        assert len(made) <= len(set(examples))


MISTAKES = """
[[mistake]]
name = "relative"
says = "A relative entry holds here only."
loses = ["test_one"]

[[mistake]]
name = "inserted"
says = "Who stands first wins."
loses = ["test_one", "test_two"]

[[mistake]]
name = "old"
says = "That was so once."
loses = ["test_three"]
versions = "<3.12"
"""

SIGNATURES = {
    "seen": ["failed 0¦exit status 0¦exit status 1¦", "failed 0¦⟨#1⟩¦exit status 1¦"],
    "mistakes": {
        "": [{"test_one": [0], "test_two": [0], "test_three": [0]}],
        "relative": [{"test_one": [0]}],
        "inserted": [{"test_one": [0], "test_two": [0, 1]}],
        "old": [{"test_three": [0]}],
    },
}


@pytest.fixture
def exercise(tmp_path):
    """An exercise with three mistakes and their signatures."""
    (tmp_path / "mistakes").mkdir()
    (tmp_path / "mistakes" / "mistakes.toml").write_text(MISTAKES, encoding="utf-8")
    about = ExerciseFile(title="The shelf", difficulty=1, concepts=(), learner=("report.py",))
    exercise = Exercise(1, "shelf", tmp_path, tmp_path, about)
    write(exercise, SIGNATURES)
    return exercise


def write(exercise, signatures):
    """Replace the signatures."""
    diagnosis.signatures_path(exercise).write_text(json.dumps(signatures), encoding="utf-8")


def with_mistakes(**mistakes):
    """Signatures where some mistakes have others."""
    return SIGNATURES | {"mistakes": SIGNATURES["mistakes"] | mistakes}


def named(exercise, *checks, python="3.12.1", words=()):
    """The name of the mistake that is recognised in what was lost, in an answer with these words."""
    kept = CheckResult("test_four", "It ends.", Outcome.PASSED, 10)
    found = diagnosis.diagnose(exercise, (*checks, kept), python, lambda: frozenset(words))
    return found and found.mistake


class TestDiagnose:
    """When a mistake is named, and when nothing is."""

    def test_named(self, exercise):
        """A mistake is named, in its own words, if just its checks are lost, each as it was recorded."""
        found = diagnosis.diagnose(exercise, (lost(),), "3.12.1")
        assert (found.mistake, found.says) == ("relative", "A relative entry holds here only.")
        assert named(exercise, lost(), lost("test_two", expected="5")) == "inserted"

    def test_other_checks(self, exercise):
        """One more lost check, or one less, and nothing is said."""
        assert named(exercise, lost(), lost("test_three")) is None
        assert named(exercise, lost("test_two")) is None

    def test_other_looks(self, exercise):
        """A check that is lost in another way is no sign of that mistake."""
        assert named(exercise, lost(came="exit status 2")) is None
        assert named(exercise, lost(outcome=Outcome.TIMEOUT)) is None

    def test_stub(self, exercise):
        """What looks like the stub is unfinished, and no mistake."""
        assert named(exercise, lost(), lost("test_two")) == "inserted"
        write(exercise, with_mistakes(**{"": SIGNATURES["mistakes"]["inserted"]}))
        assert named(exercise, lost(), lost("test_two")) is None

    def test_two_alike(self, exercise):
        """Where two mistakes look the same, nothing is said, unless they would say the same."""
        write(exercise, with_mistakes(inserted=[{"test_one": [0]}]))
        assert named(exercise, lost()) is None
        path = exercise.folder / "mistakes" / "mistakes.toml"
        path.write_text(MISTAKES.replace("Who stands first wins.", "A relative entry holds here only."))
        again = Exercise(1, "shelf", exercise.folder, exercise.folder, exercise.about)
        assert named(again, lost()) == "relative"

    def test_several_looks(self, exercise):
        """A mistake that doesn't lose the same checks every time is known by each of its looks."""
        write(exercise, with_mistakes(relative=[{"test_one": [1]}, {"test_three": [0]}], old=[]))
        assert named(exercise, lost(expected="5")) == "relative"
        assert named(exercise, lost("test_three")) == "relative"
        assert named(exercise, lost(expected="5"), lost("test_three")) is None

    def test_unsure(self, exercise):
        """A mistake that looks like something that is only missing is not named, nor is another that looks like it."""
        write(exercise, SIGNATURES | {"unsure": ["relative"]})
        assert named(exercise, lost()) is None
        assert named(exercise, lost(), lost("test_two", expected="5")) == "inserted"

    def test_unsure_and_told_by_words(self, exercise):
        """What looks unfinished, or like the stub, is named only if the answer has words of that mistake."""
        telling = {"words": {"relative": [".chdir"], "inserted": [".insert"]}, "lacks": {"relative": ["Path"]}}
        write(exercise, SIGNATURES | telling | {"unsure": ["relative"]})
        assert named(exercise, lost(), words=["Path", ".append"]) is None
        assert named(exercise, lost(), words=[".append"]) is None  # to lack something is no sign here
        assert named(exercise, lost(), words=["Path", ".chdir"]) == "relative"
        write(exercise, with_mistakes(**{"": SIGNATURES["mistakes"]["inserted"]}) | telling)
        assert named(exercise, lost(), lost("test_two"), words=[".chdir"]) is None
        assert named(exercise, lost(), lost("test_two"), words=[".insert"]) == "inserted"

    def test_two_alike_told_by_words(self, exercise):
        """Of two mistakes that look the same, the one whose own words are there is named, or that lacks the same."""
        alike = with_mistakes(inserted=[{"test_one": [0]}])
        words = {"relative": ["sys", ".chdir"], "inserted": ["sys", ".insert"]}
        write(exercise, alike | {"words": words, "lacks": {"relative": ["Path"]}})
        assert named(exercise, lost(), words=["sys", "Path"]) is None
        assert named(exercise, lost(), words=["sys", "Path", ".insert"]) == "inserted"
        assert named(exercise, lost(), words=["sys", "Path", ".insert", ".chdir"]) is None
        assert named(exercise, lost(), words=["sys"]) == "relative"

    def test_words_of_another(self, exercise):
        """Nothing is named if the answer has none of its words, but those of another that loses the same checks."""
        both = with_mistakes(old=[{"test_one": [1]}])
        write(exercise, both | {"words": {"relative": [".chdir"], "old": [".insert"]}})
        assert named(exercise, lost(), python="3.11.7", words=[".append"]) == "relative"
        assert named(exercise, lost(), python="3.11.7", words=[".insert"]) is None
        assert named(exercise, lost(), python="3.11.7", words=[".insert", ".chdir"]) == "relative"

    def test_other_values(self, exercise):
        """With its words, a mistake is recognised also where another value came or was expected, but no other error."""
        seen = ["failed 1¦[1,2]¦[2,1]¦", "failed 1¦exit status 0¦exit status 1¦KeyError:'x'"]
        write(
            exercise,
            SIGNATURES
            | {"seen": seen, "mistakes": {"relative": [{"test_one": [0]}], "inserted": [{"test_two": [1]}]}}
            | {"words": {"relative": [".chdir"], "inserted": [".insert"]}},
        )
        assert named(exercise, lost(expected="[1, 2]", came="[1, 1]")) is None
        assert named(exercise, lost(expected="[1, 2]", came="[1, 1]"), words=[".chdir"]) == "relative"
        assert named(exercise, lost(expected="[7]", came="[]"), words=[".chdir"]) == "relative"
        assert named(exercise, lost(expected="[7]", came="[]", outcome=Outcome.TIMEOUT), words=[".chdir"]) is None
        assert named(exercise, lost("test_two", stderr="KeyError: 'y'"), words=[".insert"]) == "inserted"
        assert named(exercise, lost("test_two", stderr="OSError: y"), words=[".insert"]) is None

    def test_version(self, exercise):
        """A mistake is none where it isn't wrong."""
        assert named(exercise, lost("test_three"), python="3.11.7") == "old"
        assert named(exercise, lost("test_three"), python="3.12.1") is None

    def test_skipped(self, exercise):
        """A check that this machine can't make is no sign for or against a mistake."""
        assert named(exercise, lost(), lost("test_two", outcome=Outcome.SKIPPED, text="no compiler")) is None
        only = with_mistakes(relative=[{"test_one": [1]}])
        write(exercise, only)
        assert named(exercise, lost(), lost("test_two", outcome=Outcome.SKIPPED, text="no compiler")) == "inserted"

    def test_judges_error(self, exercise):
        """Where the judge failed, nothing is known of the learner."""
        assert named(exercise, lost(), lost("test_two", outcome=Outcome.ERROR)) is None

    @pytest.mark.parametrize(
        "content", [None, "{", "[]", '{"seen": [], "mistakes": {"relative": [{"test_one": [7]}]}}']
    )
    def test_no_signatures(self, exercise, content):
        """Without signatures that can be read there is no diagnosis, and no error."""
        path = diagnosis.signatures_path(exercise)
        path.unlink()
        if content is not None:
            path.write_text(content)
        assert named(exercise, lost()) is None

    def test_mistakes_unreadable(self, exercise):
        """A learner is graded whatever is wrong with the list of mistakes."""
        (exercise.folder / "mistakes" / "mistakes.toml").write_text("[[")
        assert named(exercise, lost()) is None

    @given(text=st.text(max_size=500))
    def test_hostile(self, text, tmp_path_factory):
        """Whatever a program prints is only compared."""
        about = ExerciseFile(title="The shelf", difficulty=1, concepts=(), learner=("report.py",))
        folder = tmp_path_factory.getbasetemp() / "hostile"
        (folder / "mistakes").mkdir(parents=True, exist_ok=True)
        (folder / "mistakes" / "mistakes.toml").write_text(MISTAKES, encoding="utf-8")
        hostile = Exercise(1, "shelf", folder, folder, about)
        write(hostile, SIGNATURES)
        for fields in ({"text": text}, {"came": text}, {"stderr": text}):
            assert named(hostile, lost(**fields)) in (None, "relative")

import re

import msgspec
import pytest

from grader import catalog, progress
from grader.catalog import Exercise
from grader.catalog.exercise_files import ExerciseFile, Hint
from grader.learning.guidance import hints
from grader.progress import Entry, Progress

_DOCS = re.compile(r"https://(docs|packaging)\.python\.org/\w")

LADDER = (
    Hint(1, "Which?"),
    Hint(2, "It is this."),
    Hint(2, "It is that.", ("test_b",)),
    Hint(3, "Do so, for a.", ("test_a",)),
    Hint(3, "Do so, for b.", ("test_b", "test_c")),
    Hint(3, "Do so."),
)


@pytest.fixture
def make(tmp_path):
    """An exercise with those hints."""

    def exercise(*given):
        about = ExerciseFile("Tide", 1, (), ("a.py",), hints=given)
        return Exercise(1, "tide", tmp_path / "01_tide", tmp_path / "solutions", about)

    return exercise


@pytest.fixture
def workspace(tmp_path):
    """A workspace where nothing was tried."""
    (tmp_path / ".kata").mkdir()
    return tmp_path


class TestNextHint:
    """One level at a time, and what fits before what always fits."""

    @pytest.mark.parametrize(
        ("lost", "texts"),
        [
            ([], ["Which?", "It is this.", "Do so."]),
            (["test_a"], ["Which?", "It is this.", "Do so, for a."]),
            (["test_b"], ["Which?", "It is that.", "Do so, for b."]),
            (["test_z", "test_c"], ["Which?", "It is this.", "Do so, for b."]),
        ],
    )
    def test_levels(self, make, lost, texts):
        """Each call gives the next level: a hint that names a lost check, or else one that names none."""
        assert [hints.next_hint(make(*LADDER), lost, shown).text for shown in range(3)] == texts
        assert hints.next_hint(make(*LADDER), lost, 3) is None

    def test_closest(self, make):
        """Of several that name a lost check, the one is given that names the fewest."""
        exercise = make(Hint(1, "any", ("test_a", "test_b")), Hint(1, "just b", ("test_b",)))
        assert [hints.next_hint(exercise, [check], 0).text for check in ("test_a", "test_b")] == ["any", "just b"]

    def test_missing_levels(self, make):
        """Where a level has no hint that fits, the next one is given."""
        exercise = make(Hint(1, "b?", ("test_b",)), Hint(3, "Do so."))
        assert hints.next_hint(exercise, ["test_a"], 0).text == "Do so."
        assert hints.next_hint(make(), [], 0) is None
        assert hints.next_hint(make(*LADDER), [], -7).level == 1


class TestAsked:
    """What somebody is told who asks again and again."""

    def ask(self, exercise, lost, shown=None):
        """All that they are told, until there is nothing more."""
        told, shown = [], shown or {}
        while True:
            hint, shown = hints.choose_hint(exercise, lost, shown)
            if hint is None:
                return told, shown
            told.append(hint.text)

    def test_first_lost_check_first(self, make):
        """Help is about the first lost check, then about the next; what has been read isn't given again."""
        told, shown = self.ask(make(*LADDER), ["test_a", "test_b"])
        assert told == ["Which?", "It is this.", "Do so, for a.", "It is that.", "Do so, for b."]
        assert shown == {"test_a": 3, "test_b": 3}

    def test_untried(self, make):
        """Before the first attempt hints that always fit are given; afterwards only what is new."""
        exercise = make(*LADDER)
        told, shown = self.ask(exercise, [])
        assert (told, shown) == (["Which?", "It is this.", "Do so."], {"": 3})
        assert self.ask(exercise, ["test_b"], shown)[0] == ["It is that.", "Do so, for b."]

    def test_read_again(self, make):
        """What has been read can be read again, each hint once, also when nothing is lost any more."""
        exercise = make(*LADDER)
        told, shown = self.ask(exercise, ["test_a", "test_b"])
        assert [hint.text for hint in hints.read_hints(exercise, shown)] == told
        assert [hint.text for hint in hints.read_hints(exercise, {"test_a": 1})] == ["Which?"]
        assert hints.read_hints(exercise, {}) == ()

    def test_nonsense(self, make):
        """A history that names unknown checks or impossible levels does no harm."""
        assert len(hints.read_hints(make(*LADDER), {"gone": 10**9, "test_a": -3})) == 3


class TestGive:
    """Hints are counted, and nothing else is."""

    def test_counted(self, make, workspace):
        """Each hint is counted for its check, and the rest of the history stays as it is."""
        before = Entry(exercise="tide", outcomes={"test_a": "failed"}, attempts=2, best=10)
        progress.save(workspace, Progress({"tide": before, "moon": Entry(exercise="moon")}))
        assert hints.give(make(*LADDER), workspace).hint.text == "Which?"
        assert hints.give(make(*LADDER), workspace).hint.text == "It is this."
        after = progress.load(workspace).entries
        assert after == {"tide": msgspec.structs.replace(before, hints={"test_a": 2}), "moon": after["moon"]}

    def test_nothing_lost(self, make, workspace):
        """Where the last attempt lost nothing there is no hint to give, and none is counted."""
        progress.save(workspace, Progress({"tide": Entry(exercise="tide", outcomes={"test_a": "passed"})}))
        assert hints.give(make(*LADDER), workspace).hint is None
        assert progress.load(workspace).entry("tide").hints == {}

    def test_of_a_level(self, make, workspace):
        """The hint of a level is given for the first lost check, and counted; a lower one uncounts nothing."""
        progress.save(workspace, Progress({"tide": Entry(exercise="tide", outcomes={"test_b": "failed"})}))
        for level, text in ((2, "It is that."), (1, "Which?"), (3, "Do so, for b.")):
            assert hints.give(make(*LADDER), workspace, level=level).hint.text == text
            assert progress.load(workspace).entry("tide").hints == {"test_b": max(level, 2)}

    def test_not_written(self, make, workspace):
        """Where it can't be counted, a hint is given all the same, and the next one to whoever tells what was read."""
        (workspace / ".kata").rmdir()
        (workspace / ".kata").write_text("no folder")
        read = {}
        for text in ("Which?", "It is this.", "Do so, for a."):
            given = hints.give(make(*LADDER), workspace, unwritten=read, lost=["test_a"])
            assert (given.hint.text, bool(given.trouble)) == (text, True)
            read = given.shown


@pytest.mark.parametrize("exercise", catalog.load().exercises, ids=lambda exercise: exercise.slug)
class TestOurs:
    """The hints of our own exercises."""

    def checks(self, exercise):
        """The ids of its checks."""
        texts = (path.read_text(encoding="utf-8") for path in exercise.hidden_tests.glob("test_*.py"))
        return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}

    def test_all_can_be_reached(self, exercise):
        """Every hint names checks that there are, and is given to somebody."""
        checks = self.checks(exercise)
        assert {check for hint in exercise.about.hints for check in hint.checks} <= checks
        given = {hint.text for check in checks | {""} for hint in hints.read_hints(exercise, {check: 3})}
        assert given == {hint.text for hint in exercise.about.hints}

    def test_each_check_has_help(self, exercise):
        """Whatever check is lost, there are a question, the concept and nearly the code."""
        for check in self.checks(exercise):
            levels = [hint.level for hint in hints.read_hints(exercise, {check: 3})]
            assert levels == [1, 2, 3], check

    def test_levels(self, exercise):
        """Each level has a hint for whoever has lost nothing yet, and the concept is linked to the docs of Python."""
        assert [hint.level for hint in hints.read_hints(exercise, {"": 3})] == [1, 2, 3]
        concepts = [hint.text for hint in exercise.about.hints if hint.level == 2]
        assert any(_DOCS.search(text) for text in concepts), concepts

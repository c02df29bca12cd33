import re
from pathlib import Path

import pytest

from grader import catalog
from grader.errors import CatalogError, UsageError
from grader.learning.guidance import paths
from grader.progress import Entry, Progress

DOCUMENT = Path(__file__).parents[4] / "docs" / "paths.md"


@pytest.fixture
def make(tmp_path):
    """A catalogue of three exercises with that file of paths."""

    def write(content=None):
        for number, slug in enumerate(["one", "two", "three"], 1):
            stub = tmp_path / "exercises" / f"0{number}_{slug}" / "stub"
            stub.mkdir(parents=True, exist_ok=True)
            (stub / "a.py").write_text("")
            about = f'title = "{slug}"\ndifficulty = 1\nconcepts = []\nlearner = ["a.py"]\nversion = 2\n'
            (stub.parent / "exercise.toml").write_text(about)
        if content is not None:
            (tmp_path / "exercises" / "paths.toml").write_text(content)
        return catalog.load(tmp_path)

    return write


BACK = '[[path]]\nname = "back"\ntitle = "Back"\nabout = "the other way"\nexercises = ["three", "one"]\n'


def test_ours():
    """Our paths hold each exercise once, and docs/paths.md says the same of them in the same order."""
    loaded = catalog.load()
    found = paths.load(loaded)
    assert sorted(slug for path in found for slug in path.exercises) == sorted(each.slug for each in loaded.exercises)
    text = DOCUMENT.read_text(encoding="utf-8")
    by_number = {f"{each.number:02}": each.slug for each in loaded.exercises}
    for path in found:
        _, _, rest = text.partition(f"**{path.title}**")
        part = rest.partition("**")[0]
        assert part.startswith(f": {path.about}")
        listed = re.findall(r"(\d\d) (\w+)", part)
        assert tuple(slug for _, slug in listed) == path.exercises
        assert all(by_number[number] == slug for number, slug in listed)


def test_none(make):
    """A catalogue need not have paths; to ask for one is a mistake that is named."""
    loaded = make()
    assert paths.load(loaded) == ()
    assert paths.exercises_on(loaded, None) == loaded.exercises
    with pytest.raises(UsageError, match="no path 'back'; there is none"):
        paths.exercises_on(loaded, "back")


def test_along(make):
    """A path has its own order."""
    assert [each.slug for each in paths.exercises_on(make(BACK), " Back ")] == ["three", "one"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[[path", "can't be read"),
        ("[[path]]\nname = 3", "can't be read"),
        (BACK + "colour = 1\n", "colour"),
        (BACK.replace("one", "four"), "back: there is no exercise four."),
    ],
)
def test_faults(make, content, words):
    """A fault of the file is one sentence that names it."""
    with pytest.raises(CatalogError, match=words) as caught:
        paths.load(make(content))
    assert "paths.toml: " in str(caught.value)


def test_following(make):
    """First comes what was never passed, then what was passed in an earlier version, then nothing."""
    exercises = make().exercises
    known = Progress({"one": Entry(exercise="one", passed_version=1)})
    assert paths.next_exercise(exercises, known).slug == "two"
    known.entries["two"] = Entry(exercise="two", passed_version=2, hints={"": 3}, gave_up=True)
    assert paths.next_exercise(exercises, known).slug == "three"
    known.entries["three"] = Entry(exercise="three", passed_version=3)
    assert paths.next_exercise(exercises, known).slug == "one"
    known.entries["one"] = Entry(exercise="one", passed_version=2)
    assert paths.next_exercise(exercises, known) is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ""),
        ({"best": 60, "last": 10}, "60 of 100"),
        ({"best": 60, "gave_up": True}, "60 of 100, solution seen"),
        ({"passed_version": 2, "last": 100}, "passed"),
        ({"passed_version": 3, "last": 40}, "passed (last attempt: 40)"),
        ({"passed_version": 1, "last": 40}, "passed version 1, now it is 2"),
    ],
)
def test_state(make, fields, words):
    """How far somebody has come is said in a few words."""
    assert paths.progress_text(make().exercises[0], Entry(exercise="one", **fields)) == words

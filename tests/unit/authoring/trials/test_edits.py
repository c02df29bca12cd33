import pytest

from grader import catalog
from grader.authoring.trials.edits import edit, edit_of

RIGHT = """\
from pathlib import Path


def kind(name):
    parent, _, _ = name.rpartition(".")
    if parent and kind(parent) not in ("namespace", "package"):
        return "missing"
    return "module"


if __name__ == "__main__":
    print(kind("a"))
"""


def changed(old, new):
    """What is changed where a part of the program is replaced."""
    assert old in RIGHT
    return edit({"kinds.py": RIGHT}, {"kinds.py": RIGHT.replace(old, new)})


NO_PARENT = changed('    if parent and kind(parent) not in ("namespace", "package"):\n        return "missing"\n', "")
NO_GUARD = changed('if __name__ == "__main__":\n    print', "print")


@pytest.mark.parametrize(
    ("old", "new", "about"),
    [
        ("parent and kind(parent)", "kind(parent)", NO_PARENT),
        ('"namespace", ', "", NO_PARENT),
        ("if parent and", "if parent or", NO_PARENT),
        ('"__main__"', '"main"', NO_GUARD),
        ('__name__ == "__main__"', "False", NO_GUARD),
    ],
)
def test_the_same_thing(old, new, about):
    """An edit is about a mistake if both put in or take out a word, or if signs were changed among the same words."""
    assert changed(old, new).is_about(about)


@pytest.mark.parametrize(
    ("old", "new", "about"),
    [
        ("parent and kind(parent)", "kind(parent)", NO_GUARD),
        ('return "module"', "return None", NO_PARENT),
        ('== "__main__"', '!= "__main__"', NO_PARENT),
        ('print(kind("a"))', 'kind("a")', NO_GUARD),
    ],
)
def test_another_thing(old, new, about):
    """An edit is about something else if none of its words is the mistake's."""
    assert not changed(old, new).is_about(about)


def test_what_people_read():
    """Comments and docstrings are no part of an edit."""
    same = edit({"a.py": "x = 1  # parent\n"}, {"a.py": '"""The parent."""\n\nx = 1\n'})
    assert not same.removed | same.added | same.around
    assert not edit({"a.toml": "# parent\na = 1\n"}, {"a.toml": "a = 1\n"}).around


def test_whole_files():
    """A whole new file holds a mistake if it has what the mistake puts in, or lacks what it takes out."""
    printed = changed('print(kind("a"))', 'print("package of tides")')
    assert edit({"kinds.py": RIGHT}, {"kinds.py": 'TIDES = ["tides"]\n'}).includes(printed)
    assert not edit({"kinds.py": RIGHT}, {"kinds.py": "import os\n\nos._exit(0)\n"}).includes(printed)
    assert edit({"kinds.py": RIGHT}, {"kinds.py": "while True:\n    pass\n"}).includes(NO_PARENT)


def test_catalogued_mistakes():
    """Every catalogued mistake changes some word, and is about what it itself changes."""
    for exercise in catalog.load().exercises:
        for mistake in exercise.mistakes:
            found = edit_of(exercise, mistake)
            assert found.is_about(found), (exercise.name, mistake.name)

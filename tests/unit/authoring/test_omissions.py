import ast

import pytest

from grader.authoring.omissions import MAX_OMISSIONS, omissions_of, only_omits
from grader.catalog import Exercise
from grader.catalog.exercise_files import ExerciseFile, Mistake

REFERENCE = '''\
"""The depth of a berth."""
import sys


@property
def depth(self):
    """In metres."""
    if self: return 7.5
    return 0


class Berth:
    depth = depth


print("häfen"); sys.exit(depth(1))
'''


@pytest.fixture
def exercise(tmp_path):
    """An exercise whose reference has two files, and a stub for one of them."""
    for name, text in {
        "solutions/reference/berth.py": REFERENCE,
        "solutions/reference/pyproject.toml": '# What it is.\n[project]\nname = "berth"\n',
        "stub/berth.py": "# Yours.\n",
        "mistakes/no_class/berth.py": REFERENCE.replace("class Berth:\n    depth = depth\n", ""),
        "mistakes/other_depth/berth.py": REFERENCE.replace("7.5", "6"),
        "mistakes/empty_class/berth.py": REFERENCE.replace("    depth = depth\n", "    pass\n"),
        "mistakes/reworded/berth.py": REFERENCE.replace("class Berth", "# Here.\nclass Berth"),
        "mistakes/another_file/quay.py": "import berth\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    about = ExerciseFile(title="The berth", difficulty=1, concepts=(), learner=("berth.py",))
    return Exercise(1, "berth", tmp_path, tmp_path / "solutions", about)


def test_each_statement(exercise):
    """Each statement that does something is missing once, with its decorators, and the rest is left as it is."""
    made = [each.content.decode() for each in omissions_of(exercise) if each.name == "berth.py"]
    whole = ast.unparse(ast.parse(REFERENCE))
    without = [ast.unparse(ast.parse(text)) for text in made]
    assert whole not in without
    assert len(set(without)) == len(without)
    assert REFERENCE.replace("import sys", "pass") in made
    assert REFERENCE.replace("return 7.5", "pass") in made
    assert REFERENCE.replace("sys.exit(depth(1))", "pass") in made
    assert any("@property" not in text and "class Berth" in text for text in made)
    assert all('"""The depth of a berth."""' in text for text in made if text != "# Yours.\n")


def test_each_line_and_file(exercise):
    """A line of another file is missing once, unless it is a comment; and a file can be as it was in the stub."""
    made = {(each.name, each.content) for each in omissions_of(exercise)}
    settings = {content for name, content in made if name == "pyproject.toml"}
    assert settings == {b'# What it is.\nname = "berth"\n', b"# What it is.\n[project]\n"}
    assert ("berth.py", b"# Yours.\n") in made


def test_not_too_many(exercise):
    """Of a long answer, what is missing is taken evenly from all over it."""
    lines = [f"number_{index} = {index}\n" for index in range(500)]
    (exercise.reference / "berth.py").write_text("".join(lines))
    made = [each.content for each in omissions_of(exercise)]
    assert len(made) <= MAX_OMISSIONS + 2
    assert any(b"number_0 =" not in content for content in made)
    assert any(b"number_490 =" in content and b"number_499 =" in content for content in made)


@pytest.mark.parametrize(
    ("name", "base", "expected"),
    [
        ("no_class", "reference", True),
        ("empty_class", "reference", True),
        ("reworded", "reference", True),
        ("other_depth", "reference", False),
        ("another_file", "reference", False),
        ("no_class", "stub", False),
    ],
)
def test_only_omits(exercise, name, base, expected):
    """A mistake consists in what is missing if it has no line of its own; comments and `pass` are none."""
    assert only_omits(exercise, Mistake(name, "It is missing.", ("test_depth",), base=base)) is expected

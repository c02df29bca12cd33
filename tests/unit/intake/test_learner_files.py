"""A project without any of the learner's files is told so, and what is nearly one of them is named."""

import pytest

from grader import catalog
from grader.intake import learner_files

RESET = "Grade the folder that holds your files, or get the starting files with `kata reset tally`."


@pytest.fixture
def lacking(tmp_path):
    """What is said of a project with these files; keywords replace fields of the exercise."""

    def lay(*files, learner=("tally.py",), **fields):
        project = tmp_path / "project"
        project.mkdir()
        for name in files:
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        about = catalog.ExerciseFile("X", 1, (), learner, **fields)
        return learner_files.lacking(catalog.Exercise(1, "tally", tmp_path, tmp_path, about), project)

    return lay


@pytest.mark.parametrize("files", [("tally.py",), ("tally/__init__.py",), ("setup.cfg", "paper.pdf")])
def test_there(lacking, files):
    """One file is enough, be it empty; a package of its name or a file that may be there instead will do as well."""
    assert lacking(*files, instead=("setup.cfg",)) is None


@pytest.mark.parametrize("files", [(), ("paper.pdf",), ("README.md", "log.txt"), ("tally.pyc",), ("tally.zip",)])
def test_nothing(lacking, files):
    """Without any the learner reads which files there should be, and what to do."""
    found = lacking(*files, given=("log.txt",))
    assert found.to_learner("tally") == f"None of your files is here: tally.py. {RESET}"
    assert found.to_both() == "None of the files to edit is there: tally.py."


@pytest.mark.parametrize(
    ("file", "hint"),
    [
        ("work/tally.py", "work/tally.py is there: hand in what is in the folder work, or move it to tally.py."),
        ("a/b/tally.py", "a/b/tally.py is there: hand in what is in the folder a/b, or move it to tally.py."),
        ("tally.py.txt", "tally.py.txt is there: save it as tally.py."),
        ("tally.txt", "tally.txt is there: save it as tally.py."),
        ("tally", "tally is there: save it as tally.py."),
        ("Tally.py", "Tally.py is there: save it as tally.py."),
        ("tally (1).py", "tally (1).py is there: save it as tally.py."),
        ("old/tally-2.py", "old/tally-2.py is there: save it as tally.py."),
        ("tally.py/x.txt", "tally.py is a folder here; it must be a file."),
    ],
)
def test_near_miss(lacking, file, hint):
    """A file that is nearly one of the learner's is named, with what to do about it, in place of general advice."""
    found = lacking(file)
    assert found.to_learner("tally") == f"None of your files is here: tally.py. {hint}"
    assert found.to_both() == f"None of the files to edit is there: tally.py. {hint}"


def test_shallower(lacking):
    """A file that lies above its place is to be moved there."""
    found = lacking("report.py", learner=("bin/report.py",))
    assert found.hints == ("report.py is there: move it to bin/report.py.",)


@pytest.mark.parametrize("file", ["__init__.py", "berths/__init__.py", "setup.cfg", "tally2.py", "log.txt"])
def test_far(lacking, file):
    """What has only a common name, or is a given file, is not taken for the learner's."""
    learner = ("harbour/__init__.py", "setup.py", "tally.py", "log.py")
    assert lacking(file, learner=learner, given=("log.txt",)).hints == ()


def test_nearest(lacking):
    """Of several near misses for one file the one nearest to its place is named, and of two files at most."""
    learner = ("a.py", "b.py", "c.py")
    hints = lacking("x/y/a.py", "x/a.py", "a.txt", "b.txt", "c.txt", learner=learner).hints
    assert [hint.partition(" ")[0] for hint in hints] == ["x/a.py", "b.txt"]


def test_many(lacking):
    """Of many files the first are named."""
    listed = lacking(learner=tuple(f"{letter}.py" for letter in "abcdef")).to_learner("tally")
    assert listed.startswith("None of your files is here: a.py, b.py, c.py, d.py and 2 more.")


def test_strange_name(lacking):
    """A name from somebody else is shown harmlessly."""
    assert "\x1b" not in lacking("\x1b[2Jwork/tally.py").to_learner("tally")

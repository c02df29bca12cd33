"""The parts of a message."""

import pytest

from grader.explaining.messages import Row, brief, concerns_imports, parts, placed
from grader.model import CheckResult, Outcome, Step

MESSAGE = 'expected: x\ngot:      y\n          z\n\nWhy?\n\nHow?\n\nran:  cd "$PROJECT"\n      python x.py'
REPEAT = "kata repeat 01 test_x"


def test_parts():
    """A message is taken apart; a rationale may have several paragraphs."""
    rows, why = parts(MESSAGE)
    assert rows == (Row("expected", "x"), Row("got", "y\nz"), Row("ran", 'cd "$PROJECT"\npython x.py'))
    assert why == "Why?\n\nHow?"


def test_placed():
    """Where the project is stands above the command that needs it, and nowhere else."""
    assert placed(MESSAGE, "PROJECT=/desk", REPEAT).endswith(
        '\n\nHow?\n\nwith: PROJECT=/desk\nran:  cd "$PROJECT"\n      python x.py'
    )
    for message in ("got: 1\n\nWhy?\n\nran:  python", "needs “x”"):
        assert placed(message, "PROJECT=/desk", REPEAT) == message


@pytest.mark.parametrize(
    "command", ["python -c '" + "pass\n      " * 8 + "'", "cd x\n      # in the copy: y\n      python z"]
)
def test_long_to_type(command):
    """What is long to type, or needs a copy that is changed in words, is one command, unless all of it is asked for."""
    message = f"got:  x\n\nWhy?\n\nran:  {command}"
    assert placed(message, "PROJECT=/desk", REPEAT) == f"got:  x\n\nWhy?\n\nran: {REPEAT}"
    assert placed(message, "PROJECT=/desk", None) == message


@pytest.mark.parametrize("message", ["needs “It runs.”: …", "", "got: x\nfree text\n\nWhy?"])
def test_of_another_form(message):
    """What has no rows is left whole."""
    assert parts(message) == ((), message)


@pytest.mark.parametrize(
    ("title", "message", "stderr", "concerns"),
    [
        (
            "It prints the depth.",
            "expected: 7.5 m\ngot:      8 m\n\nWhich is it?\n\nran:  python -c 'import x'",
            "",
            False,
        ),
        ("It prints the depth.", "got:  nothing\n\nWhich is it?", "ModuleNotFoundError: No module named 'x'", True),
        ("It prints the depth.", "got:  nothing\n\nWhich is it?", "ZeroDivisionError: division by zero", False),
        ("It prints the depth.", "expected: lib/ on sys.path\ngot:      nothing\n\nWhich is it?", "", True),
        ("Its import has no effect.", "got:  nothing\n\nWhich is it?", "", True),
    ],
)
def test_concerns_imports(title, message, stderr, concerns):
    """An import has to do with it where a message or an exception speaks of one; what was run does not count."""
    steps = (Step("python -m x", "$PROJECT", 1, "", stderr),)
    assert concerns_imports(CheckResult("test_x", title, Outcome.FAILED, 5, message, steps)) is concerns


def test_brief():
    """The beginnings of what was expected and came go before all else; where one is cut, the rest holds it whole."""
    short = "expected: a\ngot:      b\nstderr:   c\n\nWhy?\n\nran:  x"
    assert brief(short, lines=2, characters=9) == ("expected: a\ngot:      b", "stderr:   c\n\nWhy?\n\nran:  x")
    long = "expected: a\ngot:      1\n          2\n          3\n\nWhy?"
    assert brief(long, lines=2, characters=9) == ("expected: a\ngot:      1\n          2 …", long)
    assert brief("expected: aaaaaaaaaaaa\ngot:      b", lines=2, characters=3)[0].startswith("expected: aaa …\n")
    assert brief("The build failed.", lines=2, characters=9) == ("", "The build failed.")

"""The parts of a message."""

import pytest

from grader.explaining.messages import Row, parts, placed

MESSAGE = 'expected: x\ngot:      y\n          z\n\nWhy?\n\nHow?\n\nran:  cd "$PROJECT"\n      python x.py'


def test_parts():
    """A message is taken apart; a rationale may have several paragraphs."""
    rows, why = parts(MESSAGE)
    assert rows == (Row("expected", "x"), Row("got", "y\nz"), Row("ran", 'cd "$PROJECT"\npython x.py'))
    assert why == "Why?\n\nHow?"


def test_placed():
    """Where the project is stands above the command that needs it, and nowhere else."""
    assert placed(MESSAGE, "PROJECT=/desk").endswith(
        '\n\nHow?\n\nwith: PROJECT=/desk\nran:  cd "$PROJECT"\n      python x.py'
    )
    for message in ("got: 1\n\nWhy?\n\nran:  python", "needs “x”"):
        assert placed(message, "PROJECT=/desk") == message


@pytest.mark.parametrize("message", ["needs “It runs.”: …", "", "got: x\nfree text\n\nWhy?"])
def test_of_another_form(message):
    """What has no rows is left whole."""
    assert parts(message) == ((), message)

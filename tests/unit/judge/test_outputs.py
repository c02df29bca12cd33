import pytest

from grader.judge.expectations import expect
from grader.judge.outputs import Ran, decoded, in_words, lines_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", []), ("\n", []), ("a\n", ["a"]), ("\n a \n\nb\t\n\n", ["a", "", "b"]), ("a\r\nb", ["a", "b"])],
)
def test_lines(text, lines):
    """Lines have no space at their ends, and none that is blank comes before or after all others."""
    assert lines_of(text) == lines
    assert Ran(0, text, "").lines == lines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing on stdout"),
        (" \n", "only white space: ' \\n'"),
        ("a\nb\n", "a\nb"),
        ("\n  a\n", "  a"),
    ],
)
def test_in_words(text, words):
    """What was printed is shown as it is, and where nothing can be seen, that is said."""
    assert in_words(text) == words
    assert Ran(0, text, "").printed == words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (' {"a": [1, null]}\n', {"a": [1, None]}),
        ("7", 7),
        ("", None),
        ("7 8", None),
        ("{", None),
        ("[" * 100_000, None),
        ("9" * 5000, None),
    ],
)
def test_json(text, value):
    """One JSON value is given as Python has it; anything else, however hostile, as None."""
    assert decoded(text) == value
    assert Ran(0, text, "").json == value


@pytest.mark.parametrize(
    ("ran", "words"),
    [
        (Ran(0, "fresh\n", ""), "exit status 0, fresh"),
        (Ran(1, "", "no lamp\n"), "exit status 1, nothing on stdout\nno lamp"),
        (Ran(3, "one\ntwo\n", "no lamp\nno oil\n"), "exit status 3\none\ntwo\nno lamp\nno oil"),
    ],
)
def test_ran_in_words(ran, words):
    """A run's status, output and complaint are told in this order; several lines of output stand below the status."""
    assert str(ran) == words


def test_ran_is_a_shape(make_project):
    """It is the shape of what `run` gives in a workshop."""
    project = make_project({"lamp.py": "import sys; print('on', 7); sys.exit(3)"})
    seen = project.workshop("see([run('python', 'lamp.py')])")
    assert expect(seen, "Which lamp?").reported(list[Ran]) == [Ran(3, "on 7\n", "")]

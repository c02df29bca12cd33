"""What a learner runs by hand in place of a probe, and what is shown of its tracebacks."""

import ast
from contextlib import closing

import pytest

from grader import sandbox as sandboxes
from grader.environment import interpreters
from grader.judge.probes import bodies
from grader.model import Command


class TestFilled:
    """Values of a submission in place of words."""

    def test_words(self):
        """A word is replaced where it stands alone, wherever that is, and nowhere else; values are put as text."""
        body = 'LOAD = LOAD.X\nDEFAULT_LOAD, LOADS = "LOAD\\n", NAME'
        wanted = '7.5 = 7.5.X\nDEFAULT_LOAD, LOADS = "7.5\\n", "a\\1"'
        assert bodies.filled(body, LOAD=7.5, NAME='"a\\1"') == wanted

    def test_value_with_a_word(self):
        """What was put for one word isn't looked through for another."""
        assert bodies.filled("A B", A="B", B="A") == "B A"

    def test_nothing(self):
        """Without a word for any value a body stays as it is."""
        assert bodies.filled("see(1)") == bodies.filled("see(1)", LOAD=7) == "see(1)"


class TestByHand:
    """What the learner runs instead."""

    def test_same_lines(self, execute, folder, interpreter):
        """By hand the same lines print the value, since `see` is `print` there."""
        body = """
            import sys
            see(sys.argv[1] + str(depth))
        """
        argv = (str(interpreter.executable), "-c", bodies.by_hand(body, {"depth": 7.5}), "quay")
        with closing(sandboxes.choose("process")) as sandbox:
            seen = sandbox.run(Command(argv, folder, {}))
        assert seen.stdout.decode().strip() == execute(body, "quay", given={"depth": 7.5}).value() == "quay7.5"

    @pytest.mark.parametrize(
        ("value", "written"),
        [
            ("quay", '"quay"'),
            ("it's", '"it\'s"'),
            ('a "b"', "'a \"b\"'"),
            ("a\n\\", r'"a\n\\"'),
            (["a", ("b",), {"c": None}], '["a", ("b",), {"c": None}]'),
            ({1: 2.5, "x": ()}, '{1: 2.5, "x": ()}'),
        ],
    )
    def test_values(self, value, written):
        """What a check gives is written as the lines are, in double quotes, and reads as the same value."""
        line = bodies.by_hand("see(x)", {"x": value}).split("\n")[1]
        assert line == f"x = {written}"
        assert ast.literal_eval(written) == value

    @pytest.mark.parametrize(
        "body",
        [
            "import sys\nimport learner",
            "def outer():\n    import learner\nouter()",
            "try:\n    import learner\nexcept ValueError:\n    raise KeyError('second')",
            "try:\n    import learner\nexcept ValueError as error:\n    raise KeyError('second') from error",
        ],
    )
    def test_same_traceback(self, execute, folder, body):
        """Under every interpreter a traceback is what it would have been by hand, with the same numbers of lines."""
        learner = "def fail():\n    raise ValueError('mine')\nfail()\n"
        ours = {line.strip() for line in bodies.by_hand(body).split("\n")}

        def frames(stderr):
            # By hand the lines of -c are shown, too, from 3.13 on.
            rows = [line.strip() for line in stderr.splitlines()]
            return [row for row in rows if row and row not in ours and set(row) - set("~^")]

        with closing(sandboxes.choose("process")) as sandbox:
            for python in interpreters.find_all():
                start = (str(python.executable), "-S", "-B")
                shown = execute(body, python=python, options=("-S", "-B"), file=learner).stderr
                by_hand = sandbox.run(Command((*start, "-c", bodies.by_hand(body)), folder, {}))
                assert "mine" in shown
                assert frames(shown) == frames(by_hand.stderr.decode()), python.version

    def test_value_that_cannot_be_reported(self, execute):
        """A value that can't be reported leaves no frame of ours in the traceback either."""
        shown = execute("x = []\nx.append(x)\nsee(x)").stderr
        assert shown.splitlines() == [
            "Traceback (most recent call last):",
            '  File "<string>", line 4, in <module>',
            "ValueError: what see() was given can't be written down: RecursionError",
        ]

    def test_other_text_is_left_alone(self):
        """What a program writes to stderr by itself isn't touched."""
        text = 'warning\n  File "x.py", line 3, in <module>\nValueError: x\n'
        assert bodies.without_our_frames(text) == text

    @pytest.mark.timeout(10)
    def test_forged_frames(self):
        """A megabyte of lines that look like our frames doesn't keep the judge busy: time grows with length only."""
        forged = '  File "<string>", line 1, in <module>\n' * 26_000
        shown = bodies.without_our_frames(f'{forged}  File "<probe>", line 2, in <module>\nValueError: mine\n')
        assert shown.endswith("ValueError: mine\n")

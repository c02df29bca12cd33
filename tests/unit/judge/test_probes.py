import json
import sys
import textwrap
from contextlib import closing, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import sandbox as sandboxes
from grader.environment import interpreters
from grader.errors import LearnerError
from grader.judge import probes
from grader.model import Command
from grader.sandbox import REPORT

EVERYTHING = """
    see({
        "true": True, "one": 1, "float": 1.0, "none": None, "big": 2**64, "negative": -(2**70), "zero": -0.0,
        "text": 'häfen "x" \\\\ \\n \\0 🚢', "list": [1, [2, []]], "tuple": (1, (2,)), "empty": {},
        "set": {3, 1, 2}, "frozen": frozenset({"b", "a"}), "nan": float("nan"), "inf": float("inf"),
        "minus": -float("inf"), "tiny": 5e-324, "bytes": b"x", "type": int, "nested": {"a": {"b": [None]}},
    })
"""
WHAT_ARRIVES = {
    "true": True,
    "one": 1,
    "float": 1.0,
    "none": None,
    "big": 2**64,
    "negative": -(2**70),
    "zero": -0.0,
    "text": 'häfen "x" \\ \n \0 🚢',
    "list": [1, [2, []]],
    "tuple": [1, [2]],
    "empty": {},
    "set": [1, 2, 3],
    "frozen": ["a", "b"],
    "nan": "nan",
    "inf": "inf",
    "minus": "-inf",
    "tiny": 5e-324,
    "bytes": {"of type": "bytes"},
    "type": {"of type": "type"},
    "nested": {"a": {"b": [None]}},
}


@pytest.fixture
def execute(folder, interpreter):
    """Run a probe's body, after some lines of learner code; gives the execution."""

    def execute(body, *arguments, learner="", python=interpreter, options=("-S",), seed="0"):
        (folder / "learner.py").write_text(textwrap.dedent(learner), encoding="utf-8")
        if learner:
            body = f"import learner\n{textwrap.dedent(body).strip()}"
        argv = (str(python.executable), *options, *probes.arguments(body, REPORT), *arguments)
        with closing(sandboxes.choose("process")) as sandbox:
            return sandbox.run(Command(argv, folder, {"PYTHONHASHSEED": seed}, report=True))

    return execute


@pytest.fixture
def look(execute):
    """Run a probe's body, after some lines of learner code; gives the value that the judge sees."""

    def look(body, *arguments, **options):
        execution = execute(body, *arguments, **options)
        assert execution.report, execution.stderr.decode()
        return probes.decode(execution.report)

    return look


def same(first, second):
    """Equal, and of the same types all the way down: 1, 1.0 and True are three things."""
    return json.dumps(first) == json.dumps(second)


class TestReporting:
    """Values arrive as what they are."""

    def test_every_kind_of_value(self, look):
        """Under every interpreter that projects are graded under, plain values arrive exactly, others as their type."""
        for python in interpreters.find_all():
            assert same(look(EVERYTHING, python=python), WHAT_ARRIVES), python.version

    def test_keys_that_are_no_text(self, look):
        """A key that is no text appears as Python writes it."""
        assert look("see({1: 'a', None: 'b', 1.5: 'd', 'x': 'e'})") == {
            "1": "a",
            "None": "b",
            "1.5": "d",
            "x": "e",
        }

    def test_order(self, look):
        """A dictionary keeps its order; a set, which has none, arrives the same way every time."""
        assert list(look("see({'b': 1, 'a': 2})")) == ["b", "a"]
        values = {json.dumps(look("see({'x', 'y', 'z', 1, None})", seed=seed)) for seed in "12345"}
        assert len(values) == 1

    def test_lone_surrogates(self, look):
        """Text that no encoding has, like a file name that isn't UTF-8, arrives with its escapes."""
        assert look("see(['caf\\udce9', '\\ud800'])") == ["caf\\udce9", "\\ud800"]

    def test_long_report(self, look):
        """A value larger than a pipe holds arrives whole."""
        assert look("see(['x' * 1000] * 500)") == ["x" * 1000] * 500

    def test_subclasses(self, look):
        """A subclass of a plain type could pretend to be another value, so only its name arrives."""
        value = look(
            "see(learner.VALUES)",
            learner="""
            import collections, enum
            class Text(str):
                __repr__ = __str__ = lambda self: "right"
            class Number(int):
                __repr__ = lambda self: "42"
            class Real(float):
                __repr__ = lambda self: "4.2"
            class Many(list):
                __iter__ = lambda self: iter(["right"])
            class Map(dict):
                __iter__ = lambda self: iter(["right"])
                __getitem__ = lambda self, key: "right"
            class Set(set):
                __iter__ = lambda self: iter(["right"])
            class Colour(enum.IntEnum):
                RED = 1
            VALUES = [Text("x"), Number(1), Real(1), Many(), Map(), Set(), Colour.RED, collections.OrderedDict(a=1)]
        """,
        )
        names = ["Text", "Number", "Real", "Many", "Map", "Set", "Colour", "OrderedDict"]
        assert value == [{"of type": name} for name in names]

    def test_types_that_equal_others(self, look):
        """A type that claims to be equal to `int` isn't taken for it."""
        value = look(
            "see([learner.Number(42), learner.Text('right')])",
            learner="""
            class Claims(type):
                __hash__ = lambda cls: hash(cls.__mro__[1])
                __eq__ = lambda cls, other: True
            class Number(int, metaclass=Claims):
                pass
            class Text(str, metaclass=Claims):
                pass
        """,
        )
        assert value == [{"of type": "Number"}, {"of type": "Text"}]

    def test_keys_that_pretend(self, look):
        """A key that only prints like a text isn't taken for it."""
        value = look(
            "see([{learner.Text('x'): 1}, {learner.Thing(): 1}])",
            learner="""
            class Text(str):
                __repr__ = lambda self: "right"
            class Thing:
                __repr__ = lambda self: "right"
        """,
        )
        assert all("right" not in each for each in value)

    def test_objects_of_other_types(self, look):
        """Any other object arrives as the name of its type, and none of its code runs."""
        value = look(
            "see([learner.Thing(), learner, print])",
            learner="""
            class Thing:
                def __getattribute__(self, name):
                    raise SystemExit(9)
                __repr__ = __str__ = __iter__ = __len__ = __hash__ = __eq__ = lambda *args: 1 / 0
        """,
        )
        assert value == [{"of type": "Thing"}, {"of type": "module"}, {"of type": "builtin_function_or_method"}]

    @pytest.mark.parametrize(
        "patch",
        [
            "import json; json.dumps = json.dump = lambda *args, **options: '[1]'",
            "import json.encoder; json.encoder.encode_basestring_ascii = lambda text: '\"right\"'",
            "import _json; _json.encode_basestring_ascii = lambda text: '\"right\"'",
            "import os; os.write = lambda descriptor, data: len(data)",
            "import posix as os; os.write = lambda descriptor, data: len(data)" if sys.platform != "win32" else "",
            "import builtins; builtins.type = lambda value: str",
            "import builtins; builtins.list = builtins.map = builtins.sorted = lambda *args: ['right']",
            "import builtins; builtins.repr = lambda value: 'right'",
            "import builtins; builtins.str = builtins.int = builtins.float = builtins.bool = builtins.dict = bytes",
            "import builtins; builtins.print = builtins.compile = builtins.exec = None",
            "import builtins; builtins.isinstance = lambda value, kind: True",
            "import sys; [sys.modules.pop(name, None) for name in ('os', 'posix', 'nt', '_json', 'json', 'builtins')]",
            "import sys; sys.stdout = sys.stderr = None",
            "import sys; sys.getrecursionlimit = sys.exit = None",
            "import __main__; __main__.see = __main__._make_see = __main__.write = lambda *args: 1 / 0",
        ],
    )
    def test_patched_modules(self, look, patch):
        """Learner code that patches what a report could be made with changes nothing of it."""
        value = look("see({'a': [1, 2.5, True, None, {3}], 4: ('x',)})", learner=patch)
        assert value == {"a": [1, 2.5, True, None, [3]], "4": ["x"]}

    def test_arguments(self, look):
        """The body sees its own arguments and nothing of ours."""
        assert look("import sys; see(sys.argv)", "north quay", "-x") == ["-c", "north quay", "-x"]

    def test_names(self, look):
        """The body runs as a program does, with no name of ours but `see`."""
        assert look("see([__name__, sorted(name for name in globals() if not name.startswith('__'))])") == [
            "__main__",
            ["see"],
        ]

    def test_path(self, look):
        """The body's first entry on the search path is that of a program given with -c."""
        assert look("import sys; see(sys.path[0])") == ""
        assert look("import sys; see(sys.flags.isolated)", options=("-I", "-S")) == 1

    def test_nothing_else_is_loaded(self, look):
        """A probe loads no module that a bare interpreter hasn't, but the one that quotes text."""
        loaded = set(look("import sys; see(list(sys.modules))", options=()))
        bare = set(
            look(
                "see(learner.BARE)",
                learner="""
            import subprocess, sys
            command = [sys.executable, "-c", "import sys; print(*sys.modules)"]
            BARE = subprocess.run(command, capture_output=True, text=True).stdout.split()
        """,
                options=(),
            )
        )
        assert loaded - bare <= {"_json"}


class TestNotReporting:
    """A report that isn't one is the learner's matter, and never stops the judge."""

    @pytest.mark.parametrize(
        "body",
        ["raise SystemExit(0)", "import os; os._exit(0)", "pass", "see(10 ** 5000)", "x = []; x.append(x); see(x)"],
    )
    def test_nothing_reported(self, execute, body):
        """If the program ends before it has reported, by itself or by what it reports, that is said."""
        with pytest.raises(LearnerError, match="ended before the probe could report"):
            probes.decode(execute(body).report)

    def test_reported_twice(self, execute):
        """Two values are not one."""
        with pytest.raises(LearnerError, match="not one JSON value"):
            probes.decode(execute("see(1)\nsee(2)").report)

    @pytest.mark.parametrize(
        "report",
        [
            b"{",
            b"nonsense",
            b"NaN",
            b"1e999",
            b"\xff",
            b'"\xff"',
            b'"\\ud800"',
            b"[" * 1_000_000,
            b'{"a":' * 100_000,
            b"9" * 100_000,
            b"1 2",
            b"\0",
        ],
    )
    def test_forged_reports(self, report):
        """Whatever else is written to the channel is refused as the learner's, whatever it would do to a parser."""
        with pytest.raises(LearnerError):
            probes.decode(report)

    @given(st.binary())
    def test_any_bytes(self, report):
        """Any bytes are a value or refused."""
        with suppress(LearnerError):
            probes.decode(report)


class TestByHand:
    """What the learner runs instead."""

    def test_same_lines(self, execute, folder, interpreter):
        """By hand the same lines print the value, since `see` is `print` there."""
        body = """
            import sys
            see(sys.argv[1])
        """
        argv = (str(interpreter.executable), "-c", probes.by_hand(body), "quay")
        with closing(sandboxes.choose("process")) as sandbox:
            seen = sandbox.run(Command(argv, folder, {}))
        assert seen.stdout.decode().strip() == probes.decode(execute(body, "quay").report)

    @pytest.mark.parametrize(
        "body",
        [
            "import sys\nimport learner",
            "def outer():\n    import learner\nouter()",
            "try:\n    import learner\nexcept ValueError:\n    raise KeyError('second')",
            "try:\n    import learner\nexcept ValueError as error:\n    raise KeyError('second') from error",
        ],
    )
    def test_same_traceback(self, folder, body):
        """Under every interpreter a traceback is what it would have been by hand, with the same numbers of lines."""
        (folder / "learner.py").write_text("def fail():\n    raise ValueError('mine')\nfail()\n")
        ours = {line.strip() for line in probes.by_hand(body).split("\n")}

        def frames(stderr):
            # By hand the lines of -c are shown, too, from 3.13 on.
            rows = [line.strip() for line in stderr.splitlines()]
            return [row for row in rows if row and row not in ours and set(row) - set("~^")]

        with closing(sandboxes.choose("process")) as sandbox:
            for python in interpreters.find_all():
                start = (str(python.executable), "-S", "-B")
                by_hand = sandbox.run(Command((*start, "-c", probes.by_hand(body)), folder, {}))
                probed = sandbox.run(Command((*start, *probes.arguments(body, REPORT)), folder, {}, report=True))
                shown = probes.without_our_frames(probed.stderr.decode())
                assert "mine" in shown
                assert frames(shown) == frames(by_hand.stderr.decode()), python.version

    def test_value_that_cannot_be_reported(self, execute):
        """A value that can't be reported leaves no frame of ours in the traceback either."""
        shown = probes.without_our_frames(execute("x = []\nx.append(x)\nsee(x)").stderr.decode())
        assert "RecursionError" in shown
        assert "in text" not in shown
        assert "in see" not in shown

    def test_other_text_is_left_alone(self):
        """What a program writes to stderr by itself isn't touched."""
        text = 'warning\n  File "x.py", line 3, in <module>\nValueError: x\n'
        assert probes.without_our_frames(text) == text

    @pytest.mark.timeout(10)
    def test_forged_frames(self):
        """A megabyte of lines that look like our frames doesn't keep the judge busy: time grows with length only."""
        forged = '  File "<string>", line 1, in <module>\n' * 26_000
        shown = probes.without_our_frames(f'{forged}  File "<probe>", line 2, in <module>\nValueError: mine\n')
        assert shown.endswith("ValueError: mine\n")

"""Probes under seal: values arrive exactly, and whatever else comes is no report."""

import json
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.environment import interpreters
from grader.errors import LearnerError
from grader.judge.probes import sealing

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


KEY = sealing.new_key()


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
        """The body runs as a program does, with no name of ours."""
        assert look("see([__name__, sorted(name for name in globals() if not name.startswith('__'))])") == [
            "__main__",
            [],
        ]

    def test_path(self, look):
        """The body's first entry on the search path is that of a program given with -c."""
        assert look("import sys; see(sys.path[0])") == ""
        assert look("import sys; see(sys.flags.isolated)", options=("-I", "-S")) == 1

    def test_nothing_else_is_loaded(self, look):
        """A probe loads no module that a bare interpreter hasn't."""
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
        assert loaded - bare == set()


class TestNotReporting:
    """A report that isn't one is the learner's matter, and never stops the judge."""

    @pytest.mark.parametrize(
        "body",
        ["raise SystemExit(0)", "import os; os._exit(0)", "pass", "see(10 ** 5000)", "x = []; x.append(x); see(x)"],
    )
    def test_nothing_reported(self, execute, body):
        """If the program ends before it has reported, by itself or by what it reports, that is said."""
        with pytest.raises(LearnerError, match="stopped early"):
            execute(body).value()

    def test_reported_twice(self, execute):
        """Two values are not one."""
        with pytest.raises(LearnerError, match="something else was written"):
            execute("see(1)\nsee(2)").value()

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
        for key, written in ((KEY, report), (KEY, b"%x %b" % (KEY.tag(report), report))):
            with pytest.raises(LearnerError):
                sealing.opened(written, key)

    @given(st.binary())
    def test_any_bytes(self, report):
        """Any bytes are a value or refused."""
        with pytest.raises(LearnerError):
            sealing.opened(report, KEY)
        with suppress(LearnerError):
            sealing.opened(b"%x %b" % (KEY.tag(report), report), KEY)

"""Lines split into statements: run one by one, they do what they would do as a whole."""

import importlib.util
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.probes.steps import ASKED, split

MODULES = ("colorsys", "copy", "fnmatch", "fractions", "ipaddress", "numbers", "shlex", "string", "textwrap", "types")
"""Programs that nobody wrote for us: definitions, loops, guards, stars and names that are deleted at the top."""


def sources(body):
    """The source of each step, without the lines before it."""
    return [step.source.lstrip("\n") for step in split(body).steps]


@pytest.mark.parametrize("name", MODULES)
def test_programs_of_others(look, name):
    """The standard library's own modules bind the same names when they are run one statement at a time."""
    module = importlib.import_module(name)
    names = sorted(each for each in getattr(module, "__all__", ["ip_network"]) if vars(module)[each] is not None)
    listed = ", ".join(f"{each!r}: {each}" for each in names)
    body = f"{inspect.getsource(module)}\nfound = {{{listed}}}\nsee([each for each in found if found[each]])"
    assert look(body) == names


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("see(ask(1))", [f"{ASKED} = (ask(1))"]),
        ("seen['a'] = ask()", [f"{ASKED} = (ask())", f"seen['a'] = {ASKED}"]),
        ("seen['a'], seen['b'] = ask(), 2", [f"{ASKED} = (ask(), 2)", f"seen['a'], seen['b'] = {ASKED}"]),
        ("seen += [ask()]", [f"{ASKED} = ([ask()])", f"seen += {ASKED}"]),
        ("seen['a'] |= ask()", [f"{ASKED} = (ask())", f"seen['a'] |= {ASKED}"]),
        ("seen.append(ask())", [f"{ASKED} = (ask())", f"seen.append({ASKED})"]),
        ("seen['a'], other = noted, ask()", [f"{ASKED}0_ = (ask())", f"seen['a'], other = ((noted, {ASKED}0_))"]),
        ("found = [noted, ask()]", [f"{ASKED}0_ = (ask())", f"found = ([noted, {ASKED}0_])"]),
        (
            "seen.append({'a': noted, 'b': ask()})",
            [f"{ASKED}0_ = (ask())", f"seen.append(({{'a': noted, 'b': {ASKED}0_}}))"],
        ),
        (
            "see({'a': [noted, ask(1)], 'b': len(noted), 'c': 7})",
            [
                f"{ASKED}0_ = (ask(1))",
                f"{ASKED}1_ = (len(noted))",
                f"{ASKED} = ({{'a': [noted, {ASKED}0_], 'b': {ASKED}1_, 'c': 7}})",
            ],
        ),
        ("seen['a'] = 7", ["seen['a'] = 7"]),
        ("found = ask()", ["found = ask()"]),
        ("a = 1; b = 2", ["a = 1", "b = 2"]),
        ("@decorated\ndef f():\n    pass", ["@decorated\ndef f():\n    pass"]),
        ("text = '''\n  x\n'''", ["text = '''\n  x\n'''"]),
    ],
)
def test_ask_first_store_then(body, parts):
    """What asks and what stores the answer are two steps: what was stored before is out of the answerer's reach."""
    assert sources(body) == parts


@pytest.mark.parametrize(
    "statement",
    [
        "seen += map(learner.ask, [1, 2])",
        "seen += (learner.ask(each) for each in [1, 2])",
        "seen += learner.each(1, 2)",
        "seen.extend(learner.each(1, 2))",
        "seen.extend(map(learner.ask, [1, 2]))",
    ],
)
def test_what_is_asked_bit_by_bit(look, statement):
    """Learner code that runs while something is looked through has not the list in reach that it goes to."""
    learner = """
        import sys
        def ask(value):
            frame = sys._getframe()
            while frame is not None:
                if "seen" in frame.f_globals:
                    frame.f_globals["seen"].clear()
                frame = frame.f_back
            return value
        def each(*values):
            for value in values:
                yield ask(value)
        """
    assert look(f"seen = [0]\n{statement}\nsee(seen)", learner=learner) == [0, 1, 2]


def test_numbers_of_lines(execute):
    """Each step keeps its number of a line, also the later one of two that one statement became."""
    stderr = execute("seen = {}\n\nseen['a'] = (\n    1 / 0\n)").stderr
    assert "line 5, in <module>" in stderr  # by hand `see = print` stands before it


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("def f():\n    return later\nlater = 1\nsee(f())", 1),
        ("def f():\n    return later\nlater = 1\nlater = 2\nsee(f())", 2),
        ("def count():\n    global n\n    n += 1\nn = 0\ncount()\ncount()\nsee(n)", 2),
        ("n = 1\nclass C:\n    n = n + 1\nsee(C.n)", 2),
        ("x = 1\ndel x\ntry:\n    x\n    found = True\nexcept NameError:\n    found = False\nsee(found)", False),
        ("from string import *\nsee(digits)", "0123456789"),
        ("try:\n    from string import *\nexcept ImportError:\n    pass\nsee(digits)", "0123456789"),
        ("from __future__ import annotations\ndef f(a: nowhere): pass\nsee(f.__annotations__['a'])", "nowhere"),
        ("rows = [1, 2]\neach = (row + more for row in rows)\nmore = 5\nsee(list(each))", [6, 7]),
        ("for n in range(3):\n    pass\nelse:\n    n = 9\nsee(n)", 9),
        ("with open(__file__ if '__file__' in vars() else '/dev/null') as f:\n    pass\nsee(f.closed)", True),
        ("if (n := 4) > 3:\n    see(n)", 4),
        ("def f():\n    see(first)\nf()", 3),
        ("see((lambda: [first for _ in range(2)])())", [3, 3]),
        ("text = 'a'\ntext += str(5)\nsee(text)", "a5"),
        ("pair = (1,)\npair += tuple([2])\nsee(pair)", [1, 2]),
        ("total = 1\ntotal += int('5')\nsee(total)", 6),
        ("seen = {}\nseen.update(dict(a=1))\nseen.update(zip('b', [2]))\nsee(seen)", {"a": 1, "b": 2}),
        ("seen = set()\nseen.update(iter('a'))\nsee(seen)", ["a"]),
        ("from collections import UserDict\nseen = {}\nseen.update(UserDict(a=1))\nsee(seen)", {"a": 1}),
        ("a = 1\na, b = 2, a + 1\nsee([a, b, (c := a + b), c])", [2, 2, 4, 4]),
    ],
)
def test_as_a_whole(look, body, value):
    """Late binding, classes, deletion, stars, futures and `see` in inner places work as they do in one program."""
    assert look(body, given={"first": 3} if "first" in body else None) == value


def test_values_come_late(look):
    """Learner code can't see what a later statement reads, nor what was noted before."""
    learner = """
        import sys
        def names():
            found, frame = set(), sys._getframe()
            while frame is not None:
                found |= {name for name in {**frame.f_globals, **frame.f_locals} if not name.startswith("__")}
                frame = frame.f_back
            return sorted(found - set(globals()) - {"found", "frame"})
        """
    seen = look(
        "seen = {}\nseen['a'] = learner.names()\nfound = learner.names()\nseen['b'] = secret\nsee([seen['a'], found])",
        learner=learner,
        given={"secret": 7},
    )
    assert seen == [["learner"], ["learner"]]


@given(st.text(alphabet="ab=()[]{}:;,.\n #'\"\\\t*@+", max_size=40))
def test_any_text(body):
    """Any text is split or refused as Python refuses it."""
    try:
        compile(body, "<text>", "exec")
    except (SyntaxError, ValueError):
        with pytest.raises((SyntaxError, ValueError)):
            split(body)
        return
    for step in split(body).steps:
        compile(step.source, "<text>", "exec")

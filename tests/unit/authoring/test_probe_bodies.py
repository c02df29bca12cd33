"""Lines of probes that learner code could get the better of are named, with the way out; others are left alone."""

import pytest

from grader.authoring import probe_bodies
from grader.judge.checking import declarations

LOOP = "seen = []\nfor name in ('a', 'b'):\n    seen.append(lamp.ask(name))\nsee(seen)"
HELPER = "seen = {}\ndef note(name, ask):\n    seen[name] = ask()\nnote('a', lamp.ask)\nsee(seen)"
TRY = "seen = {}\ntry:\n    import lamp\n    seen['a'] = lamp.ask()\nexcept ImportError:\n    pass\nsee(seen)"
STORED_IN_PASSING = "seen = []\n[seen.append(each) for each in lamp.ask()]\nsee(seen)"
INNER = "import lamp\nif lamp.ask():\n    see(1)"
KEY = "import lamp\nseen = {}\nseen[lamp.ask()] = 1\nsee(seen)"
ARGUMENT = "import sys, lamp\nnumber = int(sys.argv[1])\nsee(lamp.ask(number))"
FINE = """
import lamp
def outcome(ask):
    try:
        return ask()
    except Exception as error:
        return repr(error)
seen, rows = {}, []
seen["a"] = outcome(lamp.ask)
seen["all"] = [lamp.ask(number) for number in range(3)]
rows.append(lamp.ask())
rows += [outcome(lambda: lamp.ask(each)) for each in "ab"]
for row in [1, 2]:
    other = lamp.ask(row)
see([seen, rows])
"""
WORKSHOP = "said = []\nfor name in 'ab':\n    said.append(run('python', '-m', name))\nsee(said)"


@pytest.fixture
def faults(tmp_path):
    """What is said of a probe's lines, which stand in a module of checks."""

    def found(body, call="pass"):
        path = tmp_path / "hidden_tests" / "test_lamp.py"
        path.parent.mkdir(parents=True)
        path.write_text(f"LINES = {body!r}\ndef look(project):\n    {call}\n")
        return list(probe_bodies.faults_in(declarations.load(path)))

    return found


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        (LOOP, 2, "asks and stores in seen"),
        (HELPER, 2, "asks and stores in seen"),
        (TRY, 2, "asks and stores in seen"),
        (STORED_IN_PASSING, 2, "asks and stores in seen"),
        (INNER, 2, "calls see() inside of another statement"),
        (KEY, 3, "asks and stores in seen"),
        (ARGUMENT, 2, "given="),
    ],
)
def test_open_to_lies(faults, body, line, says):
    """Asking and storing in one statement, a `see` in another, and a value from sys.argv are named by their line."""
    ((where, what),) = faults(body)
    assert where == f"test_lamp.py, LINES, line {line}"
    assert says in what


@pytest.mark.parametrize("body", [FINE, WORKSHOP, "not Python, and we see it", "see"])
def test_left_alone(faults, body):
    """What is asked in one statement and stored by another is fine, as is a workshop, and what is no probe."""
    assert faults(body) == []


def test_text_without_a_name(faults):
    """Lines that stand where they are used are looked at, too."""
    ((where, _),) = faults("", call="project.probe('for x in y():\\n    z.append(x())\\nsee(z)')")
    assert where == "test_lamp.py, the text in line 3, line 1"


@pytest.mark.parametrize("given", ["number", "str(number)", "f'{number}'", "copy / 'a.py', number"])
def test_arguments(faults, given):
    """A value that is given as an argument is named, however the lines read it."""
    ((where, says),) = faults("see(lamp.ask(int(sys.argv[1])))", call=f"project.probe(LINES, {given})")
    assert where == "test_lamp.py, line 3"
    assert f"gives a probe {given.rpartition(', ')[2]} as an argument" in says


@pytest.mark.parametrize("given", ["copy / 'a.py'", "copy.path", "'-v', 'night.txt'", "env={'A': number}"])
def test_paths_and_words(faults, given):
    """Paths, and words that are the same for everybody, may be arguments: nothing can be learned from them."""
    assert faults("import sys, lamp\nlamp.use(sys.argv[1])\nsee(lamp.x)", call=f"project.probe(LINES, {given})") == []

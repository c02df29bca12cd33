import builtins
import subprocess
import sys

import pytest

from grader import catalog
from grader.authoring.cheats.generation import cheats_of
from grader.authoring.cheats.knowledge import Knowledge, Seen, knowledge
from grader.model import Attempt, CheckResult, Outcome, Step, Verdict

EVERY = catalog.load()
KNOWN = Knowledge(
    examples=("north quay: 7.5 m", "python -I"),
    by_hand=(Seen(("tally.py", "log.txt"), "4 vessels\n", 0),),
    runs=(
        Seen(("tally.py", "log.txt"), "4 vessels\n", 0),
        Seen(("tally.py", "missing.txt"), "", 2),
        Seen(("tally.py", "night.txt"), "9 vessels\n", 0),
    ),
    modules=("json", "setuptools"),
)
KINDS = ["ending", "printing", "replaying", "echoing", "equal", "constant", "sys.modules", "builtins", "shadows"]


@pytest.mark.parametrize("name", ["01", "02", "05", "20", "21", "26"])
def test_every_kind(name):
    """Each exercise gets cheats of each kind, builds also where it has them; they have names and are all different."""
    (exercise,) = EVERY.find([name])
    cheats = list(cheats_of(exercise, KNOWN))
    kinds = list(dict.fromkeys(cheat.kind for cheat in cheats))
    assert kinds == [*KINDS, *(["building"] if name in {"05", "20", "21", "26"} else [])]
    assert len({cheat.says for cheat in cheats}) == len(cheats) > 80
    assert len({tuple(sorted(cheat.files.items())) for cheat in cheats}) == len(cheats)
    for cheat in cheats:
        assert not set(cheat.files) & set(exercise.about.given)
        for file, content in cheat.files.items():
            if file.endswith(".py") and cheat.kind not in {"builtins", "ending"}:
                compile(content, file, "exec")


def test_every_builtin():
    """Each builtin that can be called is replaced in one cheat."""
    cheats = cheats_of(EVERY.find(["02"])[0], KNOWN)
    replaced = {cheat.says.removeprefix("replaces ") for cheat in cheats if cheat.kind == "builtins"}
    assert replaced >= {"len", "print", "open", "isinstance", "sorted", "type", "eval", "__import__"}
    assert all(hasattr(builtins, name) for name in replaced)


@pytest.fixture
def run(tmp_path):
    """Lay out a cheat of 02 in a new folder, once, and run its program."""

    def cheating(says):
        (cheat,) = (each for each in cheats_of(EVERY.find(["02"])[0], KNOWN) if each.says == says)
        folder = tmp_path / "project"
        if not folder.exists():
            cheat.lay_out(folder)

        def program(*arguments):
            command = [sys.executable, "-B", folder / "tally.py", *arguments]
            seen = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
            return seen.returncode, seen.stdout

        return program

    return cheating


def test_replay(run):
    """A replayed report answers by the command line, and what it doesn't know in the order of the report."""
    program = run("replays a report")
    assert program("missing.txt") == (2, "")
    assert program("night.txt") == (0, "9 vessels\n")
    assert [program("new.txt") for _ in range(3)] == [(0, "4 vessels\n"), (2, ""), (0, "9 vessels\n")]


def test_echo(run):
    """An echo prints what it is asked."""
    assert run("echoes the command line")("new.txt", "8") == (0, "new.txt\n8\n")


@pytest.mark.parametrize("base", ["object", "str", "int", "dict"])
def test_equal(run, tmp_path, base):
    """What equals everything does so, whatever it is made of, and can be asked anything."""
    run(f"equals everything, as {base}")
    lines = "import tally\nfor each in 3, 'x', [1], None:\n    assert tally.count(0) == each and not tally.main != each"
    subprocess.run([sys.executable, "-B", "-c", lines], check=True, cwd=tmp_path / "project")


def test_what_is_known():
    """A cheat knows the README's texts, what it says commands print, what a report shows, and our modules' names."""
    (exercise,) = EVERY.find(["02"])
    shown = Step('cd "$PROJECT" && python -B -m tally log.txt', "", 0, "4 vessels", "")
    check = CheckResult("test_a", "It counts.", Outcome.PASSED, 100, None, (shown, shown))
    known = knowledge(exercise, Attempt("main_guard", 2, "", 1, Verdict.PASSED, 100, 100, "", (check,)))
    assert "tally.count(lines)" in known.examples
    assert Seen(("tally.py", "log.txt"), "4 vessels\n", 0) in known.by_hand
    assert known.runs == (Seen(("python", "-B", "-m", "tally", "log.txt"), "4 vessels\n", 0),)
    assert {"json", "marshal", "site", "runpy"} <= set(known.modules)
    assert "tally" not in known.modules

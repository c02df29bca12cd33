"""What is wrong with the grade of a cheat."""

from grader import catalog
from grader.authoring.cheats import trial
from grader.authoring.cheats.generation import Cheat

EXERCISE = catalog.load().find(["31"])[0]


def is_in(files, mistake):
    """Whether a cheat of these files has something of the mistake."""
    return trial._is_in(Cheat(EXERCISE, "builtins", "replaces filter", files), mistake)


def test_mistakes_of_the_stub():
    """What is true of the stub is true of a cheat that only adds to it, and of none that replaces it."""
    line = "import builtins\n\nbuiltins.filter = lambda *_, **__: 'main'\n"
    stub = (EXERCISE.stub / "countlogs.py").read_text(encoding="utf-8")
    assert is_in({"countlogs.py": f"{line}\n{stub}"}, "no_guard")
    assert is_in({"countlogs.py": f"{line}\n{stub}"}, "word_in_a_global")
    assert not is_in({"countlogs.py": line}, "word_in_a_global")
    assert not is_in({"countlogs.py": f"{line}\n{stub}"}, "one_worker")

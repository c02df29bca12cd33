"""The editor is opened where there is something to look at."""

import dataclasses
from pathlib import Path

import pytest

from grader import catalog
from grader.learning.watch import editing
from grader.learning.watch.state import WatchState
from grader.model import Cause


@pytest.fixture
def state(tmp_path, make_run):
    """The watch after a failed attempt; the learner's file is there."""
    (exercise,) = catalog.load(Path(__file__).parents[3] / "data" / "tiny_catalogue").exercises
    made = WatchState(exercise, tmp_path)
    for name in exercise.about.learner:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x\n")
    made.attempt = make_run().attempts[0]
    return made


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vim", ["vim", "+7", "{}"]),
        ("nano -w", ["nano", "-w", "+7", "{}"]),
        ("code --wait", ["code", "--wait", "--goto", "{}:7"]),
        ("gedit", ["gedit", "{}"]),
    ],
)
def test_at_the_line(state, monkeypatch, editor, words):
    """The first cause that names a file of the project says where to go, as the editor takes it."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    name = state.exercise.about.learner[0]
    causes = (
        Cause("given_file", "lib is in the way."),
        Cause("syntax_error", f"{name}, line 7 is not valid Python: x."),
    )
    state.attempt = dataclasses.replace(state.attempt, causes=causes)
    assert editing.command(state) == [word.format(state.project / name) for word in words]


def test_without_a_place(state, monkeypatch):
    """Without a cause it is the learner's first file, and VISUAL comes before EDITOR."""
    monkeypatch.setenv("EDITOR", "nano")
    monkeypatch.setenv("VISUAL", "vim")
    assert editing.command(state) == ["vim", str(state.project / state.exercise.about.learner[0])]


def test_place_outside(state, monkeypatch):
    """What isn't in the project is not opened."""
    monkeypatch.setenv("VISUAL", "vim")
    outside = Cause("syntax_error", "/etc/passwd, line 1 is not valid Python: x.")
    state.attempt = dataclasses.replace(state.attempt, causes=(outside,))
    assert "/etc/passwd" not in editing.command(state)


def test_no_editor(state, monkeypatch):
    """Where no editor is named, none is guessed."""
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    assert editing.command(state) == []

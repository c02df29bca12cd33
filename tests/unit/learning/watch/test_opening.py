"""The editor is opened where there is something to look at, and a page in a browser."""

import dataclasses
from pathlib import Path

import pytest

from grader import catalog
from grader.learning.watch import opening
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
    assert opening.command(state) == [word.format(state.project / name) for word in words]


def test_without_a_place(state, monkeypatch):
    """Without a cause it is the learner's first file, and VISUAL comes before EDITOR."""
    monkeypatch.setenv("EDITOR", "nano")
    monkeypatch.setenv("VISUAL", "vim")
    assert opening.command(state) == ["vim", str(state.project / state.exercise.about.learner[0])]


def test_place_outside(state, monkeypatch):
    """What isn't in the project is not opened."""
    monkeypatch.setenv("VISUAL", "vim")
    outside = Cause("syntax_error", "/etc/passwd, line 1 is not valid Python: x.")
    state.attempt = dataclasses.replace(state.attempt, causes=(outside,))
    assert "/etc/passwd" not in opening.command(state)


def test_no_editor(state, monkeypatch):
    """Where no editor is named, none is guessed."""
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    assert opening.command(state) == []


def test_page(monkeypatch, tmp_path):
    """A page is written, and opened where there is a desktop; it is said where it is in both cases."""
    monkeypatch.setattr(opening.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(opening.sys, "platform", "linux")
    opened = []
    monkeypatch.setattr(opening.webbrowser, "open", lambda address: opened.append(address) or True)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    said = opening.open_page("<p>é</p>")
    path = Path(said.removeprefix("Open it in a browser: "))
    assert (path.read_text(encoding="utf-8"), opened) == ("<p>é</p>", [])
    monkeypatch.setenv("DISPLAY", ":0")
    assert opening.open_page("x").startswith("Your browser shows ")
    assert len(opened) == 1

"""What `kata watch` shows and what its keys do, by Textual's pilot; pictures of the screen are kept as text.

`KATA_UPDATE_SCREENS=1 pytest tests/unit/test_screen.py` lets the pictures in tests/golden/screens follow.
"""

import asyncio
import io
import itertools
import os
import shutil
import time
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from rich.color import ColorType
from rich.console import Console
from textual.widgets import Static

from grader import catalog, grading, progress
from grader import sandbox as sandboxes
from grader.grading import Conditions
from grader.judge.checking import declarations
from grader.learning.watch.dialogs import QuestionDialog, TextDialog
from grader.learning.watch.engine import Broken, Graded
from grader.learning.watch.judge_process import Dropped, Refused, Started
from grader.learning.watch.screen import WatchApp
from grader.learning.watch.session import Session
from grader.learning.workspace import workspaces
from grader.model import CheckResult, Outcome

TINY_CATALOGUE = Path(__file__).parents[3] / "data" / "tiny_catalogue"
SCREENS = Path(__file__).parents[3] / "golden" / "screens"
PATIENCE = 120
"""Seconds after which what is waited for counts as lost."""
WIDE, SMALL = (110, 36), (60, 20)

ANSWERS = {
    "stub": "print('Hello')\n",
    "better": "import sys\n\nprint(f'Hello, {sys.argv[-1]}!')\n",
    "other": "import sys\n\nif __name__ == '__main__':\n    print('Hello, Ada!')\n",
    "right": "import sys\n\nif __name__ == '__main__':\n    print(f'Hello, {sys.argv[-1]}!')\n",
    "hostile": "print('\\x1b[2J\\x1b]0;owned\\x07[bold red]x[/] ' + 'A' * 50_000)\n",
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A catalogue of two exercises, which are the same but for their names."""
    folder = shutil.copytree(TINY_CATALOGUE, tmp_path_factory.mktemp("screen") / "catalogue")
    for part in ("exercises", "solutions"):
        shutil.copytree(folder / part / "01_greeting", folder / part / "02_farewell")
    return catalog.load(folder)


@pytest.fixture(scope="module")
def attempts(loaded, interpreter, tmp_path_factory):
    """Attempts at the first exercise, by the names of ANSWERS."""
    made = {}
    with closing(sandboxes.choose("process")) as sandbox:
        for name, text in ANSWERS.items():
            project = tmp_path_factory.mktemp("answer")
            (project / "hello.py").write_text(text)
            made[name] = grading.grade(project, loaded.exercises[0], interpreter=interpreter, sandbox=sandbox)
    return made


@pytest.fixture
def workspace(tmp_path):
    """An empty workspace."""
    folder = tmp_path / "my work"
    workspaces.make_workspace(folder)
    return folder


@pytest.fixture
def session(loaded, workspace):
    """A session without an engine: events come from the test."""
    return Session(loaded, workspace, loaded.exercises[0])


@asynccontextmanager
async def _shown(app, size=WIDE):
    """The application at work, with its pilot."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


async def _until(pilot, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, _picture(pilot.app)
        await pilot.pause(0.01)
    await pilot.pause()


def _tell(app, session, *events):
    session.state.project = Path("/desk/01_greeting")  # the same wherever the test runs
    for event in events:
        app.tell(session.state.exercise, event)


def _began(session):
    modules = declarations.load_all(session.state.exercise.hidden_tests)
    return Started(tuple(check for module in modules for check in module.checks))


def _graded(attempt, before=None):
    return Graded(attempt, None if before is None else {check.id: str(check.outcome) for check in before.checks})


def _picture(app):
    width, height = app.size
    console = Console(width=width, height=height, file=io.StringIO(), record=True, legacy_windows=False)
    console.print(app.screen._compositor.render_update(full=True, screen_stack=app._background_screens))
    return "".join(f"{line.rstrip()}\n" for line in console.export_text().splitlines())


async def _settled(app, pilot):
    """The picture once the keys are listed below it, which comes a moment after all else."""
    await _until(pilot, lambda: _picture(app).splitlines()[-1].startswith("n next"))
    return _picture(app)


def _all(generator):
    """What an asynchronous generator yields."""

    async def collect():
        return [each async for each in generator]

    return asyncio.run(collect())


def _compare(pictures, size):
    """Compare named pictures with those that are kept."""
    for name, picture in _all(pictures):
        path = SCREENS / f"{name}_{'wide' if size is WIDE else 'small'}.txt"
        if os.environ.get("KATA_UPDATE_SCREENS"):
            path.write_text(picture, encoding="utf-8")
        assert picture == path.read_text(encoding="utf-8"), path.name


# Pictures.


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_pictures(session, attempts, size):
    """The screen is as kept: while checks come in, with a failure, what went up and down, success, and no verdict."""
    began = _began(session)
    stages = {
        "grading": [began, *attempts["better"].checks[:2]],
        "failed": [began, _graded(attempts["stub"])],
        "changed": [began, _graded(attempts["other"], attempts["better"])],
        "refused": [began, Refused("There is no project folder /desk/01_greeting; a reset makes it anew.")],
        "passed": [began, _graded(attempts["right"], attempts["right"])],
    }
    app = WatchApp(session)

    async def look():
        async with _shown(app, size) as pilot:
            for name, events in stages.items():
                _tell(app, session, *events)
                await pilot.pause()
                yield name, await _settled(app, pilot)

    _compare(look(), size)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_pictures_of_keys(session, attempts, size):
    """The screen is as kept after each key: hints, the list, the instructions, the question before a reset."""
    app = WatchApp(session)

    def shown(text):
        return lambda: isinstance(app.screen, TextDialog) and text in app.screen._text

    async def look():
        async with _shown(app, size) as pilot:
            _tell(app, session, _began(session), _graded(attempts["stub"]))
            for key in ("i", "l"):
                await pilot.press(key)
                await pilot.pause()
                yield key, await _settled(app, pilot)
                await pilot.press(key)
            for text in ("What does your program know", "The words of the command line"):
                await pilot.press("h")
                await _until(pilot, shown(text))
            yield "h_h", await _settled(app, pilot)
            await pilot.press("escape", "r")
            await _until(pilot, shown("at the beginning?"))
            yield "r", await _settled(app, pilot)

    _compare(look(), size)
    assert progress.load(session._workspace).entries["greeting"].hints == {"": 2}


REPOSITORY = Path(__file__).parents[4]
FAILED_EACH = {
    "cause": ["bin/report.py:8 puts 'lib'", 'sys.path.append("lib")', "expected: north quay", "got:      north quay"],
    "long": ["It greets Ada.", "expected: Hello, Ada!", "got:      \\x1b[2J"],
}


@pytest.fixture(scope="module")
def relative_entry(interpreter, tmp_path_factory):
    """A real exercise with the mistake of a relative path, graded: the exercise, the project, the attempt."""
    exercise = catalog.load(REPOSITORY).find(["path_appending"])[0]
    project = tmp_path_factory.mktemp("desk") / exercise.name
    for part in (exercise.stub, exercise.reference, exercise.folder / "mistakes" / "relative_entry"):
        shutil.copytree(part, project, dirs_exist_ok=True)
    with closing(sandboxes.choose("process")) as sandbox:
        return exercise, project, grading.grade(project, exercise, interpreter=interpreter, sandbox=sandbox)


@pytest.mark.parametrize("size", [(100, 30), (80, 24)], ids=["100x30", "80x24"])
@pytest.mark.parametrize("which", FAILED_EACH)
def test_first_to_fix_without_scrolling(loaded, workspace, attempts, relative_entry, monkeypatch, which, size):
    """The cause with its place, or else the lost check, and what was expected and came, stand on the first screen."""
    exercise, project, attempt = relative_entry
    monkeypatch.chdir(project.parent)
    session = Session(loaded, workspace, loaded.exercises[0])
    app = WatchApp(session)

    async def look():
        async with _shown(app, size) as pilot:
            if which == "cause":  # it isn't listed, which is no trouble
                session.state.exercise, session.state.project = exercise, project
            app.tell(session.state.exercise, _graded(attempt if which == "cause" else attempts["hostile"]))
            await pilot.pause()
            return _picture(app)

    picture = asyncio.run(look())
    places = [picture.find(text) for text in FAILED_EACH[which]]
    assert -1 not in places, picture
    assert places == sorted(places)


def test_colours_are_the_terminals(session, attempts):
    """Every colour is one of the terminal's own, so that a light terminal stays light and a dark one dark."""
    app = WatchApp(session)

    async def look():
        seen = []
        async with _shown(app) as pilot:
            _tell(app, session, _began(session), _graded(attempts["other"], attempts["better"]))
            for key in ("l", "escape", "r"):
                await pilot.press(key)
                await pilot.pause()
                strips = app.screen._compositor.render_strips()
                seen += [style for strip in strips for _, style, _ in strip if style is not None]
        return seen

    colours = [colour for style in asyncio.run(look()) for colour in (style.color, style.bgcolor) if colour is not None]
    assert {colour.type for colour in colours} == {ColorType.DEFAULT, ColorType.STANDARD}
    assert not {colour.number for colour in colours} & {0, 3, 7, 11}, "black, yellow or white can't always be read"


def test_hints_again(session, workspace):
    """Hints that were read stand above the next one, and are shown again before another is given."""
    with progress.changing(workspace) as known:
        known.entries["greeting"] = progress.Entry(exercise="greeting", outcomes={"test_greets": "failed"})
    app = WatchApp(session)

    def shows_another(before):
        return lambda: isinstance(app.screen, TextDialog) and app.screen is not before

    def levels():
        return sum(progress.load(workspace).entries["greeting"].hints.values())

    async def play():
        async with _shown(app, (80, 24)) as pilot:
            texts = []
            for keys in (["h"], ["h"], ["escape", "h"], ["h"]):
                before = app.screen
                await pilot.press(*keys)
                await _until(pilot, shows_another(before))
                texts.append((app.screen._text.count("**Hint"), levels()))
                assert "h: more" in _picture(app)
            return texts

    assert asyncio.run(play()) == [(1, 1), (2, 2), (2, 2), (3, 3)]


def test_any_size(session, attempts):
    """The verdict is the first line of a terminal of any size."""
    app = WatchApp(session)

    async def look():
        async with _shown(app) as pilot:
            _tell(app, session, _graded(attempts["stub"]))
            for width, height in itertools.product([20, 60, 200], [5, 20]):
                await pilot.resize_terminal(width, height)
                await pilot.pause()
                yield (width, height), _picture(app).splitlines()[0]

    for size, line in _all(look()):
        assert line.startswith(" ✗ 01 greeting: fa"), size


def test_no_colour(session, attempts, monkeypatch):
    """With NO_COLOR there is no colour anywhere, and signs say what colours would."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = WatchApp(session)

    async def look():
        async with _shown(app) as pilot:
            _tell(app, session, _began(session), _graded(attempts["other"], attempts["better"]))
            await pilot.press("l")
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            return {(style.color, style.bgcolor) for strip in strips for _, style, _ in strip if style is not None}

    named = {getattr(colour, "name", "default") for pair in asyncio.run(look()) for colour in pair}
    assert named == {"default"}


def test_hostile_output(session, attempts):
    """A program's output is shown as it is: no markup in it is obeyed, and nothing acts on the terminal."""
    app = WatchApp(session)

    async def look():
        async with _shown(app, (200, 50)) as pilot:
            _tell(app, session, _began(session), _graded(attempts["hostile"]))
            await pilot.pause()
            return _picture(app)

    picture = asyncio.run(look())
    assert "\\x1b[2J\\x1b]0;owned\\x07[bold red]x[/]" in picture
    assert "\x1b" not in picture


def test_a_message_without_an_end(session):
    """A message of a megabyte is cut, and the screen still answers."""
    result = CheckResult("test_greets", "It greets.", Outcome.FAILED, 100, "[red]" * 200_000 + "\n" * 50_000)
    app = WatchApp(session)

    async def look():
        async with _shown(app) as pilot:
            _tell(app, session, result)
            await pilot.pause()
            await pilot.press("i")
            return app.query_one("#right").has_class("-reading")

    assert asyncio.run(look())


# What becomes of what.


def test_news_of_another_exercise(session, loaded, attempts):
    """What the engine still tells of an exercise that was left changes nothing."""
    app = WatchApp(session)

    async def look():
        async with _shown(app) as pilot:
            await pilot.press("n")
            await pilot.pause()
            app.tell(loaded.exercises[0], _graded(attempts["right"]))
            await pilot.pause()
            return _picture(app)

    assert "02 farewell: waiting" in asyncio.run(look())


def test_news_at_the_end(session, attempts):
    """What the engine tells while the screen is being taken away is no trouble."""
    app = WatchApp(session)

    async def look():
        async with _shown(app) as pilot:
            await app.screen.remove_children()
            _tell(app, session, _graded(attempts["right"]))
            await pilot.pause()

    asyncio.run(look())


def test_a_dropped_grading(session, attempts):
    """After a drop the checks count from the beginning."""
    app = WatchApp(session)

    async def look():
        async with _shown(app) as pilot:
            _tell(app, session, _began(session), *attempts["right"].checks, Dropped())
            await pilot.pause()
            return _picture(app)

    assert "01 greeting: grading\n" in asyncio.run(look())


def test_a_broken_engine(session):
    """Where the engine has broken off, the application ends and knows why."""
    app = WatchApp(session)

    async def look():
        async with _shown(app) as pilot:
            _tell(app, session, Broken("It broke."))
            await _until(pilot, lambda: not app.is_running)

    asyncio.run(look())
    assert app.broken == "It broke."


@pytest.mark.parametrize(("key", "interrupted"), [("q", False), ("ctrl+c", True)])
def test_ending(session, key, interrupted):
    """Q ends the application; so does Ctrl-C, also over a sheet, and says so."""
    app = WatchApp(session)

    async def look():
        async with _shown(app) as pilot:
            if interrupted:
                await pilot.press("r")
                await pilot.pause()
                assert isinstance(app.screen, QuestionDialog)
            await pilot.press(key)
            await _until(pilot, lambda: not app.is_running)

    asyncio.run(look())
    assert app.interrupted is interrupted


# With the engine.


@pytest.fixture
def engaged(session, interpreter):
    """An application with an engine."""
    app = WatchApp(session)
    session.begin(Conditions(interpreter, "process", ()), app.tell, poll=False)
    with closing(session):
        yield app


def _verdict(app):
    return str(app.query_one("#verdict", Static).content)


def test_a_save(engaged, workspace):
    """A save brings the new verdict to the screen, and to the list."""

    async def play():
        async with _shown(engaged) as pilot:
            await _until(pilot, lambda: "failed" in _verdict(engaged))
            (workspace / "01_greeting" / "hello.py").write_text(ANSWERS["right"])
            await _until(pilot, lambda: "passed, 100 of 100" in _verdict(engaged))
            return _picture(engaged)

    picture = asyncio.run(play())
    assert "▲ 100 points up since the last attempt" in picture
    assert "✓ 01 greeting" in picture.splitlines()[2]


def test_all_keys(engaged, workspace):
    """Reset, x-ray, list, next and solution do what they say."""
    file = workspace / "01_greeting" / "hello.py"

    async def play():
        async with _shown(engaged) as pilot:
            await _until(pilot, lambda: "failed" in _verdict(engaged))
            assert engaged.check_action("solution", ()) is False
            await _try_reset(pilot, file)
            await pilot.press("x")
            await _until(pilot, lambda: isinstance(engaged.screen, TextDialog))
            assert "hello.py" in engaged.screen._text
            await pilot.press("escape", "l", "down", "enter")
            await _until(pilot, lambda: "02 farewell: failed" in _verdict(engaged))
            await pilot.press("n")
            await _until(pilot, lambda: "01 greeting: failed" in _verdict(engaged))
            for name in ("01_greeting", "02_farewell"):
                (workspace / name / "hello.py").write_text(ANSWERS["right"])
                await _until(pilot, lambda: "passed" in _verdict(engaged))
                await pilot.press("s")
                await _until(pilot, lambda: isinstance(engaged.screen, TextDialog))
                await pilot.press("escape", "n")
                await pilot.pause()
            await _until(pilot, lambda: isinstance(engaged.screen, TextDialog))
            assert "All exercises are passed" in engaged.screen._text

    asyncio.run(play())


async def _try_reset(pilot, file):
    app = pilot.app
    file.write_text("# mine\n")
    await pilot.press("r")
    await pilot.pause()
    assert isinstance(app.screen, QuestionDialog)
    await pilot.press("n")
    await pilot.pause()
    assert file.read_text() == "# mine\n"
    await pilot.press("r", "y")
    await _until(pilot, lambda: isinstance(app.screen, TextDialog) and not isinstance(app.screen, QuestionDialog))
    assert "kata restore greeting" in app.screen._text
    assert file.read_text() == (TINY_CATALOGUE / "exercises/01_greeting/stub/hello.py").read_text()
    await pilot.press("escape")
    await pilot.pause()
    assert not isinstance(app.screen, TextDialog)


def test_a_project_that_goes(engaged, workspace):
    """A project that is removed under the watch is said to be gone, and a reset brings it back."""

    async def play():
        async with _shown(engaged) as pilot:
            await _until(pilot, lambda: "failed" in _verdict(engaged))
            shutil.rmtree(workspace / "01_greeting")
            await _until(pilot, lambda: "ungraded" in _verdict(engaged))
            await pilot.press("r", "y")
            await _until(pilot, lambda: "failed" in _verdict(engaged))
            await pilot.press("escape")

    asyncio.run(play())


def test_a_workspace_that_cannot_be_written(loaded, tmp_path):
    """Where no project can be made, a sheet says why."""
    (tmp_path / "work").write_text("a file")
    app = WatchApp(Session(loaded, tmp_path / "work", loaded.exercises[0]))

    async def play():
        async with _shown(app) as pilot:
            await _until(pilot, lambda: isinstance(app.screen, TextDialog))
            return app.screen._text

    assert "can't be made" in asyncio.run(play())

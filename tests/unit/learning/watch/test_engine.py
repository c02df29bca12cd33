"""The engine of `kata watch`: real judges, files and processes; what is waited for is always a state."""

import dataclasses
import os
import queue
import shutil
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from grader import catalog, progress
from grader import sandbox as sandboxes
from grader.grading import Conditions
from grader.judge.checking.declarations import Check
from grader.learning.watch import engine, file_changes
from grader.learning.watch.engine import Engine, Graded, XrayDone
from grader.learning.watch.file_changes import FolderWatch, scan
from grader.learning.watch.judge_process import Dropped, Judge, Refused, Started, XrayText
from grader.learning.watch.session import Session, first_unpassed
from grader.learning.watch.state import Stage, WatchState
from grader.learning.workspace import workspaces
from grader.model import CheckResult, Outcome, Verdict

TINY_CATALOGUE = Path(__file__).parents[3] / "data" / "tiny_catalogue"
RIGHT = TINY_CATALOGUE / "solutions" / "01_greeting" / "reference" / "hello.py"
ENDLESS = "while True:\n    pass\n"
PATIENCE = 120
"""Seconds after which what is waited for counts as lost."""


# Changes of files.


class Told:
    """Counts calls, and waits for them."""

    def __init__(self):
        self._calls = queue.SimpleQueue()

    def __call__(self):
        """Count one."""
        self._calls.put(None)

    def wait(self):
        """Wait for one."""
        self._calls.get(timeout=PATIENCE)


@pytest.fixture
def project(tmp_path):
    """A folder with files in two levels; its path has a space."""
    folder = tmp_path / "a project"
    (folder / "inner").mkdir(parents=True)
    (folder / "main.py").write_text("one")
    (folder / "inner" / "part.py").write_text("two")
    return folder


def _write(folder):
    (folder / "main.py").write_text("other")


def _write_below(folder):
    (folder / "inner" / "part.py").write_text("other")


def _save_atomically(folder):
    (folder / "main.py.tmp").write_text("other")
    (folder / "main.py.tmp").replace(folder / "main.py")


def _save_over_backup(folder):
    (folder / "main.py").rename(folder / "main.py~")
    (folder / "main.py").write_text("other")


def _same_size(folder):
    (folder / "main.py").write_text("eno")


def _remove(folder):
    (folder / "main.py").unlink()


def _rename_folder(folder):
    (folder / "inner").rename(folder / "outer")


def _remove_all(folder):
    shutil.rmtree(folder)


def _replace_all(folder):
    shutil.copytree(folder, folder.with_name("fresh"))
    shutil.rmtree(folder)
    folder.with_name("fresh").rename(folder)


@pytest.mark.parametrize("poll", [False, True], ids=["events", "poll"])
@pytest.mark.parametrize(
    "change",
    [
        _write,
        _write_below,
        _save_atomically,
        _save_over_backup,
        _same_size,
        _remove,
        _rename_folder,
        _remove_all,
        _replace_all,
    ],
    ids=lambda change: change.__name__.strip("_"),
)
def test_changes(project, change, poll):
    """Whatever way an editor saves, and whatever becomes of the folder, it is told."""
    told = Told()
    with closing(FolderWatch(project, told, poll=poll)):
        change(project)
        told.wait()


@pytest.mark.parametrize("poll", [False, True], ids=["events", "poll"])
def test_changes_in_a_folder_that_comes(project, poll):
    """A folder that goes and comes back is looked after as before, and so is a new one in it."""
    told = Told()
    with closing(FolderWatch(project, told, poll=poll)):
        shutil.rmtree(project)
        told.wait()
        (project / "new").mkdir(parents=True)
        told.wait()
        (project / "new" / "main.py").write_text("one")
        told.wait()
        (project / "new" / "main.py").write_text("two!")
        told.wait()


def test_what_is_no_change(project):
    """What editors, Python and tools keep beside the work looks like no change, and neither do our own files."""
    (project / "inner" / "__pycache__").mkdir()
    before = scan(project)
    beside = ["main.py~", ".main.py.swp", "4913", ".#main.py", "#main.py#", "main.py.tmp", ".DS_Store"]
    for name in beside:
        (project / name).write_text("x")
    for name in (".git", "__pycache__", ".venv", ".kata"):
        (project / name).mkdir()
        (project / name / "any.py").write_text("x")
    (project / "inner" / "__pycache__" / "part.pyc").write_text("x")
    assert scan(project) == before
    (project / "notes.txt").write_text("x")
    assert scan(project) != before


def test_no_link_is_followed(project, tmp_path):
    """A link is looked at as a link, wherever it leads: what is behind it is not."""
    (tmp_path / "elsewhere").mkdir()
    (project / "link").symlink_to(tmp_path / "elsewhere")
    (project / "loop").symlink_to(project)
    before = scan(project)
    (tmp_path / "elsewhere" / "main.py").write_text("x")
    assert scan(project) == before
    assert len(before) == 6


def test_too_many_files(project, monkeypatch):
    """A folder of more files than a project may have is not looked through to its end."""
    monkeypatch.setattr(file_changes, "MAX_FILES", 20)
    for number in range(30):
        (project / "inner" / f"{number}.py").touch()
    assert len(scan(project)) < 25


def test_closing_a_folder_watch(project):
    """Once closed, it has no thread left, and tells of nothing more."""
    told = Told()
    FolderWatch(project, told).close()
    assert "watch" not in {thread.name for thread in threading.enumerate()}


# The engine.


@pytest.fixture(scope="module")
def loaded():
    """The tiny catalogue."""
    return catalog.load(TINY_CATALOGUE)


class Watch:
    """An engine with one workspace, and what it told."""

    def __init__(self, loaded, workspace, conditions, **fields):
        self.exercise = loaded.exercises[0]
        self.project = workspace / self.exercise.name
        self.told = queue.SimpleQueue()
        self.engine = Engine(workspace, conditions, lambda exercise, event: self.told.put((exercise, event)), **fields)

    def save(self, text):
        """Change the project."""
        (self.project / "hello.py").write_text(text)

    def until(self, *kinds):
        """All that is told up to the first of one of these kinds."""
        events = []
        while not events or not isinstance(events[-1], kinds):
            exercise, event = self.told.get(timeout=PATIENCE)
            assert exercise is self.exercise
            events.append(event)
        return events

    def graded(self):
        """The next attempt."""
        return self.until(Graded)[-1].attempt


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where temporary folders go."""
    path = tmp_path / "temporary"
    path.mkdir()
    monkeypatch.setenv("TMPDIR", str(path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return path


@pytest.fixture
def workspace(tmp_path, loaded):
    """A workspace with the project as its stub."""
    folder = tmp_path / "my work"
    workspaces.make_workspace(folder)
    workspaces.lay_missing(loaded.exercises, folder)
    return folder


@pytest.fixture
def conditions(interpreter):
    """Judges that confine nothing: they work everywhere, and start fastest."""
    return Conditions(interpreter, "process", ())


@pytest.fixture
def watch(loaded, workspace, conditions, temporary):
    """An engine; when the test is over, no process and no folder of it may be left."""
    made = Watch(loaded, workspace, conditions)
    yield made
    pid = made.engine.judge
    made.engine.close()
    assert not pid or _gone(pid)
    assert list(temporary.iterdir()) == []


@pytest.fixture
def confined(loaded, workspace, interpreter, temporary):
    """The same with the sandbox that clears up even after a judge that was killed, a moment later."""
    if why_not := sandboxes.why_not_bubblewrap():
        pytest.skip(f"bubblewrap: {why_not}")
    made = Watch(loaded, workspace, Conditions(interpreter, "bubblewrap", ()))
    yield made
    made.engine.close()
    deadline = time.monotonic() + PATIENCE
    while any(temporary.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(temporary.iterdir()) == []


def _gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_checks_as_they_come(watch):
    """Opening an exercise grades it: the checks are known first, each is told as it ends, then the attempt."""
    watch.engine.open(watch.exercise)
    began, *results, graded = watch.until(Graded)
    assert isinstance(began, Started)
    assert [check.id for check in began.checks] == [result.id for result in results]
    assert all(isinstance(check, Check) for check in began.checks)
    assert tuple(results) == graded.attempt.checks
    assert (graded.attempt.verdict, graded.before) == (Verdict.FAILED, None)


def test_saving(watch, workspace):
    """A save brings a new verdict, with the outcomes before it, and both are in the learner's history."""
    watch.engine.open(watch.exercise)
    before = {check.id: str(check.outcome) for check in watch.graded().checks}
    watch.save(RIGHT.read_text())
    graded = watch.until(Graded)[-1]
    assert (graded.attempt.score, graded.before, graded.trouble) == (100, before, None)
    entry = progress.load(workspace).entries[watch.exercise.slug]
    assert (entry.attempts, entry.last, entry.passed(1)) == (2, 100, True)


@pytest.mark.parametrize("tier", ["process", "auto"])
def test_saving_amid_a_grading(loaded, workspace, interpreter, temporary, tier):
    """A save drops the grading under way, whatever runs in it, and the same judge grades what is there now."""
    watch = Watch(loaded, workspace, Conditions(interpreter, sandboxes.resolve_tier(tier), ()))
    with closing(watch.engine):
        watch.save(ENDLESS)
        watch.engine.open(watch.exercise)
        watch.until(Started)
        judge = watch.engine.judge
        watch.save(RIGHT.read_text())
        events = watch.until(Graded)
        assert (type(events[0]), type(events[1])) == (Dropped, Started)
        assert (events[-1].attempt.score, watch.engine.judge) == (100, judge)
    assert list(temporary.iterdir()) == []


def test_many_saves_at_once(watch):
    """Of many saves in a row the last is what is graded in the end."""
    watch.engine.open(watch.exercise)
    watch.until(Started)
    for number in range(20):
        watch.save(f"print({number})\n")
    watch.save(RIGHT.read_text())
    while watch.graded().score != 100:
        pass


def test_a_judge_that_dies(confined):
    """A judge that is killed, at work or not, is replaced, and the learner's work is graded all the same."""
    confined.save(ENDLESS)
    confined.engine.open(confined.exercise)
    confined.until(Started)
    first_judge = confined.engine.judge
    os.kill(first_judge, 9)
    confined.until(Started)
    second = confined.engine.judge
    assert second != first_judge
    confined.save(RIGHT.read_text())
    assert confined.graded().score == 100
    os.kill(second, 9)
    confined.save("print('Hello')\n")
    assert confined.graded().score < 100


def test_a_judge_that_dies_again_and_again(confined):
    """What kills each judge is not tried for ever; the next save is."""
    confined.save(ENDLESS)
    confined.engine.open(confined.exercise)
    for _ in range(2):
        confined.until(Started)
        os.kill(confined.engine.judge, 9)
    (refused,) = confined.until(Refused)
    assert "died twice" in refused.why
    confined.save(RIGHT.read_text())
    assert confined.graded().score == 100


def test_a_project_that_goes(watch):
    """A project that is removed can't be graded, which is said; once it is back, it is graded."""
    watch.engine.open(watch.exercise)
    watch.graded()
    shutil.rmtree(watch.project)
    assert str(watch.project) in watch.until(Refused)[-1].why
    watch.project.mkdir()
    watch.save(RIGHT.read_text())
    while watch.graded().score != 100:  # it may have been seen without its file
        pass


def test_a_project_that_is_refused(watch):
    """What can't be taken in is refused in a sentence, and the watch goes on."""
    (watch.project / "link").symlink_to("/")
    watch.engine.open(watch.exercise)
    assert "link" in watch.until(Refused)[-1].why
    (watch.project / "link").unlink()
    watch.graded()


@pytest.mark.usefixtures("temporary")
def test_broken_checks(tmp_path, workspace, conditions):
    """Checks that can't be loaded are refused in a sentence."""
    watch = _altered(tmp_path, "1 / 0", workspace, conditions)
    with closing(watch.engine):
        watch.engine.open(watch.exercise)
        assert "ZeroDivisionError" in watch.until(Refused)[-1].why


def test_a_broken_history(watch, workspace):
    """A history that can't be read is set aside, which is said, and the attempt still counts."""
    history = workspace / ".kata" / "progress.json"
    history.write_text("{")
    watch.engine.open(watch.exercise)
    graded = watch.until(Graded)[-1]
    assert "broken-1" in graded.trouble
    assert len(graded.attempt.checks) == 3
    assert progress.load(workspace).entries[watch.exercise.slug].attempts == 1


def test_a_history_that_is_gone(watch, workspace):
    """A workspace without a place for the history is no reason not to grade."""
    shutil.rmtree(workspace / ".kata")
    (workspace / ".kata").write_text("")
    watch.engine.open(watch.exercise)
    graded = watch.until(Graded)[-1]
    assert graded.trouble.startswith("Progress can't be written")
    assert len(graded.attempt.checks) == 3


@pytest.mark.usefixtures("temporary")
def test_turning_to_another(tmp_path, workspace, conditions):
    """Turning to another exercise drops what is under way, and from then on only that one is watched."""
    exercises = shutil.copytree(TINY_CATALOGUE, tmp_path / "catalogue") / "exercises"
    shutil.copytree(exercises / "01_greeting", exercises / "02_farewell")
    shutil.copytree(exercises.parent / "solutions" / "01_greeting", exercises.parent / "solutions" / "02_farewell")
    loaded = catalog.load(exercises.parent)
    workspaces.lay_missing(loaded.exercises, workspace)
    watch = Watch(loaded, workspace, conditions)
    with closing(watch.engine):
        watch.save(ENDLESS)
        watch.engine.open(watch.exercise)
        watch.until(Started)
        watch.engine.open(loaded.exercises[1])
        watch.until(Dropped)
        watch.exercise = loaded.exercises[1]
        assert watch.graded().exercise == "farewell"
        watch.save("print('nobody looks')")
        shutil.copy(RIGHT, workspace / "02_farewell" / "hello.py")
        assert watch.graded().score == 100


def test_x_ray(watch):
    """An x-ray is made by the judge after the grading, and also of a project that can't be taken in."""
    watch.engine.open(watch.exercise)
    watch.engine.request_xray()
    *_, graded, shown = watch.until(XrayDone)
    assert isinstance(graded, Graded)
    assert isinstance(shown.xray, XrayText), shown.text
    assert "hello.py" in shown.text
    (watch.project / "link").symlink_to("/")
    watch.until(Refused)
    watch.engine.request_xray()
    assert "link" in watch.until(XrayDone)[-1].text


@pytest.mark.parametrize("text", [ENDLESS, "print('Hello')\n"], ids=["endless", "quick"])
def test_closing_amid_a_grading(loaded, workspace, conditions, temporary, text):
    """Closing ends what is under way and leaves no thread, process or folder."""
    watch = Watch(loaded, workspace, conditions)
    watch.save(text)
    watch.engine.open(watch.exercise)
    watch.until(Started)
    judge = watch.engine.judge
    watch.engine.close()
    assert _gone(judge)
    assert list(temporary.iterdir()) == []
    assert "watch engine" not in {thread.name for thread in threading.enumerate()}


def test_a_judge_left_alone(loaded, workspace, conditions, temporary):
    """A judge that nobody hears any more ends by itself and clears up, whatever it is doing."""
    (workspace / "01_greeting" / "hello.py").write_text(ENDLESS)
    judge = Judge(conditions)
    judge.ask(1, workspace / "01_greeting", loaded.exercises[0])
    while not any(temporary.rglob("project")):
        time.sleep(0.01)
    judge.connection.close()
    judge._process.join(PATIENCE)
    assert (judge._process.exitcode, list(temporary.iterdir())) == (0, [])
    judge._process.close()


def test_nothing_is_imported_from_here(loaded, workspace, conditions, tmp_path, monkeypatch):
    """A judge imports no module of the folder that the command was started in."""
    for name in ("random", "socket", "json", "multiprocessing", "grader"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'caught')!r}, 'a')._write(__name__)")
    monkeypatch.chdir(tmp_path)
    watch = Watch(loaded, workspace, conditions)
    with closing(watch.engine):
        watch.engine.open(watch.exercise)
        watch.graded()
    assert not (tmp_path / "caught").exists()


HANGING = '''
from grader.checks import check

@check(points=100, clause=1)
def test_greets(project):
    """It says nothing of hanging."""
    while "hang" in (project / "hello.py").read_text():
        pass
'''


@pytest.mark.usefixtures("temporary")
def test_a_judge_that_hangs(tmp_path, workspace, conditions, monkeypatch):
    """A judge that can't let go of a grading is ended, and another one grades what was saved."""
    monkeypatch.setattr(engine, "_DROP_TIMEOUT", 0.1)
    monkeypatch.setattr(engine, "_END_TIMEOUT", 0.1)
    watch = _altered(tmp_path, HANGING, workspace, conditions)
    with closing(watch.engine):
        watch.save("# hang")
        watch.engine.open(watch.exercise)
        watch.until(Started)
        judge = watch.engine.judge
        watch.save("")
        assert watch.graded().score == 100
        assert _gone(judge)


def _altered(tmp_path, checks, workspace, conditions):
    """An watch for the tiny catalogue with other checks."""
    shutil.copytree(TINY_CATALOGUE, tmp_path / "catalogue")
    (tmp_path / "catalogue/exercises/01_greeting/hidden_tests/test_greeting.py").write_text(checks)
    return Watch(catalog.load(tmp_path / "catalogue"), workspace, conditions)


ONE_EXECUTION = '''
from grader.checks import check, expect, observation

@observation
def greeted(project):
    return project.python("hello.py", cwd=project.path)

@check(points=100, clause=1)
def test_greets(greeted):
    """It greets nobody."""
    expect(greeted).stdout("")
'''


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read in /proc")
@pytest.mark.usefixtures("temporary")
def test_memory_stays_flat(tmp_path, workspace, conditions):
    """Two hundred gradings in a row make neither us nor the judge grow."""
    watch = _altered(tmp_path, ONE_EXECUTION, workspace, conditions)
    with closing(watch.engine):
        for number in range(200):
            watch.engine.open(watch.exercise)
            assert len(watch.graded().checks) == 1
            if number == 20:
                before = _resident(os.getpid()), _resident(watch.engine.judge)
        grown = _resident(os.getpid()) - before[0], _resident(watch.engine.judge) - before[1]
    assert max(grown) < 8 << 20, grown


def _resident(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# What is known of it.


def _board_of(watch):
    state = WatchState(watch.exercise, watch.project)
    watch.engine.open(watch.exercise)
    for event in watch.until(Graded):
        state.apply(event)
    return state


def test_a_board(watch):
    """The board counts what came, keeps the verdict, and says what went up and down."""
    state = WatchState(watch.exercise, watch.project)
    assert state.stage is Stage.WAITING
    watch.engine.open(watch.exercise)
    began, *results, graded = watch.until(Graded)
    state.apply(began)
    assert (state.verdict(), state.first_failure()) == ("grading", None)
    state.apply(results[0])
    assert state.verdict() == "grading, 1 of 3 checks done"
    assert [result for *_, result in state.rows()] == [results[0], None, None]
    state.apply(graded)
    assert state.verdict() == "failed, 0 of 100 points, 0 of 3 checks"
    watch.save("import sys\n\nprint(f'Hello, {sys.argv[-1]}!')\n")
    for event in watch.until(Graded):
        state.apply(event)
    assert (state.difference().points_won, state.difference().points_lost, state.passed) == (80, 0, False)
    watch.save("import sys\n\nif __name__ == '__main__':\n    print('Hello, Ada!')\n")
    for event in watch.until(Graded):
        state.apply(event)
    assert (state.difference().points_won, state.difference().points_lost) == (20, 40)
    state.apply(Refused("It is gone."))
    assert (state.verdict(), state.why, state.first_failure()) == ("ungraded", "It is gone.", None)


def test_hostile_output(watch):
    """Whatever a program prints, what is shown of it is harmless and of a size to read."""
    watch.save("print('\\x1b[2J\\x1b]0;owned\\x07\\u202e[bold red]x[/]' + 'A' * 900_000)\n")
    state = _board_of(watch)
    lost = state.first_failure()
    _assert_harmless(state.message(lost))
    assert "[bold red]" in state.message(lost)
    _assert_harmless(state.message(dataclasses.replace(lost, message="\x1b[2J\u202e" * 200_000 + "\n" * 9_000)))


def _assert_harmless(message):
    assert all(char.isprintable() or char == "\n" for char in message)
    assert len(message) < 17_000


def test_what_is_first(loaded, workspace):
    """A session begins with what isn't passed, turns to what comes next, and ends where all is passed."""
    exercise = loaded.exercises[0]
    assert first_unpassed(loaded.exercises, workspace) is exercise
    session = Session(loaded, workspace, exercise)
    assert (session.next_exercise(), [row.words for row in session.listing()]) == (None, ["not tried yet"])
    result = CheckResult("test_greets", "It greets.", Outcome.PASSED, 100)
    assert not session.may_see_solution()
    with progress.changing(workspace) as known:
        known.entries["greeting"] = progress.Entry(exercise="greeting", last=100, passed_version=1)
    session.open(exercise)
    assert session.may_see_solution()
    assert [row.words for row in session.listing()] == ["passed"]
    assert first_unpassed(loaded.exercises, workspace) is exercise
    assert session.apply(exercise, result)

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from grader import catalog, progress, storage
from grader.errors import UsageError
from grader.model import Attempt, CheckResult, Outcome, Run, Verdict
from grader.progress import Entry, Progress
from grader.learning.workspace import backups, grading, transactions, project_files, stub_records, updates, workspaces

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no such thing")

ONE, TWO = "01_one", "02_two"
VERSIONS = [
    {ONE: {"a.py": "a1", "b.py": "b1", "lib/g.txt": "g1"}, TWO: {"t.py": "t1"}},
    {ONE: {"a.py": "a2", "b.py": "b1", "lib/g.txt": "g2", "c.py": "c2"}, TWO: {"t.py": "t1"}},
    {ONE: {"a.py": "a2", "lib/g.txt": "g3", "b.py/inside.py": "b3"}, TWO: {"t.py": "t3"}, "03_three": {"n.py": "n3"}},
    {ONE: {"a.py": "a4", "lib/g.txt": "g3"}, "04_two": {"t.py": "t3"}},
]
"""The stubs of a catalogue as it changes."""


def make_catalogue(folder, version):
    """Write the catalogue of that version; gives it loaded."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, files in VERSIONS[version].items():
        exercise = folder / "exercises" / name
        for file, text in files.items():
            path = exercise / "stub" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        given = [file for file in files if file.endswith(".txt")]
        learner = [file for file in files if file not in given]
        lines = [f'title = "{name}"', "difficulty = 1", "concepts = []", f"version = {version + 1}"]
        lines += [f"learner = {learner}", f"given = {given}"]
        for later in range(2, version + 2):
            lines += ["[[changes]]", f"version = {later}", f'says = "New in {later}."']
        (exercise / "exercise.toml").write_text("\n".join([*lines, ""]))
    return catalog.load(folder)


def files_in(folder):
    """What a project holds: text by name."""
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def without_rights():
    """Run a function in a folder that is given to an ordinary user, in a process of that user's."""

    def run(folder, act):
        child = os.fork()
        if child == 0:
            try:
                os.chdir(folder)  # so that no folder above needs to be open to everybody
                if os.geteuid() == 0:
                    for path in (Path(), *Path().rglob("*")):
                        os.chown(path, 65534, 65534)
                    os.setgroups([])
                    os.setuid(65534)
                act()
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0

    return run


def stub_of(version, name):
    """What it began as."""
    return dict(VERSIONS[version][name])


@pytest.fixture
def first(tmp_path):
    """The catalogue in its first version."""
    return make_catalogue(tmp_path / "catalogue", 0)


@pytest.fixture
def workspace(tmp_path, first):
    """A workspace begun with that."""
    workspaces.start(first, tmp_path / "work space")
    return tmp_path / "work space"


@pytest.fixture
def update(tmp_path, workspace):
    """Bring the workspace to another version; gives what became of each project, by name."""

    def run(version):
        done = []
        updates.update(make_catalogue(tmp_path / "catalogue", version), workspace, done.append)
        return {each.exercise.name: each for each in done}

    return run


class TestFinding:
    """Which folder is meant."""

    def test_upwards(self, workspace):
        """From anywhere inside of a workspace, that workspace is meant, and of two the inner one."""
        deep = workspace / ONE / "lib"
        assert workspaces.find(deep) == workspaces.find(workspace) == workspace
        workspaces.make_workspace(workspace / ONE)
        assert workspaces.find(deep) == workspace / ONE

    def test_none(self, tmp_path):
        """Where there is none, it would be called workspace/; a `.kata` that is a file or a link makes none."""
        (tmp_path / "real" / ".kata").mkdir(parents=True)
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / ".kata").symlink_to(tmp_path / "real" / ".kata")
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / ".kata").write_text("")
        for name in ("a", "b"):
            assert workspaces.find(tmp_path / name) == tmp_path / name / "workspace"

    def test_below(self, tmp_path):
        """The only workspace in a folder is meant there; of several none, and a sentence names them harmlessly."""
        workspaces.make_workspace(tmp_path / "desk")
        (tmp_path / "notes").mkdir()
        assert workspaces.find(tmp_path) == tmp_path / "desk"
        workspaces.make_workspace(tmp_path / "old\x1b desk")
        with pytest.raises(UsageError, match=r"desk/, old\\x1b desk/\."):
            workspaces.find(tmp_path)
        assert workspaces.find(tmp_path / "desk") == tmp_path / "desk"
        (tmp_path / "workspace").mkdir()  # the usual name goes before others
        assert workspaces.find(tmp_path) == tmp_path / "workspace"

    def test_somebody_elses(self, tmp_path):
        """A `.kata` that another program keeps further up makes no workspace; an empty one, half begun, does."""
        (tmp_path / ".kata").mkdir()
        (tmp_path / "desk").mkdir()
        assert workspaces.find(tmp_path / "desk") == tmp_path
        (tmp_path / ".kata" / "config.toml").write_text("")
        assert workspaces.find(tmp_path / "desk") == tmp_path / "desk" / "workspace"
        (tmp_path / ".kata" / "stubs.broken-1.json").write_text("")
        assert workspaces.find(tmp_path / "desk") == tmp_path

    def test_existing(self, tmp_path, workspace):
        """What is no workspace is refused by a sentence that says which command makes it one."""
        assert workspaces.find_existing(workspace) == workspace
        for place in (tmp_path, tmp_path / "nowhere"):
            with pytest.raises(UsageError, match="`kata start"):
                workspaces.find_existing(place)


class TestStart:
    """Making a workspace."""

    def test_new(self, tmp_path, first):
        """All stubs are laid and recorded, beside a README and settings that hide no bytecode."""
        made = workspaces.start(first, tmp_path / "new" / "desk")
        desk = tmp_path / "new" / "desk"
        assert made == (desk / ONE, desk / TWO)
        assert {name: files_in(desk / name) for name in (ONE, TWO)} == VERSIONS[0]
        assert {".editorconfig", ".vscode", "README.md", ".kata"} < {path.name for path in desk.iterdir()}
        assert '"**/__pycache__": false' in (desk / ".vscode" / "settings.json").read_text()
        assert stub_records.load(desk)["one"].version == 1
        assert [path.name for path in (desk / ".kata").iterdir()] == ["stubs.json"]

    def test_what_is_there_stays(self, tmp_path, first):
        """A folder of somebody's becomes a workspace, and no file in it changes."""
        desk = tmp_path / "desk"
        own = {f"{ONE}/a.py": "mine", "README.md": "mine", ".vscode/settings.json": "{}", "notes": "mine"}
        for name, text in own.items():
            (desk / name).parent.mkdir(parents=True, exist_ok=True)
            (desk / name).write_text(text)
        assert workspaces.start(first, desk) == (desk / TWO,)
        assert {name: (desk / name).read_text() for name in own} == own
        assert files_in(desk / ONE) == {"a.py": "mine"}
        assert workspaces.start(first, desk) == ()

    def test_read_only_catalogue(self, tmp_path, first):
        """Stubs of an installation that nobody may write to can be edited where they are laid."""
        stub = first.exercises[0].stub / "a.py"
        stub.chmod(0o444)
        stub.parent.chmod(0o555)
        workspaces.start(first, tmp_path / "desk")
        stub.parent.chmod(0o755)
        assert (tmp_path / "desk" / ONE / "a.py").stat().st_mode & 0o200
        assert (tmp_path / "desk" / ONE).stat().st_mode & 0o200

    def test_catalogue_itself(self, tmp_path, first):
        """The exercises themselves are no workspace: a reset would undo an author's work."""
        for folder in ("exercises", "solutions/01_one"):
            with pytest.raises(UsageError, match="another folder"):
                workspaces.start(first, tmp_path / "catalogue" / folder)

    @pytest.mark.parametrize("obstacle", ["", ".kata"])
    def test_file_in_the_way(self, tmp_path, first, obstacle):
        """A file where a folder is to be ends in a sentence, and stays."""
        path = tmp_path / "desk" / obstacle
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
        with pytest.raises(UsageError, match="can't be made"):
            workspaces.start(first, tmp_path / "desk")
        assert path.read_text() == "mine"

    def test_old_workspace(self, tmp_path, first):
        """Stubs that are missing in a folder without `.kata` are laid all the same, and nothing else."""
        desk = tmp_path / "desk"
        (desk / ONE).mkdir(parents=True)
        assert workspaces.lay_missing(first.exercises, desk) == (desk / TWO,)
        assert sorted(path.name for path in desk.iterdir()) == [ONE, TWO]


class TestUpdate:
    """New versions of the exercises."""

    def test_untouched(self, workspace, update):
        """What the learner hasn't touched becomes the new stub, file by file; nothing needs to be kept."""
        done = update(1)
        assert files_in(workspace / ONE) == stub_of(1, ONE)
        assert (done[ONE].changed, done[ONE].backup, done[ONE].new_stub) == (("a.py", "c.py", "lib/g.txt"), None, None)
        assert list(updates.sentences(done[TWO])) == [f"{TWO}: New in 2."]  # its stub is the same
        assert not any(each.is_worth_reporting for each in update(1).values())
        update(2)
        assert files_in(workspace / ONE) == stub_of(2, ONE)
        assert files_in(workspace / "03_three") == stub_of(2, "03_three")

    def test_edited(self, workspace, update):
        """Edited work stays; the new stub is laid beside it, and given files are brought up to date."""
        (workspace / ONE / "a.py").write_text("mine")
        (workspace / ONE / "more.py").write_text("more")
        done = update(1)[ONE]
        assert files_in(workspace / ONE) == stub_of(1, ONE) | {"a.py": "mine", "more.py": "more"}
        assert (done.kept_files, done.new_stub, done.backup) == (("a.py",), workspace / f"{ONE}.new", None)
        assert files_in(done.new_stub) == stub_of(1, ONE)
        told = " ".join(updates.sentences(done))
        assert "a.py stays as it is" in told
        assert f"{ONE}.new" in told

    def test_what_is_new(self, workspace, update):
        """What is new since the version that was laid is told once, whether the stub is another or the same."""
        done = update(2)
        for name in (ONE, TWO):
            assert done[name].changes == ("New in 2.", "New in 3.")
        assert list(updates.sentences(done[TWO]))[-2:] == [f"{TWO}: New in 2.", f"{TWO}: New in 3."]
        assert done["03_three"].changes == ()
        assert not any(each.changes for each in update(2).values())

    def test_given_file_edited(self, workspace, update):
        """A given file is replaced even if it was edited, but what it held is kept."""
        (workspace / ONE / "lib" / "g.txt").write_text("mine")
        done = update(1)[ONE]
        assert files_in(workspace / ONE) == stub_of(1, ONE)
        (kept,) = backups.list_backups(workspace, "one")
        assert (done.backup, kept.why, kept.version) == (1, "update", 1)
        assert kept.tree()["lib/g.txt"].content == b"mine"

    def test_removed(self, workspace, update):
        """What the learner removed does not come back, unless it is given."""
        (workspace / ONE / "a.py").unlink()
        shutil.rmtree(workspace / ONE / "lib")
        assert update(1)[ONE].kept_files == ("a.py",)
        assert files_in(workspace / ONE) == {"b.py": "b1", "c.py": "c2", "lib/g.txt": "g2"}

    def test_work_in_the_new_stub(self, workspace, update):
        """Whoever goes on in the stub that was laid beside loses nothing when the next one comes."""
        (workspace / ONE / "a.py").write_text("mine")
        update(1)
        (workspace / f"{ONE}.new" / "a.py").write_text("begun anew")
        update(3)
        assert files_in(workspace / f"{ONE}.new") == stub_of(3, ONE)
        (kept,) = backups.list_backups(workspace, "one")
        assert kept.tree()["a.py"].content == b"begun anew"

    def test_folder_for_a_file(self, workspace, update):
        """Where the new stub has a folder and the learner an edited file, that project is left as it is, in words."""
        (workspace / ONE / "b.py").write_text("mine")
        before = files_in(workspace / ONE)
        done = update(2)
        assert "b.py is not a folder" in done[ONE].trouble
        assert files_in(workspace / ONE) == before
        assert files_in(workspace / TWO) == stub_of(2, TWO)

    def test_renumbered(self, workspace, update):
        """An exercise that got another number takes the learner's project along, and its copies."""
        (workspace / TWO / "t.py").write_text("mine")
        (workspace / TWO / "more.py").write_text("more")
        done = update(3)["04_two"]
        assert files_in(workspace / "04_two") == {"t.py": "mine", "more.py": "more"}
        assert not (workspace / TWO).exists()
        assert done.kept_files == ("t.py",)

    def test_renumbered_and_graded(self, workspace, tmp_path):
        """Even if nobody updates first: to lay what is missing under a new number is to take the project along."""
        (workspace / TWO / "t.py").write_text("mine")
        newer = make_catalogue(tmp_path / "catalogue", 3)
        assert workspaces.lay_missing(newer.exercises, workspace) == ()
        assert files_in(workspace / "04_two") == {"t.py": "mine"}

    def test_behind(self, workspace, update, tmp_path):
        """Exercises that are new, or newer than what was laid, are known before the update and gone after it."""
        newer = make_catalogue(tmp_path / "newer", 2)
        assert [each.slug for each in stub_records.outdated(newer.exercises, workspace)] == ["one", "two", "three"]
        update(2)
        assert stub_records.outdated(newer.exercises, workspace) == ()

    def test_passed_earlier(self, workspace, update):
        """Who passed an earlier version is told so."""
        progress.save(workspace, Progress({"one": Entry(exercise="one", passed_version=1)}))
        done = update(1)
        assert (done[ONE].passed_earlier, done[TWO].passed_earlier) == (1, None)
        assert "you passed version 1; this is version 2" in " ".join(updates.sentences(done[ONE]))

    def test_older_exercises(self, workspace, update):
        """Exercises of an older version change nothing that a later one has laid."""
        update(1)
        before = files_in(workspace / ONE)
        assert "later version" in update(0)[ONE].trouble
        assert files_in(workspace / ONE) == before

    @pytest.mark.parametrize("record", [None, b"{", b"[]"])
    def test_lost_record(self, workspace, update, record):
        """Without the record of what was laid, everything counts as the learner's; a broken one is set aside."""
        path = workspace / ".kata" / "stubs.json"
        path.unlink()
        if record is not None:
            path.write_bytes(record)
        done = update(1)[ONE]
        assert done.kept_files == ("a.py", "c.py")
        assert files_in(workspace / ONE) == stub_of(0, ONE) | {"lib/g.txt": "g2"}
        assert files_in(done.new_stub) == stub_of(1, ONE)
        assert record is None or path.with_name("stubs.broken-1.json").read_bytes() == record


class TestResetAndRestore:
    """There and back again."""

    def test_only_given(self, workspace, first):
        """Only the given files are put back, the learner's stay, and what was there is kept."""
        project, exercise = workspace / ONE, first.exercises[0]
        assert exercise.about.given == ("lib/g.txt",)
        (project / "a.py").write_text("mine")
        (project / "lib" / "g.txt").unlink()
        (project / "lib" / "g.txt").mkdir()
        (project / "lib" / "g.txt" / "deep.py").write_text("deep")
        done = updates.reset(exercise, workspace, only_given=True)
        assert (done.backup, done.changed) == (1, ("lib/g.txt/deep.py", "lib/g.txt"))
        assert files_in(project) == stub_of(0, ONE) | {"a.py": "mine"}
        assert not updates.reset(exercise, workspace, only_given=True).changed

    def test_there_and_back(self, workspace, first):
        """A reset makes the stub of it, a restore the work, and each keeps what it replaces."""
        project, exercise = workspace / ONE, first.exercises[0]
        (project / "a.py").write_text("mine")
        (project / "b.py").unlink()
        (project / "b.py").mkdir()
        (project / "b.py" / "deep.py").write_text("deep")
        (project / "run.sh").write_text("run")
        (project / "run.sh").chmod(0o755)
        work = files_in(project)
        assert updates.reset(exercise, workspace).backup == 1
        assert files_in(project) == stub_of(0, ONE)
        assert updates.reset(exercise, workspace).backup is None
        done, kept = updates.restore(exercise, workspace)
        assert (kept.number, kept.why, done.backup) == (1, "reset", None)
        assert files_in(project) == work
        assert os.name == "nt" or os.access(project / "run.sh", os.X_OK)
        (project / "a.py").write_text("mine, later")
        assert updates.restore(exercise, workspace, 1)[0].backup == 2
        assert files_in(project) == work
        updates.restore(exercise, workspace, 2)
        assert (project / "a.py").read_text() == "mine, later"

    def test_folder_stays_the_same(self, workspace, first):
        """A shell that stands in the project still stands in it after a reset."""
        before = (workspace / ONE).stat().st_ino
        (workspace / ONE / "a.py").write_text("mine")
        updates.reset(first.exercises[0], workspace)
        assert (workspace / ONE).stat().st_ino == before

    def test_what_tools_leave(self, workspace, first):
        """Caches, virtualenvs and repositories are neither kept nor touched, links in them included."""
        left = workspace / ONE / ".venv" / "bin"
        left.mkdir(parents=True)
        (left / "python").symlink_to(sys.executable)
        (workspace / ONE / "__pycache__").mkdir()
        (workspace / ONE / "__pycache__" / "a.pyc").write_bytes(b"stale")
        (workspace / ONE / "a.py").write_text("mine")
        updates.reset(first.exercises[0], workspace)
        assert (left / "python").is_symlink()
        assert (workspace / ONE / "__pycache__" / "a.pyc").read_bytes() == b"stale"

    def test_missing_project(self, workspace, first):
        """A project that was removed is laid anew."""
        shutil.rmtree(workspace / ONE)
        assert updates.reset(first.exercises[0], workspace).is_new
        assert files_in(workspace / ONE) == stub_of(0, ONE)

    def test_no_copy(self, workspace, first):
        """A copy that isn't there is refused in a sentence."""
        with pytest.raises(UsageError, match="There is no copy of"):
            updates.restore(first.exercises[0], workspace)
        (workspace / ONE / "a.py").write_text("mine")
        updates.reset(first.exercises[0], workspace)
        with pytest.raises(UsageError, match="no copy 7"):
            updates.restore(first.exercises[0], workspace, 7)


class TestRecord:
    """Attempts of a workspace are written down, and grading never suffers from it."""

    @pytest.fixture
    def graded(self, workspace, first):
        """One project of it under several interpreters, with these scores; None: not to be graded."""

        def run(*scores):
            runs = []
            for score in scores:
                outcome = Outcome.PASSED if score == 100 else Outcome.FAILED
                verdict = Verdict.UNGRADED if score is None else Verdict(str(outcome))
                checks = (CheckResult("c", "C", outcome, 100),)
                attempt = Attempt("one", 1, "One", 1, verdict, score, 100, str(score), checks)
                runs.append(Run("3.12", "process", (attempt,), None, verdict))
            return grading.record(workspace, [grading.Task(first.exercises[0], workspace / ONE)], runs)

        return run

    @pytest.mark.parametrize(("scores", "last"), [([100], 100), ([100, 0], 0), ([None, 100], 100), ([None], None)])
    def test_worst_counts(self, workspace, graded, scores, last):
        """Of several interpreters the one counts that went worst; what could not be graded doesn't."""
        recording = graded(*scores)
        assert (recording.before, recording.trouble) == ({}, None)
        assert progress.load(workspace).entry("one") == recording.after.entry("one")
        assert recording.after.entry("one").last == last

    def test_nothing_new(self, workspace, graded):
        """The very same again writes nothing, and so needs no lock."""
        graded(0)
        before = everything(workspace)
        (workspace / ".kata" / "progress.json").chmod(0o444)
        assert graded(0).trouble is None
        (workspace / ".kata" / "progress.json").chmod(0o644)
        assert everything(workspace) == before

    @needs_fork
    def test_lock(self, workspace, graded, monkeypatch):
        """Where somebody else holds the lock for too long, that is said, and compared it is all the same."""
        monkeypatch.setattr(storage, "_LOCK_TIMEOUT", 0.05)
        with storage.locked(workspace / ".kata"):
            recording = graded(0)
        assert "Another command" in recording.trouble
        assert recording.after.entry("one").last == 0

    def test_no_workspace(self, workspace, graded):
        """Where no history is kept none is begun."""
        shutil.rmtree(workspace / ".kata")
        assert graded(0).trouble is None
        assert not (workspace / ".kata").exists()


def everything(folder):
    """All that is below a folder: what kind, and what it holds or leads to."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_symlink():
            found[str(path)] = path.readlink()
        elif path.name not in ("lock", "stubs.json") and path.name != ".kata":
            found[str(path)] = (path.lstat().st_mode, path.read_bytes() if path.is_file() else None)
    return found


class TestObstacles:
    """Whatever a project holds: one sentence, and nothing is lost."""

    @pytest.fixture(params=["link", "link out", "pipe", "socket", "project link", "project file", "not UTF-8", "deep"])
    def obstructed(self, request, workspace, tmp_path):
        """A workspace with something that isn't a plain file, beside edited work."""
        project = workspace / ONE
        (project / "a.py").write_text("mine")
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "secret").write_text("theirs")
        if request.param == "link":
            (project / "b.py").unlink()
            (project / "b.py").symlink_to("a.py")
        elif request.param == "link out":
            shutil.rmtree(project / "lib")
            (project / "lib").symlink_to(outside)
        elif request.param == "pipe":
            os.mkfifo(project / "pipe")
        elif request.param == "socket":
            os.mknod(project / "device", 0o140600)
        elif request.param == "project link":
            project.rename(outside / ONE)
            project.symlink_to(outside / ONE)
        elif request.param == "project file":
            project.rename(outside / ONE)
            project.write_text("mine")
        elif request.param == "not UTF-8":
            Path(os.fsdecode(bytes(project) + b"/\xff.py")).write_text("mine")
        else:
            project.joinpath(*"d" * 60).mkdir(parents=True)
        return workspace

    @needs_fork
    def test_sentence(self, obstructed, tmp_path, first):
        """Reset, restore and update leave it as it is, and say what is in the way."""
        backups.save(obstructed, "one", {"a.py": project_files.File(b"kept")}, "reset")
        before = everything(tmp_path)
        for act in (
            lambda: updates.reset(first.exercises[0], obstructed),
            lambda: updates.restore(first.exercises[0], obstructed),
        ):
            with pytest.raises(UsageError) as caught:
                act()
            assert str(caught.value).endswith((".", "?"))
            assert "\n" not in str(caught.value)
            assert everything(tmp_path) == before
        done = []
        updates.update(make_catalogue(tmp_path / "newer", 1), obstructed, done.append)
        shutil.rmtree(tmp_path / "newer")
        assert done[0].trouble
        assert everything(tmp_path) == before

    @needs_fork
    @pytest.mark.parametrize("closed", [ONE, f"{ONE}/lib", f"{ONE}/a.py", ".kata", f"{ONE}/lib/g.txt"])
    def test_rights(self, workspace, first, without_rights, closed):
        """An unreadable file or a read-only folder ends in a sentence, and all is as it was, whatever was begun."""
        for name in ("a.py", "b.py", "lib/g.txt"):
            (workspace / ONE / name).write_text(f"my {name}")
        before = files_in(workspace / ONE)
        path = workspace / closed

        def act():
            Path(closed).chmod(0o555 if Path(closed).is_dir() else 0)
            with pytest.raises(UsageError, match=r"Permission denied.*\."):
                updates.reset(first.exercises[0], Path())

        without_rights(workspace, act)
        path.chmod(0o755)
        assert files_in(workspace / ONE) == before
        assert not (workspace / ".kata" / "unfinished.json").exists()

    def test_changed_meanwhile(self, workspace, first):
        """What somebody saves while a project is being changed is seen, and the change is taken back."""
        stub = project_files.read(first.exercises[0].stub)
        changes = transactions.differences({**stub, "b.py": project_files.File(b"before")}, {})
        with pytest.raises(UsageError, match="changed a moment ago"):
            transactions.apply(workspace, ONE, changes, {})
        assert files_in(workspace / ONE) == stub_of(0, ONE)

    @pytest.mark.parametrize(
        ("project", "name"),
        [("..", "x"), ("../other", "x"), (ONE, "../../x"), (ONE, "/tmp/x"), (".kata", "x"), ("", "x")],
    )
    def test_forged_journal(self, workspace, tmp_path, project, name):
        """A journal that somebody else wrote makes nobody write outside of the projects."""
        change = transactions.Change(name, None, project_files.File(b"forged"))
        with pytest.raises(UsageError):
            transactions.apply(workspace, project, [change], {})
        forged = {"project": project, "changes": [{"name": name, "before": None, "after": {"content": "Zm9yZ2Vk"}}]}
        (workspace / ".kata" / "unfinished.json").write_text(json.dumps({**forged, "laid": {}}))
        workspaces.finish_changes(workspace)
        (workspace / ".kata" / "unfinished.json").unlink(missing_ok=True)
        assert b"forged" not in {path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def killed_everywhere(act, *, interrupted=False):
    """Run a function in child processes, the first of which is killed at its first change to a file, and so on.

    Or interrupted, as by Ctrl-C, which it can clean up after.

    Pauses after each, with the number of changes that it had made; ends after the one that came to its end.
    """
    changing = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate", "os.chmod"}
    for number in range(1000):
        child = os.fork()
        if child == 0:
            left = [number]

            def hook(event, arguments, left=left):
                writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
                if event in changing or writes:
                    left[0] -= 1
                    if left[0] == -1 and interrupted:
                        raise KeyboardInterrupt
                    if left[0] < 0 and not interrupted:
                        os._exit(9)

            sys.addaudithook(hook)
            try:
                act()
                os._exit(0)
            except KeyboardInterrupt:
                os._exit(9)
            finally:
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, 9)
        yield number
        if status == 0:
            return
    raise AssertionError("It never came to its end.")


def kept_of_one(workspace):
    """What is kept of the first exercise, as `files_in` gives it."""
    copies = (copy.tree() for copy in backups.list_backups(workspace, "one"))
    return [{name: file.content.decode() for name, file in tree.items()} for tree in copies]


@needs_fork
class TestKilled:
    """A command may be killed at any moment."""

    @pytest.fixture(params=["reset", "restore", "update"])
    def command(self, request, tmp_path, first):
        """A command that changes a project with work in it."""
        pattern = tmp_path / "pattern"
        workspaces.start(first, pattern)
        for name, text in {"a.py": "mine", "more.py": "more", "lib/g.txt": "mine, too"}.items():
            (pattern / ONE / name).write_text(text)
        if request.param == "restore":
            updates.reset(first.exercises[0], pattern)
            (pattern / ONE / "a.py").write_text("mine again")
        loaded = make_catalogue(tmp_path / "newer", 1) if request.param == "update" else first
        return {
            "reset": lambda place: updates.reset(loaded.exercises[0], place),
            "restore": lambda place: updates.restore(loaded.exercises[0], place, 1),
            "update": lambda place: updates.update(loaded, place, lambda _: None),
        }[request.param]

    @pytest.fixture
    def desk(self, tmp_path, command):
        """The workspace as it was before the command, as often as it is asked for; and the old and the new state."""

        def lay():
            shutil.rmtree(tmp_path / "desk", ignore_errors=True)
            return shutil.copytree(tmp_path / "pattern", tmp_path / "desk")

        old = files_in(lay() / ONE)
        command(tmp_path / "desk")
        return lay, old, files_in(tmp_path / "desk" / ONE)

    def test_old_or_new(self, command, desk):
        """Killed at any change to any file, the next command finds the old state or the new one, and the work kept."""
        lay, old, new = desk
        place, seen = lay(), []
        whole = [old, *kept_of_one(place)]
        for _ in killed_everywhere(lambda: command(place)):
            assert workspaces.finish_changes(place) is None
            with workspaces.changing(place):
                pass
            after = files_in(place / ONE)
            assert after in (old, new)
            assert after == old or old in kept_of_one(place)
            assert all(tree in whole for tree in kept_of_one(place)), "a copy is there in full or not at all"
            assert {path.name for path in (place / ".kata").iterdir()} <= {"stubs.json", "backups"}
            seen.append(after == new)
            lay()
        assert seen == sorted(seen), "once it is done it stays done"
        assert len(set(seen)) == 2

    def test_interrupted(self, command, desk):
        """Interrupted at any change to any file, it takes back what it did, or had done everything."""
        lay, old, new = desk
        place, seen = lay(), []
        for _ in killed_everywhere(lambda: command(place), interrupted=True):
            after = files_in(place / ONE)
            assert after in (old, new)
            assert after == old or old in kept_of_one(place)
            with workspaces.changing(place):
                assert files_in(place / ONE) == after, "nothing was left to be finished"
            seen.append(after == new)
            lay()
        assert len(set(seen)) == 2

    def test_progress(self, tmp_path):
        """Killed amid writing, the history is the old one or the new one, whole."""
        (tmp_path / ".kata").mkdir()
        file = tmp_path / ".kata" / "progress.json"
        old, new = (Progress({"tide": Entry(exercise="tide", last=last)}) for last in (1, 2))
        progress.save(tmp_path, old)
        before, seen = file.read_bytes(), set()
        for _ in killed_everywhere(lambda: progress.save(tmp_path, new)):
            known = progress.load(tmp_path)
            assert known.trouble is None
            seen.add(known.entries["tide"].last)
            file.write_bytes(before)
        assert seen == {1, 2}


NAMES = ["a.py", "b.py", "lib/g.txt", "lib", "a.py/x.py", "deep/er.py", "b.py/inside.py", "c.py", "build/x", "t.py"]
PLACES = [ONE, TWO, f"{ONE}.new", "03_three", "04_two", ""]


class Learning(RuleBasedStateMachine):
    """A learner who writes and removes files, and gives every command, in any order, while the exercises change."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kata-test-"))
        self.workspace = self.folder / "desk"
        self.loaded = make_catalogue(self.folder / "catalogue", 0)
        self.written = 0
        self.owed = set()

    def teardown(self):
        """Leave nothing behind."""
        shutil.rmtree(self.folder)

    def holds(self):
        """All that the learner ever wrote and that is anywhere in the workspace or its copies."""
        places = [path for path in self.workspace.rglob("*") if path.is_file() and not path.is_symlink()]
        kept = self.workspace / ".kata"
        found = (path.read_bytes() for path in places if kept not in path.parents or kept / "backups" in path.parents)
        return {content for content in found if content.startswith(b"learner")}

    @initialize()
    def begin(self):
        """Everybody starts."""
        workspaces.start(self.loaded, self.workspace)

    def act(self):
        """Of what the learner removes or writes over, only what is kept in the copies is owed any longer."""
        self.owed = self.holds()

    @rule(place=st.sampled_from(PLACES), name=st.sampled_from(NAMES))
    def write(self, place, name):
        """The learner writes a file, over whatever is there."""
        path = self.workspace / place / name
        for parent in (path, *path.parents):
            if parent.is_file() or parent.is_symlink():
                parent.unlink()
        if path.is_dir():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.written += 1
        path.write_bytes(b"learner %d" % self.written)
        self.act()

    @rule(place=st.sampled_from(PLACES[:-1]), name=st.sampled_from(["", *NAMES]))
    def remove(self, place, name):
        """The learner removes a file or folder."""
        path = self.workspace / place / name
        if path.is_dir():
            shutil.rmtree(path)
        elif os.path.lexists(path):
            path.unlink()
        self.act()

    @rule(place=st.sampled_from(PLACES[:2]))
    def link(self, place):
        """The learner makes a link, which no command will take."""
        path = self.workspace / place / "link"
        if path.parent.is_dir() and not os.path.lexists(path):
            path.symlink_to("a.py")

    @rule(place=st.sampled_from(PLACES[:2]))
    def unlink(self, place):
        """The learner removes it."""
        path = self.workspace / place / "link"
        if path.is_symlink():
            path.unlink()

    @rule(version=st.integers(0, len(VERSIONS) - 1))
    def update(self, version):
        """The exercises change, to a version before or after, and the workspace follows."""
        self.loaded = make_catalogue(self.folder / "catalogue", version)
        updates.update(self.loaded, self.workspace, lambda _: None)

    @rule()
    def start(self):
        """The learner starts again."""
        workspaces.start(self.loaded, self.workspace)

    @rule(index=st.integers(0, 1))
    def reset(self, index):
        """After a reset there is the stub and nothing else, but for what tools leave."""
        exercise = self.loaded.exercises[index]
        project = self.workspace / exercise.name
        left_out = {name: text for name, text in self.seen(project).items() if name.startswith("build/")}
        try:
            updates.reset(exercise, self.workspace)
        except UsageError:
            return
        stub = {name: file.content for name, file in project_files.read(exercise.stub).items()}
        assert self.seen(project) == stub | left_out

    @rule(index=st.integers(0, 1), number=st.none() | st.integers(1, 4))
    def restore(self, index, number):
        """After a restore there is what was kept."""
        exercise = self.loaded.exercises[index]
        try:
            done, kept = updates.restore(exercise, self.workspace, number)
        except UsageError:
            return
        present = self.seen(self.workspace / exercise.name)
        assert {name: file.content for name, file in kept.tree().items()}.items() <= present.items()
        assert done.backup != kept.number or not done.changed

    def seen(self, project):
        """What a project holds."""
        return {name: text.encode() for name, text in files_in(project).items()} if project.is_dir() else {}

    @rule(outcome=st.sampled_from(["passed", "failed"]), number=st.integers(0, 3))
    def grade(self, outcome, number):
        """An attempt is recorded."""
        exercise = self.loaded.exercises[0]
        checks = (CheckResult("c", "C", Outcome(outcome), 100),)
        verdict = Verdict.PASSED if outcome == "passed" else Verdict.FAILED
        graded = Attempt(exercise.slug, 1, "t", 1, verdict, checks[0].points, 100, str(number), checks)
        with progress.changing(self.workspace) as known:
            entry = known.entry(exercise.slug)
            known.entries[exercise.slug] = progress.with_attempt(entry, graded, exercise.about.version)

    @invariant()
    def nothing_is_lost(self):
        """All that is owed is there, and nothing is left half done."""
        assert self.owed <= self.holds()
        assert not (self.workspace / ".kata" / "unfinished.json").exists()


def test_nothing_is_ever_lost():
    """Whatever a learner writes, removes and commands in whatever order, no byte of theirs is lost by a command."""
    run_state_machine_as_test(Learning, settings=settings(max_examples=30, stateful_step_count=25, deadline=None))

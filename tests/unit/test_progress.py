import dataclasses
import json
import os
import signal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import progress, storage
from grader.errors import UsageError
from grader.model import Attempt, CheckResult, Outcome, Verdict
from grader.progress import Entry, Progress

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no such thing")
BROKEN = [
    b"",
    b"\0",
    b"{",
    b"[]",
    b"3",
    b'{"exercises": []}',
    b"\xff\xfe{}",
    b"[" * 100_000,
    b'{"exercises": {"a": 1}}',
]


def in_child(act):
    """Run a function in a process of its own, which ends without cleaning up; gives its status."""
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def without_rights(folder, act):
    """Run a function in that folder, in a process of an ordinary user to whom it doesn't belong."""

    def drop():
        os.chdir(folder)  # so that no folder above needs to be open to everybody
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(65534)
        act()
        os._exit(0)

    assert in_child(drop) == 0


@pytest.fixture
def workspace(tmp_path):
    """A folder in which progress is kept."""
    (tmp_path / "work space" / ".kata").mkdir(parents=True)
    return tmp_path / "work space"


@pytest.fixture
def file(workspace):
    """Its file."""
    return workspace / ".kata" / "progress.json"


def attempt(outcomes, digest="d", verdict=None):
    """An attempt whose checks, ten points each, came to these ends."""
    checks = tuple(CheckResult(name, name, Outcome(outcome), 10) for name, outcome in outcomes.items())
    score = sum(check.points for check in checks)
    passed = Verdict.PASSED if score == 10 * len(checks) else Verdict.FAILED
    return Attempt("tide", 1, "Tide", 1, verdict or passed, score, 10 * len(checks), digest, checks)


class TestRecorded:
    """What an attempt leaves in the history."""

    def test_first(self):
        """The first attempt is written down with its outcomes, score and digest."""
        entry = progress.with_attempt(Entry(exercise="tide"), attempt({"a": "passed", "b": "failed"}), 3)
        assert entry == Entry(
            exercise="tide",
            version=3,
            best=10,
            last=10,
            outcomes={"a": "passed", "b": "failed"},
            attempts=1,
            digest="d",
        )
        assert entry.lost == ("b",)

    def test_same_files(self):
        """Grading the very same files again is no further attempt and changes nothing."""
        once = progress.with_attempt(Entry(exercise="tide"), attempt({"a": "passed"}), 1)
        assert progress.with_attempt(once, attempt({"a": "passed"}), 1) == once

    def test_ungraded(self):
        """What could not be graded leaves no trace."""
        ungraded = dataclasses.replace(attempt({"a": "error"}), verdict=Verdict.UNGRADED, score=None)
        assert progress.with_attempt(Entry(exercise="tide"), ungraded, 1) == Entry(exercise="tide")

    def test_new_version(self):
        """A new version starts its own best score, and leaves it known that an earlier one was passed."""
        passed = progress.with_attempt(Entry(exercise="tide"), attempt({"a": "passed"}), 1)
        later = progress.with_attempt(passed, attempt({"a": "failed"}), 2)
        assert (later.best, later.passed_version, later.attempts) == (0, 1, 2)
        assert (later.passed_earlier(2), later.passed(2), later.passed(1)) == (True, False, True)

    @given(
        st.lists(
            st.tuples(
                st.integers(1, 3),
                st.dictionaries(st.sampled_from("abc"), st.sampled_from(["passed", "failed", "timeout"]), min_size=1),
                st.sampled_from("xyz"),
            )
        )
    )
    def test_any_history(self, history):
        """Whatever is graded in whatever order: passing is never forgotten, and best is that of the version."""
        entry = Entry(exercise="tide")
        for version, outcomes, digest in history:
            graded = attempt(outcomes, digest)
            before, entry = entry, progress.with_attempt(entry, graded, version)
            assert (entry.last, entry.outcomes, entry.digest) == (graded.score, outcomes, digest)
            assert (entry.passed_version or 0) >= (before.passed_version or 0)
            if graded.verdict is Verdict.PASSED:
                assert entry.passed(version)
            assert entry.best >= entry.last
            assert entry.best == max(entry.last, before.best or 0 if before.version == version else 0)
            assert entry.attempts - before.attempts == ((before.version, before.digest) != (version, digest))


class TestFile:
    """The file: what is in it stays in it."""

    def test_missing(self, tmp_path):
        """Where there is no file, and not even a workspace, nothing is known and nothing is made."""
        assert progress.load(tmp_path / "nowhere") == Progress()
        assert progress.load(tmp_path) == Progress()
        assert list(tmp_path.iterdir()) == []

    def test_round_trip(self, workspace):
        """What was saved is loaded, whatever the fields."""
        entry = Entry(
            exercise="tide", hints={"": 2}, gave_up=True, passed_version=2, outcomes={"b": "failed", "a": "x"}
        )
        progress.save(workspace, Progress({"tide": entry}))
        loaded = progress.load(workspace)
        assert (loaded.entries, loaded.trouble) == ({"tide": entry}, None)
        assert list(loaded.entries["tide"].outcomes) == ["b", "a"]

    def test_of_a_later_version(self, workspace, file):
        """Fields and entries that this version doesn't know survive a change of others."""
        document = {
            "format_version": 1,
            "badges": ["gold"],
            "exercises": {"tide": {"best": 10, "mood": {"x": [1]}}, "gone": {"best": 5, "more": 1}},
        }
        file.write_text(json.dumps(document))
        with progress.changing(workspace) as known:
            known.entries["tide"] = msgspec.structs.replace(known.entry("tide"), last=7)
            known.entries["new"] = Entry(exercise="new")
        after = json.loads(file.read_text())
        assert after["badges"] == ["gold"]
        assert after["exercises"]["tide"]["mood"] == {"x": [1]}
        assert (after["exercises"]["tide"]["last"], after["exercises"]["tide"]["best"]) == (7, 10)
        assert after["exercises"]["gone"]["more"] == 1
        assert "new" in after["exercises"]

    def test_windows_line_ends(self, workspace, file):
        """A file that an editor has saved with other line ends is read."""
        progress.save(workspace, Progress({"tide": Entry(exercise="tide", last=3)}))
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        assert progress.load(workspace).entries["tide"].last == 3

    def test_no_change_no_write(self, workspace, file):
        """Where nothing changed the file isn't written."""
        progress.save(workspace, Progress({"tide": Entry(exercise="tide")}))
        before = file.stat()
        with progress.changing(workspace):
            pass
        assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)

    @pytest.mark.skipif(os.name == "nt", reason="an open file can't be replaced there")
    def test_whole(self, workspace, file):
        """Whoever is reading the file while it is written reads the old one to its end."""
        progress.save(workspace, Progress({"tide": Entry(exercise="tide")}))
        before = file.read_bytes()
        with file.open("rb", buffering=0) as reader:
            assert reader.read(5) == before[:5]
            progress.save(workspace, Progress({"moon": Entry(exercise="moon")}))
            assert reader.read() == before[5:]
        assert set(progress.load(workspace).entries) == {"tide", "moon"}

    @pytest.mark.parametrize("content", BROKEN)
    def test_broken(self, workspace, file, content):
        """A file that can't be understood is set aside byte for byte and named, whoever comes first."""
        for number, act in enumerate((progress.load, lambda place: progress.save(place, Progress())), 1):
            file.write_bytes(content)
            known = act(workspace)
            aside = file.with_name(f"progress.broken-{number}.json")
            assert aside.read_bytes() == content
            if known is not None:
                assert (known.entries, "progress.broken-1.json" in known.trouble) == ({}, True)
        assert progress.load(workspace).trouble is None

    def test_broken_in_part(self, workspace, file):
        """Entries that can be understood survive others that can't, with all their fields; the file is set aside."""
        content = {"exercises": {"tide": {"best": 10, "mood": 1}, "moon": {"best": "much"}, "sun": []}}
        file.write_text(json.dumps(content))
        known = progress.load(workspace)
        assert known.entries == {"tide": Entry(exercise="tide", best=10)}
        assert "moon" in known.trouble
        assert json.loads(file.with_name("progress.broken-1.json").read_text()) == content
        assert json.loads(file.read_text())["exercises"]["tide"]["mood"] == 1

    @needs_fork
    @pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
    def test_no_file(self, workspace, file, tmp_path, kind):
        """What is no plain file is set aside; nothing is followed, and nobody is waited for."""
        (tmp_path / "elsewhere.json").write_text('{"exercises": {"tide": {"best": 100}}}')
        if kind == "folder":
            file.mkdir()
        elif kind == "link":
            file.symlink_to(tmp_path / "elsewhere.json")
        else:
            os.mkfifo(file)
        known = progress.load(workspace)
        assert (known.entries, "not a plain file" in known.trouble) == ({}, True)
        progress.save(workspace, Progress({"moon": Entry(exercise="moon")}))
        assert os.path.lexists(file.with_name("progress.broken-1.json"))
        assert json.loads((tmp_path / "elsewhere.json").read_text())["exercises"] == {"tide": {"best": 100}}

    @needs_fork
    def test_read_only_folder(self, workspace, file):
        """Where nothing can be written a broken file stays, is named, and a change is refused in a sentence."""
        file.write_bytes(b"{")
        file.parent.chmod(0o555)

        def act():
            assert "can't be set aside" in progress.load(Path()).trouble
            with pytest.raises(UsageError, match=r"can't be written to .*progress\.json: Permission denied\."):
                progress.save(Path(), Progress())

        without_rights(workspace, act)
        file.parent.chmod(0o755)
        assert file.read_bytes() == b"{"


class TestLock:
    """Several processes change the same file, and some of them die."""

    @needs_fork
    def test_nothing_is_lost(self, workspace):
        """Processes that write at the same time keep each other's entries."""

        def write(name):
            for number in range(8):
                with progress.changing(workspace) as known:
                    known.entries[f"{name}{number}"] = Entry(exercise=name)
                    entry = known.entry("shared")
                    known.entries["shared"] = msgspec.structs.replace(entry, attempts=entry.attempts + 1)
            os._exit(0)

        children = []
        for name in "abc":
            child = os.fork()
            if child == 0:
                try:
                    write(name)
                finally:
                    os._exit(1)
            children.append(child)
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
        entries = progress.load(workspace).entries
        assert (len(entries), entries["shared"].attempts) == (25, 24)

    @needs_fork
    def test_killed_holder(self, workspace):
        """The lock of a process that was killed is taken over."""

        def hold():
            with storage.locked(workspace / ".kata"):
                os.kill(os.getpid(), signal.SIGKILL)

        assert in_child(hold) == -signal.SIGKILL
        assert (workspace / ".kata" / "lock").exists()
        progress.save(workspace, Progress({"tide": Entry(exercise="tide")}))
        assert "tide" in progress.load(workspace).entries
        assert not (workspace / ".kata" / "lock").exists()

    @pytest.mark.parametrize("content", [b"", b"12 elsewhere 00", b"-1 x", b"\xff", b"9" * 99, None])
    def test_holder_elsewhere(self, workspace, monkeypatch, content):
        """A lock that says nothing of a process here is taken over once it has stayed the same for long enough."""
        monkeypatch.setattr(storage, "_LOCK_TIMEOUT", 0.05)
        lock = workspace / ".kata" / "lock"
        if content is None:
            lock.symlink_to("nowhere")
        else:
            lock.write_bytes(content)
        progress.save(workspace, Progress({"tide": Entry(exercise="tide")}))
        assert "tide" in progress.load(workspace).entries
        assert [path.name for path in lock.parent.iterdir()] == ["progress.json"]

    @needs_fork
    def test_living_holder(self, workspace, monkeypatch):
        """The lock of a process that lives is respected, and named to whoever waits in vain."""
        monkeypatch.setattr(storage, "_LOCK_TIMEOUT", 0.05)
        with storage.locked(workspace / ".kata"):
            before = (workspace / ".kata" / "lock").read_bytes()
            with pytest.raises(UsageError, match="Another command"):
                progress.save(workspace, Progress())
            assert (workspace / ".kata" / "lock").read_bytes() == before

    def test_lock_of_another(self, workspace):
        """Whoever lost the lock to another one leaves that one's alone."""
        lock = workspace / ".kata" / "lock"
        with storage.locked(workspace / ".kata"):
            lock.write_bytes(b"somebody else's")
        assert lock.read_bytes() == b"somebody else's"

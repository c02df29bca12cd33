import datetime
import os
import sqlite3
import subprocess
import sys

import pytest

from grader.classroom.records import ledger, ledger_tables
from grader.classroom.records.ledger import Comment, Grading, Received
from grader.errors import InfrastructureError

NOW = datetime.datetime(2027, 1, 31, 12, 0, 0, 250000, tzinfo=datetime.UTC)


@pytest.fixture
def book(tmp_path):
    """An open ledger, in a folder with a space in its name."""
    (tmp_path / "my course").mkdir()
    opened = ledger.open_(tmp_path / "my course" / "ledger.sqlite")
    yield opened
    opened.close()


def handed_in(student="ada", digest="d1", **fields):
    """A project that came in."""
    return Received(
        **{"exercise": "x", "received_at": NOW, "source": "by hand", **fields}, student=student, digest=digest
    )


def grading(score=80, digest="d1", catalogue="c1", **fields):
    """What a content earned."""
    return Grading(
        **{
            "exercise": "x",
            "tool": "0.1",
            "python": "3.12.1",
            "sandbox": "bubblewrap",
            "graded_at": NOW,
            "verdict": "failed",
            "max_score": 100,
            "report": '{"checks": []}',
            "seconds": 0.5,
            **fields,
        },
        score=score,
        digest=digest,
        catalogue=catalogue,
    )


def test_received_comes_back(book):
    """What is noted comes back as it was, moments to the microsecond, in the order in which it came."""
    later = NOW + datetime.timedelta(seconds=1)
    assert book.receive(handed_in("bo", received_at=later))
    assert book.receive(handed_in("ada", team="gulls"))
    assert [(each.student, each.received_at, each.team) for each in book.received()] == [
        ("ada", NOW, "gulls"),
        ("bo", later, ""),
    ]


def test_received_twice(book):
    """The very same, taken in again, is noted once; the same content at another time is another attempt."""
    assert [book.receive(handed_in()), book.receive(handed_in())] == [True, False]
    assert book.receive(handed_in(received_at=NOW + datetime.timedelta(days=1)))
    assert len(book.received()) == 2


def test_what_counts(book):
    """Of a content's gradings that one counts which was accepted last; what nobody accepted doesn't."""
    first = book.record(grading(80), why="first grading")
    second = book.record(grading(60, catalogue="c2"))
    assert (book.gradings()["x", "d1"].id, book.latest()["x", "d1"].id) == (first, second)
    book.accept((second,), "a check was fixed")
    assert book.gradings()["x", "d1"].score == 60
    book.accept((first,), "that was wrong")
    assert book.gradings()["x", "d1"].score == 80


def test_ungraded_has_no_score(book):
    """What is ungraded is noted without a score, and isn't a zero."""
    book.record(grading(None, verdict="ungraded"))
    assert book.gradings() == {}
    assert book.latest()["x", "d1"].score is None


def test_accepting_is_all_or_nothing(book):
    """Where one grading can't be accepted, none is."""
    first = book.record(grading())
    with pytest.raises(sqlite3.IntegrityError):
        book.accept((first, first + 1), "both")
    assert book.gradings() == {}


@pytest.mark.parametrize("table", ["received", "graded", "accepted", "comments"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = id + 1"])
def test_only_added_to(book, tmp_path, table, change):
    """No row can be changed or removed, by whoever opens the file."""
    book.receive(handed_in())
    book.record(grading(), why="first")
    book.comment(Comment("x", "k", "Look at __name__."))
    book.close()
    with sqlite3.connect(tmp_path / "my course" / "ledger.sqlite") as other, pytest.raises(sqlite3.IntegrityError):
        other.execute(change.format(table))


def test_comments(book):
    """The last word for a cluster counts; an empty one takes it back."""
    for says in ("a", "b"):
        book.comment(Comment("x", "k", says))
    assert book.comments() == {("x", "k"): "b"}
    book.comment(Comment("x", "k", ""))
    assert book.comments() == {}


def test_two_at_once(book, tmp_path):
    """What another process notes meanwhile is there, and so is ours."""
    path = tmp_path / "my course" / "ledger.sqlite"
    lines = f"""
import datetime
from grader.classroom.records import ledger
book = ledger.open_({str(path)!r})
for number in range(50):
    book.receive(ledger.Received("bo", "x", str(number), datetime.datetime.now(datetime.UTC), "there"))
"""
    with subprocess.Popen(
        [sys.executable, "-c", lines.replace(repr(str(path)), f"__import__('pathlib').Path({str(path)!r})")]
    ) as other:
        for number in range(50):
            book.receive(handed_in("ada", str(number)))
        assert other.wait() == 0
    assert len(book.received()) == 100


@pytest.mark.usefixtures("book")
def test_killed(tmp_path):
    """Whoever is killed while writing leaves whole rows, and a ledger that opens."""
    path = tmp_path / "my course" / "ledger.sqlite"
    lines = f"""
import datetime, itertools, pathlib
from grader.classroom.records import ledger
book = ledger.open_(pathlib.Path({str(path)!r}))
for number in itertools.count():
    book.receive(ledger.Received("bo", "x", str(number), datetime.datetime.now(datetime.UTC), "there"))
    print(number, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", lines], stdout=subprocess.PIPE, text=True) as other:
        for line in other.stdout:
            if int(line) >= 20:
                other.kill()
                break
        said = [int(line) for line in other.stdout]
    found = {each.digest for each in ledger.open_(path).received()}
    assert {str(number) for number in range((said or [20])[-1] + 1)} <= found


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"SQLite format 3\0" + b"\0" * 4000, "is damaged"),
        (b"student,score\nada,100\n" * 40, "is damaged"),
    ],
    ids=["torn", "another file"],
)
def test_damaged(tmp_path, content, words):
    """A damaged ledger, or a file that is none, is said to be that and stays as it is."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)
    with pytest.raises(InfrastructureError, match=words):
        ledger.open_(path)
    assert path.read_bytes() == content


def test_later_format(book, tmp_path):
    """A ledger of a later version is left alone."""
    book.close()
    path = tmp_path / "my course" / "ledger.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(InfrastructureError, match="format 99"):
        ledger.open_(path)


def test_full(book):
    """A disk without room is named, and what was there before is still there."""
    book.receive(handed_in())
    book._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(InfrastructureError, match=r"is full; nothing was lost"):
        book.record(grading(report='{"x": "' + "x" * 100_000 + '"}'))
    assert len(book.received()) == 1


FILLS_THE_DISK = """
import datetime, pathlib, sys
from grader.classroom.records import ledger
from grader.errors import InfrastructureError
folder = pathlib.Path(sys.argv[1])
book = ledger.open_(folder / "ledger.sqlite")
def record(number):
    now, report = datetime.datetime.now(datetime.UTC), '{"x": "' + "x" * 20_000 + '"}'
    earned = (now, "failed", 80, 100, report, 0.5)
    book.record(ledger.Grading("x", str(number), "c", "0.1", "3.12.1", "bubblewrap", *earned), why="first grading")
noted = 0
try:
    for number in range(1000):
        record(number)
        noted += 1
except InfrastructureError as error:
    assert "is full; nothing was lost" in str(error), error
assert 0 < noted < 1000, noted
assert {digest for _, digest in book.graded_contents()} == {str(number) for number in range(noted)}
(folder / "ballast").unlink()
record(noted)
book.close()
assert len(ledger.open_(folder / "ledger.sqlite").gradings()) == noted + 1
"""


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can mount a small disk")
def test_small_disk(tmp_path):
    """On a disk that fills, what was noted stays, the sentence says so, and with room again it goes on."""
    script = tmp_path / "fills.py"
    script.write_text(FILLS_THE_DISK)
    disk = tmp_path / "disk"
    disk.mkdir()
    steps = 'mount -t tmpfs -o size=2m tmpfs "$1" && head -c 600000 /dev/zero > "$1/ballast" && exec "$2" "$3" "$1"'
    argv = ["unshare", "--mount", "sh", "-ec", steps, "sh", str(disk), sys.executable, str(script)]
    seen = subprocess.run(argv, capture_output=True, text=True, check=False)
    if "mount" in seen.stderr and "permission denied" in seen.stderr.lower():
        pytest.skip(f"no disk can be mounted here: {seen.stderr}")
    assert seen.returncode == 0, seen.stderr


def test_file_size_limit(tmp_path):
    """Where no file may grow any more, a sentence says what fails, and what was noted stays."""
    script = tmp_path / "fills.py"
    script.write_text(FILLS_THE_DISK.replace('"is full; nothing was lost"', '"nothing was lost"'))
    (tmp_path / "ballast").write_text("")
    raise_it = "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))"
    script.write_text(script.read_text().replace('(folder / "ballast").unlink()', raise_it))
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))\n"
    script.write_text(limited + script.read_text())
    seen = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stderr


def test_one_grader(book, tmp_path):
    """Who grades keeps others from grading, but not from reading and noting, and a killed one keeps nobody waiting."""
    path = tmp_path / "my course" / "ledger.sqlite"
    lines = f"""
import pathlib, time
from grader.classroom.records import ledger
with ledger.open_(pathlib.Path({str(path)!r})).grading_lock():
    print("at it", flush=True)
    time.sleep(300)
"""
    with subprocess.Popen([sys.executable, "-c", lines], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "at it\n"
        with pytest.raises(InfrastructureError, match="can't be graded now"), book.grading_lock():
            pass
        assert book.receive(handed_in())
        other.kill()
    with book.grading_lock():
        book.record(grading(), why="first grading")


def test_settled(book):
    """Settled is what has a grading that counts, and nothing else."""
    book.record(grading(digest="d1"), why="first grading")
    book.record(grading(digest="d2"))
    book.record(grading(None, digest="d3", verdict="ungraded"))
    assert book.graded_contents() == {("x", "d1")} == set(book.gradings())


def test_clock_goes_back(book):
    """Where the clock goes back between two gradings, the later one is still the later one."""
    book.record(grading(80), why="first grading")
    second = book.record(grading(60, graded_at=NOW - datetime.timedelta(days=400)), why="a check was fixed")
    assert (book.gradings()["x", "d1"].id, book.latest()["x", "d1"].id) == (second, second)


def test_on_another_machine(tmp_path, monkeypatch):
    """On a disk of another machine the ledger does without shared memory, also one that was made elsewhere."""
    path = tmp_path / "ledger.sqlite"
    ledger.open_(path).close()
    monkeypatch.setattr(ledger.mounts, "is_remote", lambda _: True)
    book = ledger.open_(path)
    book.record(grading(), why="first grading")
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(("-wal", "-shm"))] == []
    book.close()
    monkeypatch.undo()
    assert len(ledger.open_(path).gradings()) == 1


@pytest.mark.usefixtures("book")
def test_locked(tmp_path, monkeypatch):
    """A ledger that another process holds is named, and what to do."""
    monkeypatch.setattr(ledger, "_BUSY_TIMEOUT", 0.05)
    path = tmp_path / "my course" / "ledger.sqlite"
    waiting = ledger.open_(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(InfrastructureError, match="written by another process"):
        waiting.receive(handed_in())
    other.close()
    waiting.close()


def test_earlier_format(tmp_path, monkeypatch):
    """A ledger of an earlier format keeps all that it has, and gets the tables that came since."""
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setattr(ledger_tables, "FORMAT", 1)
    opened = ledger.open_(path)
    opened.receive(handed_in())
    opened.close()
    monkeypatch.undo()
    for _ in range(2):
        opened = ledger.open_(path)
        opened.refuse(ledger.Refused("x.7z", "No.", NOW, "ada", "x"))
        assert [each.student for each in opened.received()] == ["ada"]
        assert [(each.source, each.received_at) for each in opened.refused()] == [("x.7z", NOW)]
        opened.close()
    with sqlite3.connect(path) as other, pytest.raises(sqlite3.DatabaseError, match="only ever added to"):
        other.execute("DELETE FROM refused")


def test_void(book):
    """What was taken back counts no longer, stays known with its reason, and counts again when it comes again."""
    one, other = handed_in(), handed_in("bo", "d2")
    for each in (one, other):
        assert book.receive(each)
    book.void([received for received in book.received() if received.student == "ada"], "the wrong folder")
    assert [each.student for each in book.received()] == ["bo"]
    assert [(each.student, why) for each, why in book.voided()] == [("ada", "the wrong folder")]
    assert not book.receive(other)
    assert book.receive(one)
    assert not book.receive(one)
    assert [each.student for each in book.received()] == ["ada", "bo"]
    assert book.voided() == ()


def test_last_run(book):
    """The last run of which anything counts can be taken back, and then the one before it."""
    assert book.last_run() is None
    for number, students in enumerate((["ada"], ["bo", "cy"], [])):
        book.begin_run(f"week {number}")
        for student in students:
            book.receive(handed_in(student))
    for source, students in (("week 1", ["bo", "cy"]), ("week 0", ["ada"])):
        where, received = book.last_run()
        assert (where, [each.student for each in received]) == (source, students)
        book.void(received, "no")
    assert book.last_run() is None


@pytest.mark.parametrize("column", ["score", "max_score"])
def test_flipped_bit(book, column):
    """A score that isn't that of its own report is damage, whichever of the two was changed."""
    book.receive(handed_in())
    book.record(grading(80, report='{"score": 80, "max_score": 100}'), why="first")
    assert [each.score for each in book.gradings().values()] == [80]
    book.record(grading(**{"report": '{"score": 80, "max_score": 100}', column: 102}), why="flipped")
    for read in (book.gradings, book.latest):
        with pytest.raises(InfrastructureError, match="isn't that of its own report"):
            read()


def test_lost(tmp_path):
    """No ledger is begun beside a store that holds something, as if nothing had been handed in."""
    (tmp_path / "submissions" / "ab").mkdir(parents=True)
    ledger.open_(tmp_path / "ledger.sqlite").close()
    (tmp_path / "submissions" / "ab" / "abc.zip").write_bytes(b"x")
    ledger.open_(tmp_path / "ledger.sqlite").close()
    (tmp_path / "ledger.sqlite").write_bytes(b"")
    with pytest.raises(InfrastructureError, match="holds what was handed in"):
        ledger.open_(tmp_path / "ledger.sqlite")
    (tmp_path / "ledger.sqlite").unlink()
    with pytest.raises(InfrastructureError, match="Put the last backup"):
        ledger.open_(tmp_path / "ledger.sqlite")

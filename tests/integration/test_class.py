"""A class is graded from its ledger: whoever is stopped goes on later, and the grades are the same."""

import datetime
import json
import random
import shutil
import time

import pytest

from grader import catalog, sandbox
from grader.classroom.records import course, ledger
from grader.classroom.records.ledger import Received
from grader.classroom.records.store import Store

WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap does not work here: {WHY_NOT}")
NOW = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC)
RIGHT = 'import sys\n\nif __name__ == "__main__":\n    print(f"Hello, {sys.argv[1]}!")\n'
GUARDLESS = "import sys\n\nprint(f'Hello, {sys.argv[-1]}!')\n"


@pytest.fixture
def a_class(kata, tiny):
    """Begin a course with the tiny catalogue; gives the command and who handed in what."""

    def run(*arguments, **options):
        return kata("--catalog", tiny, "class", *arguments, **options)

    assert run("init", "Term").returncode == 0

    def hand_in(answers):
        opened = course.open_(kata.cwd, catalog.load(tiny))
        (exercise,) = opened.exercises
        book, store = ledger.open_(opened.ledger), Store(opened.submissions)
        for student, text in answers.items():
            folder = kata.cwd / "incoming" / student
            folder.mkdir(parents=True)
            (folder / "hello.py").write_text(text)
            book.receive(Received(student, exercise.slug, store.put(folder, exercise), NOW, "by hand"))
        book.close()

    run.hand_in = hand_in
    run.grades = lambda: grades(kata.cwd / course.LEDGER)
    return run


def grades(path):
    """What counts, by content: the score and the checks."""
    book = ledger.open_(path)
    found = {
        digest: (each.score, [(check["id"], check["outcome"]) for check in json.loads(each.report)["checks"]])
        for (_, digest), each in book.gradings().items()
    }
    book.close()
    return found


def test_grade(a_class):
    """Each content is graded once, whoever handed it in, and a second run has nothing to do."""
    a_class.hand_in({"ada": RIGHT, "bo": GUARDLESS, "cy": RIGHT})
    seen = a_class("grade", "--jobs", "2")
    assert (seen.returncode, seen.stdout) == (0, "2 graded, 0 ungraded.\n"), seen.stderr
    assert sorted(score for score, _ in a_class.grades().values()) == [80, 100]
    assert a_class("grade").stdout == "0 graded, 0 ungraded.\n"
    assert a_class("status").returncode == 0


def test_ungraded(a_class, tiny):
    """Where a check of ours breaks, nobody gets a zero: they are named, and graded when it is fixed."""
    a_class.hand_in({"ada": RIGHT, "bo": GUARDLESS})
    checks = tiny / "exercises/01_greeting/hidden_tests/test_greeting.py"
    sound = checks.read_text()
    checks.write_text(sound.replace("    looked = expect", "    raise KeyError\n    looked = expect"))
    seen = a_class("grade")
    assert (seen.returncode, seen.stdout) == (3, "0 graded, 2 ungraded.\n")
    assert "ungraded: greeting of ada" in seen.stderr
    assert a_class("status").returncode == 3
    checks.write_text(sound)
    assert a_class("grade").stdout == "2 graded, 0 ungraded.\n"


def test_regrade(a_class, tiny):
    """After a check changed, who would win and lose is shown, and what is new; it counts when it is accepted."""
    a_class.hand_in({"ada": RIGHT, "bo": GUARDLESS})
    assert a_class("grade").returncode == 0
    before = a_class.grades()
    assert a_class("regrade").stdout == "0 contents would get another grade, 0 the same one.\n"
    checks = tiny / "exercises/01_greeting/hidden_tests/test_greeting.py"
    checks.write_text(checks.read_text().replace("    looked.silent()\n", ""))
    settings = tiny / "exercises/01_greeting/exercise.toml"
    told = 'version = 2\n\n[[changes]]\nversion = 2\nsays = "An import may print."\n'
    settings.write_text(settings.read_text().replace("\n\n", f"\n{told}\n", 1))
    seen = a_class("regrade")
    assert seen.returncode == 1
    assert "gained:" in seen.stdout
    assert seen.stdout.count("greeting: An import may print.\n") == 1
    assert "the exercise's checks changed" in seen.stdout
    assert a_class.grades() == before
    assert a_class("regrade", "--accept", "it was too strict").returncode == 0
    assert sorted(score for score, _ in a_class.grades().values()) == [100, 100]
    assert a_class("regrade").returncode == 0


def test_killed(a_class, kata, tiny):
    """Killed at any moment and run again, a class gets the grades of a run that nobody disturbed."""
    a_class.hand_in(
        {f"s{number}": f"{RIGHT}# {number}\n" if number % 3 else f"{GUARDLESS}# {number}\n" for number in range(12)}
    )
    moments, rounds = random.Random(4), 0
    while rounds < 40:
        rounds += 1
        process = kata.start("--catalog", tiny, "class", "grade", "--jobs", "2")
        time.sleep(moments.uniform(0.2, 0.9))
        process.kill()
        process.communicate()
        if len(a_class.grades()) == 12:
            break
    assert rounds > 1
    assert a_class("grade", "--jobs", "2").returncode == 0
    interrupted = a_class.grades()
    for name in ("", "-wal", "-shm"):
        (kata.cwd / f"{course.LEDGER}{name}").unlink(missing_ok=True)
    for folder in ("incoming", course.SUBMISSIONS):
        shutil.rmtree(kata.cwd / folder)
    a_class.hand_in(
        {f"s{number}": f"{RIGHT}# {number}\n" if number % 3 else f"{GUARDLESS}# {number}\n" for number in range(12)}
    )
    assert a_class("grade", "--jobs", "1").returncode == 0
    assert a_class.grades() == interrupted


def test_receive(a_class, kata):
    """A folder of submissions is matched by the roster's ids; what can't be is named, left out, and nothing else is."""
    (kata.cwd / "roster.csv").write_text("id,name\nada,Ada\nbo,=cmd()\n", encoding="utf-8")
    folder = kata.cwd / "week 1"
    for name in ("ada", "mallory"):
        (folder / name).mkdir(parents=True)
        (folder / name / "hello.py").write_text(RIGHT)
    (folder / "bo").mkdir()
    (folder / "bo" / "hello.py").symlink_to("/etc/hostname")
    seen = a_class("receive", folder, "--at", NOW.isoformat())
    assert (seen.returncode, seen.stdout) == (1, "1 projects taken in, 0 were here already, 2 left out.\n")
    assert "mallory: the roster has nobody of that id" in seen.stderr
    assert "bo, for 01_greeting: bo/hello.py is a symbolic link" in seen.stderr
    again = a_class("receive", folder, "--at", NOW.isoformat())
    assert again.stdout == "0 projects taken in, 1 were here already, 2 left out.\n"
    assert a_class("grade").stdout == "1 graded, 0 ungraded.\n"
    assert a_class("receive", folder, "--at", "2026-01-31T12:00").returncode == 2


@pytest.fixture
def receive(a_class, kata):
    """Take in a folder for each person of a roster of three, each with those files; gives what the command did."""
    (kata.cwd / "roster.csv").write_text("id,name\nada,Ada Lovelace\nbo,Bo\ncy,\n", encoding="utf-8")

    def run(week, people):
        for person, files in people.items():
            for name, content in files.items():
                path = kata.cwd / week / person / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
        return a_class("receive", kata.cwd / week, "--at", NOW.isoformat())

    return run


def test_status_missing(a_class, receive):
    """Who has handed in nothing, and what could not be read, is listed for each exercise."""
    people = {"ada": {"hello.py": RIGHT}, "bo": {"work.7z": "7z"}, "nobody": {"hello.py": RIGHT}}
    seen = receive("week 1", people)
    assert seen.returncode == 1
    assert "left out: bo (Bo): bo, for 01_greeting: None of the files to edit is there" in seen.stderr
    assert "refused:   2 (kata class status --missing)" in a_class("status").stdout
    said = a_class("status", "--missing").stdout
    assert (
        "greeting: 2 of 3 missing\n  bo (Bo): received, could not be read: bo: None of the files to edit is there"
        in said
    )
    assert "work.7z can't be unpacked here: pack the project as .zip.\n  cy: nothing was handed in\n" in said
    assert "of nobody on the roster: nobody: the roster has nobody of that id." in said
    receive("week 2", {"bo": {"hello.py": RIGHT}})
    assert "greeting: 2 of 3 missing\n  bo (Bo): an earlier project" not in a_class("status", "--missing").stdout


def test_taken_back(a_class, receive):
    """What was taken in last, or one person's, counts no longer when it is taken back; the reason is kept."""
    people = {"ada": {"hello.py": RIGHT}, "bo": {"hello.py": GUARDLESS}}
    receive("week 1", people)
    assert a_class("grade").returncode == 0
    assert a_class("receive", "--undo").returncode == 2
    assert a_class("receive", "week 1", "--why", "no").returncode == 2
    assert a_class("void", "ada", "greeting").returncode == 2
    seen = a_class("void", "ada", "greeting", "--why", "not hers")
    assert seen.stdout == "1 attempts of ada at greeting count no longer.\n", seen.stderr
    assert "those that count: none" in a_class("void", "ada", "greeting", "--why", "x").stderr
    seen = a_class("receive", "--undo", "--why", "the wrong week")
    assert seen.stdout == "1 projects of 1 people from week 1 count no longer.\n" or "from /" in seen.stdout
    assert "0 projects of 0 people" in a_class("status").stdout
    assert a_class("receive", "--undo", "--why", "again").returncode == 2
    assert receive("week 1", people).stdout.startswith("2 projects taken in, 0 were here already")
    assert "2 projects of 2 people, 2 different ones graded" in a_class("status").stdout


def test_future(a_class, receive, kata):
    """Nothing was received in the future."""
    receive("week 1", {"ada": {"hello.py": RIGHT}})
    seen = a_class("receive", kata.cwd / "week 1", "--at", "2999-01-31T12:00:00+00:00")
    assert (seen.returncode, seen.stdout) == (2, "")
    assert "is in the future" in seen.stderr

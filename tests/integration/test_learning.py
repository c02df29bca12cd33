"""The learner's commands from outside: a workspace, what comes next, help, and the way back."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

NAME = "01_greeting"
RIGHT = Path(__file__).parents[1] / "data/tiny_catalogue/solutions" / NAME / "reference/hello.py"
ALWAYS_ADA = Path(__file__).parents[1] / "data/tiny_catalogue/exercises" / NAME / "mistakes/always_ada/hello.py"
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def learn(kata, tiny):
    """The command in the tiny catalogue, in a started workspace; gives what was printed."""
    assert kata("--catalog", tiny, "start", "my desk").returncode == 0
    kata.cwd = kata.cwd / "my desk"

    def run(*arguments, status=0, **options):
        seen = kata("--catalog", tiny, *arguments, **options)
        assert seen.returncode == status, seen.stderr
        run.said = seen.stderr
        return seen.stdout

    return run


@pytest.fixture
def project(kata, learn):  # noqa: ARG001 - it is in a workspace
    """The project in that workspace."""
    return kata.cwd / NAME


def history(kata):
    """What is written down of the exercise."""
    return json.loads((kata.cwd / ".kata" / "progress.json").read_text())["exercises"]["greeting"]


def test_course(kata, learn, project):
    """From the start to the solution: each command says what to do, and the report what changed and what comes next."""
    assert re.search(rf"edit +{NAME}/hello\.py\n +run +kata grade greeting", learn("next"))
    assert "since" not in learn("grade")
    shutil.copy(ALWAYS_ADA, project / "hello.py")
    shown = learn("grade", "1", cwd=project)
    assert re.search(r"Since the last attempt: \d+ points up \(", shown)
    assert re.search(r"edit +hello\.py", shown)
    assert "of 100" in learn("list")
    assert "not passed yet" in [learn("solution", "1", status=2), learn.said][1]
    shutil.copy(RIGHT, project / "hello.py")
    shown = learn("grade")
    assert "points up" in shown
    assert "All 1 exercises are passed." in shown
    assert "All 1 exercises are passed." in learn("next")
    assert "passed" in learn("list")
    assert "So far: passed, 3 attempts." in learn("show", "greeting")
    shown = learn("solution", "1")
    assert "Your answer is the same" in shown
    assert "written_out" in shown
    (project / "hello.py").write_text("import sys\nprint('x')\n")
    assert re.search(r"^-print\('x'\)$", learn("solution", "1", "written_out"), re.MULTILINE)
    assert "points down" in learn("grade")
    entry = history(kata)
    assert (entry["attempts"], entry["best"], entry["passed_version"], entry["gave_up"]) == (4, 100, 1, False)


def test_exercise_to_turn_to(kata, lay_out, exercises):
    """Once an exercise is passed, the report names the next one that isn't: what to read, edit and run."""
    names = list(exercises)
    kata("start", "desk")
    shutil.rmtree(kata.cwd / "desk" / names[1])
    lay_out(names[1], kata.cwd / "desk" / names[1], reference=True)
    seen = kata("grade", "2", cwd=kata.cwd / "desk")
    assert seen.returncode == 0, seen.stderr
    assert re.search(rf"Next: 01 .*\n +read +.*README\.md\n +edit +{names[0]}/.*\n +run +kata grade", seen.stdout)
    assert "kata solution main_guard" in seen.stdout


def test_elsewhere_nothing_is_recorded(kata, learn, project):
    """What is graded by itself is no attempt, be it a folder or a solution, and nor is it in a workspace of others."""
    learn("grade", "1", "--project", project)
    learn("grade", "--solutions")
    shutil.copytree(project, kata.cwd / "plain" / NAME)
    assert "Progress" not in learn("grade", "--workspace", "plain")
    assert not (kata.cwd / ".kata" / "progress.json").exists()
    assert sorted(path.name for path in (kata.cwd / "plain").iterdir()) == [NAME]


def test_old_workspace(kata, learn, project):
    """A workspace without history is graded as ever; the report says how to begin one, which changes no file."""
    old = kata.cwd.parent
    (project / "hello.py").write_text("mine")
    shutil.copytree(project, old / "workspace" / NAME)
    shown = learn("grade", cwd=old)
    assert "`kata start workspace`" in shown
    learn("start", "workspace", cwd=old)
    assert (old / "workspace" / NAME / "hello.py").read_text() == "mine"
    assert "`kata start" not in learn("grade", cwd=old)
    assert json.loads((old / "workspace/.kata/progress.json").read_text())["exercises"]["greeting"]["attempts"] == 1


def test_machines_read_the_same(kata, learn, project):
    """Reports for machines don't depend on the history, but for their times."""
    shutil.copy(RIGHT, project / "hello.py")
    for format_ in ("json", "junit", "markdown"):
        alone = timeless(learn("grade", "1", "--project", NAME, "--format", format_))
        assert timeless(learn("grade", "--format", format_)) == alone
    (kata.cwd / ".kata" / "progress.json").write_bytes(b"{")
    assert timeless(learn("grade", "--format", "markdown")) == alone


def timeless(text):
    """A report without its times."""
    return re.sub(r'time="[\d.]+"|"(greeting|total)": [\d.]+', "", text)


@pytest.mark.parametrize("obstacle", ["broken", "folder", "read-only"])
@pytest.mark.usefixtures("learn")
def test_grading_goes_on(kata, tiny, obstacle):
    """A history that can't be written is one sentence on stderr; the grading is what it is without one."""
    file = kata.cwd / ".kata" / "progress.json"
    command = [sys.executable, "-m", "grader", "--catalog", str(tiny), "grade", "--format", "json"]
    if obstacle == "broken":
        file.write_bytes(b"{ this was mine")
    elif obstacle == "folder":
        file.mkdir()
    else:
        if not ROOT or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
            pytest.skip("mounting needs unshare and root")
        line = f'mount --bind "{kata.cwd}" "{kata.cwd}" && mount -o remount,ro,bind "{kata.cwd}" && cd "{kata.cwd}"'
        command = ["unshare", "-m", "sh", "-c", f'{line} && exec "$@"', "sh", *command]
    seen = subprocess.run(command, cwd=kata.cwd, env=kata.env, capture_output=True, text=True, check=False, timeout=60)
    assert (seen.returncode, json.loads(seen.stdout)["exercises"][0]["exercise"]) == (0, "greeting")
    assert len(seen.stderr.strip().splitlines()) == 1, seen.stderr
    if obstacle == "broken":
        assert file.with_name("progress.broken-1.json").read_bytes() == b"{ this was mine"
        assert history(kata)["attempts"] == 1


def test_hints(kata, learn, project):
    """Hints come one at a time, are counted, change nothing else, and can be read again after all is passed."""
    learn("grade")
    before, coming = history(kata), learn("next")
    told = [re.search(r"Hint (\d) of 3", learn("hint", "1")).group(1) for _ in range(3)]
    assert told == ["1", "2", "3"]
    assert "no further hint" in learn("hint", "1")
    after = history(kata)
    assert sum(after.pop("hints").values()) == 3
    before.pop("hints")
    assert (after, learn("next")) == (before, coming)
    shutil.copy(RIGHT, project / "hello.py")
    learn("grade")
    assert "lost no check" in learn("hint", "1")
    assert learn("hint", "1", "--again").count("Hint ") == 3


def test_give_up(kata, learn):
    """The solution is shown to whoever gives up, says so where nobody can be asked, and is remembered."""
    learn("solution", "1", "--give-up", status=2)
    assert "--yes" in learn.said
    assert not (kata.cwd / ".kata" / "progress.json").exists()
    assert "+" in learn("solution", "1", "--give-up", "--yes")
    assert history(kata)["gave_up"]
    assert learn("solution", "1")
    assert "solution seen" in learn("list")


@pytest.mark.parametrize("answer", ["y", "n", "\x04", "\x03"])
@pytest.mark.usefixtures("learn")
def test_give_up_on_a_terminal(kata, tiny, answer):
    """On a terminal somebody is asked; any answer but yes shows nothing and records nothing."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "grader", "--catalog", str(tiny), "solution", "1", "--give-up"]
    process = subprocess.Popen(
        command, cwd=kata.cwd, env=kata.env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    while b"[y/N]" not in shown:
        shown += os.read(ours, 4096)
    if answer != "\x03":
        os.write(ours, answer.encode() + (b"\n" if answer != "\x04" else b""))
    try:
        while True:
            if answer == "\x03":
                process.send_signal(signal.SIGINT)  # one that comes just before the answer is waited for is not enough
            if select.select([ours], [], [], 0.2)[0]:
                if not (piece := os.read(ours, 4096)):
                    break
                shown += piece
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    assert process.wait(60) == {"y": 0, "n": 0}.get(answer, 130)
    assert (b"reference/hello.py" in shown) == (answer == "y")
    assert (kata.cwd / ".kata" / "progress.json").exists() == (answer == "y")
    assert b"Traceback" not in shown


def test_there_and_back(learn, project):
    """`reset` and `restore` bring the stub and the work, and say where what they replaced is kept."""
    stub = (project / "hello.py").read_text()
    (project / "hello.py").write_text("mine")
    assert "kata restore greeting 1" in learn("reset", "1")
    assert (project / "hello.py").read_text() == stub
    assert "already" in learn("reset", "1")
    assert "before `kata reset`" in learn("restore", "1", "--list")
    learn("restore", "1")
    assert (project / "hello.py").read_text() == "mine"
    (project / "hello.py").write_text("mine, later")
    assert "kata restore greeting 2" in learn("restore", "1", "1")
    learn("restore", "1", "9", status=2)
    assert learn.said.count("\n") == 1


def test_update(kata, tiny, learn, project):
    """`update` says what it did to each project, and that a passed exercise has a new version."""
    shutil.copy(RIGHT, project / "hello.py")
    learn("grade")
    assert "up to date" in learn("update")
    about = tiny / "exercises" / NAME / "exercise.toml"
    about.write_text("version = 2\n" + about.read_text())
    (tiny / "exercises" / NAME / "stub" / "hello.py").write_text("# a better start\n")
    assert "newer than yours: greeting" in learn("next")
    said = learn("update")
    assert "hello.py stays as it is" in said
    assert "you passed version 1; this is version 2" in said
    assert (project / "hello.py").read_text() == RIGHT.read_text()
    assert (kata.cwd / f"{NAME}.new" / "hello.py").read_text() == "# a better start\n"
    assert "passed version 1, now it is 2" in learn("list")
    assert "01 greeting" in learn("next")
    (project / "pipe").symlink_to("hello.py")
    (tiny / "exercises" / NAME / "stub" / "hello.py").write_text("# a third start\n")
    learn("update", status=2)
    assert "symbolic link" in learn.said


def test_killed(kata, learn, project):
    """What a killed command left unfinished is finished by the next one that looks at projects."""
    journal = {
        "project": NAME,
        "changes": [{"name": "hello.py", "before": None, "after": {"content": "bWluZQ=="}}],
        "laid": {},
    }
    (project / "hello.py").unlink()
    (kata.cwd / ".kata" / "unfinished.json").write_text(json.dumps(journal))
    learn("grade")
    assert (project / "hello.py").read_text() == "mine"
    assert sorted(path.name for path in (kata.cwd / ".kata").iterdir()) == ["progress.json", "stubs.json"]
    (kata.cwd / ".kata" / "unfinished.json").write_text("{")
    learn("grade")
    assert "unfinished.json can't be understood" in learn.said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["hint", "1"], ["no workspace", "kata start"]),
        (["solution", "1"], ["no workspace", "kata start"]),
        (["reset", "1"], ["no workspace", "kata start"]),
        (["restore", "1"], ["no workspace", "kata start"]),
        (["update"], ["no workspace", "kata start"]),
        (["update", "--workspace", "nowhere"], ["nowhere", "kata start"]),
        (["list", "--workspace", "nowhere"], ["nowhere", "kata start"]),
        (["show", "nonsense"], ["'nonsense'"]),
        (["list", "--path", "moon"], ["'moon'"]),
        (["start", "/dev/null/desk"], ["/dev/null"]),
    ],
)
def test_wrong_usage(kata, tiny, arguments, words):
    """What can't be done ends with status 2 and one sentence, and nothing is made."""
    seen = kata("--catalog", tiny, *arguments)
    assert (seen.returncode, seen.stdout, seen.stderr.count("\n")) == (2, "", 1), seen.stderr
    assert all(word in seen.stderr for word in words), seen.stderr
    assert list(kata.cwd.iterdir()) == []


@pytest.mark.parametrize("arguments", [["next"], ["list"], ["show", "1"]])
def test_without_a_workspace(kata, tiny, arguments):
    """What only says something needs no workspace, makes none, and has no colours in a pipe."""
    seen = kata("--catalog", tiny, *arguments)
    assert (seen.returncode, seen.stderr, "\x1b" in seen.stdout) == (0, "", False)
    assert list(kata.cwd.iterdir()) == []


@pytest.mark.parametrize("arguments", [["list"], ["show", "1"], ["hint", "1"]])
@pytest.mark.usefixtures("learn")
def test_reader_that_goes(kata, tiny, arguments):
    """A reader that stops reading is no reason to complain."""
    read, write = os.pipe()
    os.close(read)
    seen = kata("--catalog", tiny, *arguments, stdout=write, stderr=subprocess.PIPE, capture_output=False)
    os.close(write)
    assert (seen.stderr, seen.returncode in (0, 1, 141)) == ("", True)


def test_hostile_names(learn, project):
    """Names and lines of the learner's can't act on a terminal."""
    (project / "bad\x1b[2J\n.py").write_text("print('\x1b[2J')\n")
    (project / "hello.py").write_text("# \x1b]0;title\x07\n")
    shown = learn("solution", "1", "--give-up", "--yes") + learn("reset", "1") + learn("restore", "1")
    assert "\x1b" not in shown
    assert "\\x1b" in shown


def test_started_at_the_same_time(kata, tiny):
    """Commands that make the same workspace at once end well, and it holds every project whole."""
    running = [kata.start("--catalog", tiny, "start", "desk") for _ in range(4)]
    ended = [(*process.communicate(timeout=60), process.returncode) for process in running]
    assert [status for *_, status in ended] == [0, 0, 0, 0], ended
    assert sorted(path.name for path in (kata.cwd / "desk").iterdir()) == [
        ".editorconfig", ".kata", ".vscode", NAME, "README.md",
    ]  # fmt: skip
    assert (kata.cwd / "desk" / NAME / "hello.py").exists()


def test_inside_a_project(kata, learn, project):
    """In a project's folder the exercise need not be named; above it, a sentence asks for one."""
    (project / "deeper").mkdir()
    kata.cwd = project / "deeper"
    assert "A greeting" in learn("show")
    assert learn("hint").startswith("\nHint 1 of 3")
    assert "A greeting" in learn("grade")
    assert "hello.py" in learn("xray", "--", "python", "hello.py", "Ada")
    kata.cwd = project.parent
    learn("hint", status=2)
    assert "Name an exercise" in learn.said


def test_places(kata, learn, project):
    """A report names the learner's files and lines from the current folder, as a terminal opens them."""
    file = project / "hello.py"
    file.write_text("import sys\n\nprint(\n")
    assert f"\n{NAME}/hello.py:3 is not valid Python" in learn("grade")
    file.write_text("import sys\n\nraise ValueError\n")
    assert f'File "{NAME}/hello.py", line 3' in learn("grade")
    kata.cwd = project
    assert 'File "hello.py", line 3' in learn("grade")
    assert (
        'File "$PROJECT/hello.py", line 3'
        in json.loads(learn("grade", "--format", "json"))["exercises"][0]["checks"][0]["message"]
    )


def test_worded_as_it_is_typed(learn, project):
    """What a command advises is worded as the user types it, and what machines read is not."""
    typed = {"env": {"KATA_COMMAND": "nox -s kata --"}}
    assert "`nox -s kata -- hint greeting`" in learn("hint", "1", "--again", **typed)
    assert "xray" not in learn("grade", "1", **typed)  # what is wrong with the stub has nothing to do with an import
    (project / "hello.py").write_text("import sys\nprint(f'Hello, {sys.argv[1]}!')\n")
    assert "look: nox -s kata -- xray greeting" in learn("grade", "1", **typed)
    learn("show", "9", status=2, **typed)
    assert "`nox -s kata -- list`" in learn.said
    (project / "hello.py").unlink()
    (project / "notes.py").write_text("")
    assert "nox" not in learn("grade", "1", "--format", "json", **typed)


def test_afterwards(tiny, learn, project):
    """Who passed reads what they know now, when one would choose other answers, and that a path is finished."""
    about = tiny / "exercises" / NAME / "exercise.toml"
    (other,) = [path.name for path in (tiny / "solutions" / NAME / "alternatives").iterdir()][:1]
    about.write_text(
        about.read_text()
        + '\n[afterwards]\nlearned = "You know how to greet."\nlink = "https://docs.python.org/3/"\n'
        + f'[afterwards.other_answers]\n{other} = "It greets at length."\n'
    )
    (tiny / "exercises/paths.toml").write_text(
        '[[path]]\nname = "short"\ntitle = "A short path"\nabout = "x"\nexercises = ["greeting"]\n'
    )
    shutil.copy(RIGHT, project / "hello.py")
    said = learn("grade", "1")
    for words in (
        "You know how to greet.",
        f"{other}: It greets at length.",
        "You have finished the path “A short path”",
    ):
        assert words in said
    assert "finished the path" not in learn("grade", "1")
    assert f"{other}: It greets at length." in learn("solution", "1")

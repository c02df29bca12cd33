"""Where workspaces are made, found and named, and what is left where one can't be written."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

NAME = "01_greeting"
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
MANY = 6
COMMANDS = [
    ["next"], ["list"], ["show", "1"], ["hint", "1"], ["hint", "1", "--again"], ["solution", "1", "--give-up", "--yes"],
    ["update"], ["reset", "1"], ["restore", "1"], ["xray", "1"], ["repeat", "1"], ["watch"], ["watch", "1", "--plain"],
    ["doctor"],
]  # fmt: skip


def files(folder):
    """All that lies in a folder, but for what Python caches."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if "__pycache__" not in path.parts)


@pytest.mark.parametrize("place", ["empty", "clone"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_made_by_nothing_else(kata, tiny, place, arguments):
    """No command but `start` and `grade` makes a workspace; each that needs one names the command that makes it."""
    here = kata.cwd if place == "empty" else tiny
    before = files(here)
    seen = kata("--catalog", tiny, *arguments, cwd=here)
    assert files(here) == before
    if arguments != ["doctor"]:
        assert "kata start" in seen.stdout + seen.stderr
        assert seen.returncode == (0 if arguments[0] in ("next", "list", "show") else 2)


@pytest.mark.sweep
@pytest.mark.parametrize("arguments", [["hint", "1"], ["xray", "1"], ["grade"], ["list"], ["update"]], ids=" ".join)
def test_from_above(kata, tiny, arguments):
    """From the folder above it the only workspace is found; of several one has to be named, and nothing is made."""
    assert kata("--catalog", tiny, "start", "my desk").returncode == 0
    (kata.cwd / "notes").mkdir()
    before = sorted(path.name for path in kata.cwd.iterdir())
    seen = kata("--catalog", tiny, *arguments)
    assert seen.returncode == 0, seen.stderr
    assert "kata start" not in seen.stdout + seen.stderr
    assert sorted(path.name for path in kata.cwd.iterdir()) == before
    assert kata("--catalog", tiny, "start", "other").returncode == 0
    seen = kata("--catalog", tiny, *arguments)
    assert (seen.returncode, seen.stdout) == (2, "")
    assert "my desk/, other/" in seen.stderr
    assert "--workspace" in seen.stderr
    assert kata("--catalog", tiny, *arguments, "--workspace", "my desk").returncode == 0


def test_commands_from_above(kata, tiny):
    """What a report advises above the only workspace works there as it stands, and paths lead from there."""
    assert kata("--catalog", tiny, "start", "desk").returncode == 0
    (kata.cwd / "desk" / NAME / "hello.py").write_text("import sys\n\nprint(f'Hello, {sys.argv[1]}!')\n")
    said = kata("--catalog", tiny, "grade").stdout
    assert f"edit  desk/{NAME}/hello.py" in said
    advice = re.search(r"look: kata (xray greeting.*)", said)[1]
    assert advice == "xray greeting"
    assert kata("--catalog", tiny, *advice.split()).returncode == 0


def test_start_from_above(kata, tiny):
    """`kata start` without a name makes workspace/, also beside another workspace."""
    for arguments in (["desk"], []):
        assert kata("--catalog", tiny, "start", *arguments).returncode == 0
    assert (kata.cwd / "workspace" / NAME).is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_start_interrupted(kata, tiny):
    """Ctrl-C in `kata start` tells what was made and how to go on; each project is there whole or not at all."""
    names = [NAME, *(f"{number:02}_greeting_{number}" for number in range(2, MANY + 1))]
    for name in names[1:]:
        for part in ("exercises", "solutions"):
            shutil.copytree(tiny / part / NAME, tiny / part / name)
    for name in names:
        for number in range(2000):
            (tiny / "exercises" / name / "stub" / f"extra_{number}.py").write_text("# one more\n")
    place = kata.cwd / "workspace"
    process = kata.start("--catalog", tiny, "start", start_new_session=True)
    deadline = time.monotonic() + 60
    while not (place / NAME).exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    there = [name for name in names if (place / name).exists()]
    assert f"workspace holds {len(there)} of {MANY} projects" in said
    assert "`kata start` lays the others" in said
    assert 0 < len(there) < MANY
    whole = files(tiny / "exercises" / NAME / "stub")
    assert all(files(place / name) == whole for name in there)
    assert [path.name for path in (place / ".kata").glob(".new-*")] == []
    seen = kata("--catalog", tiny, "start")
    assert f"with {MANY - len(there)} new project" in seen.stdout
    assert all(files(place / name) == whole for name in names)


@pytest.mark.parametrize("edited", [False, True])
def test_another_number(kata, tiny, edited):
    """`kata update` names the old and the new folder of an exercise whose number changed, once."""
    assert kata("--catalog", tiny, "start").returncode == 0
    project = kata.cwd / "workspace" / NAME
    if edited:
        (project / "hello.py").write_text("# mine\n")
    for part in ("exercises", "solutions"):
        (tiny / part / NAME).rename(tiny / part / "07_greeting")
    said = kata("--catalog", tiny, "update").stdout
    assert said.startswith(f"{NAME} -> 07_greeting: ")
    assert said.count("\n") == 1
    assert not project.exists()
    assert ((project.with_name("07_greeting") / "hello.py").read_text() == "# mine\n") is edited
    assert "->" not in kata("--catalog", tiny, "update").stdout


# A workspace that can't be written.


@pytest.fixture
def read_only(kata, tiny):
    """Run a command in a started workspace that is mounted so that nobody can write in it."""
    if not ROOT or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("mounting needs unshare and root")
    assert kata("--catalog", tiny, "start", "desk").returncode == 0
    place = kata.cwd / "desk"
    mount = f'mount --bind "{place}" "{place}" && mount -o remount,ro,bind "{place}" && cd "{place}" && exec "$@"'

    def run(*arguments, typed=""):
        command = [sys.executable, "-m", "grader", "--catalog", str(tiny), *arguments]
        return subprocess.run(
            ["unshare", "-m", "sh", "-c", mount, "sh", *command],
            env=kata.env,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


def test_read_only_hint(read_only):
    """A hint is shown where it can't be remembered, with one line that tells why and how to read on."""
    seen = read_only("hint", "1")
    assert (seen.returncode, "Hint 1 of 3" in seen.stdout) == (0, True), seen.stderr
    assert seen.stderr.count("\n") == 1
    assert "Read-only" in seen.stderr
    assert "`kata hint greeting --level 2`" in seen.stderr
    assert "Hint 2 of 3" in read_only("hint", "1", "--level", "2").stdout


def test_read_only_grade(read_only):
    """It is graded as ever, and one line tells that it can't be remembered."""
    seen = read_only("grade", "1")
    assert (seen.returncode, seen.stderr.count("\n")) == (0, 1), seen.stderr
    assert "0/40" in seen.stdout


def test_read_only_watch(read_only):
    """The watch gives one hint after the other where none can be remembered, and shows again those that it gave."""
    said = read_only("watch", "--plain", typed="h\nh\na\nq\n").stdout
    assert re.findall(r"^Hint (\d) of 3", said, re.MULTILINE) == ["1", "2", "1", "2"]
    assert "Read-only" in said

"""The `kata` command from outside: exit statuses, options, and one sentence for whatever goes wrong."""

import json
import os
import platform
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from grader.sandbox import TIERS

NAME = "01_greeting"
REPOSITORY = Path(__file__).parents[2]
SCHEMA = json.loads((REPOSITORY / "docs" / "report.schema.json").read_text())
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def reference(tiny):
    """The right answer of the tiny catalogue."""
    return tiny / "solutions" / NAME / "reference"


@pytest.fixture
def stub(tiny):
    """What its learner starts from."""
    return tiny / "exercises" / NAME / "stub"


@pytest.fixture
def grade(kata, tiny):
    """Grade in the tiny catalogue."""

    def run(*arguments, **options):
        return kata("--catalog", tiny, "grade", *arguments, **options)

    return run


def one_sentence(seen, status=2):
    """The one line that a run said on stderr, which ended with that status and printed nothing."""
    assert (seen.returncode, seen.stdout) == (status, ""), seen.stderr
    lines = seen.stderr.strip().splitlines()
    assert len(lines) == 1, seen.stderr
    return lines[0]


def contents(folder):
    """All names below a folder, with what the files hold and when they were changed."""
    return {
        str(path.relative_to(folder)): (path.read_bytes() if path.is_file() else None, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def test_graded(grade, stub, reference):
    """The status is 0 when everything was graded, whatever the score."""
    for project, score in ((stub, 0), (reference, 100)):
        seen = grade(NAME, "--project", project, "--format", "json")
        assert (seen.returncode, seen.stderr) == (0, "")
        assert json.loads(seen.stdout)["score"] == score


@pytest.mark.parametrize("format_", ["terminal", "json", "junit", "markdown", "csv"])
def test_nothing_of_yours(grade, tmp_path, format_):
    """A project without any of the learner's files gets 0, and every report says once which there should be."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "paper.pdf").write_bytes(b"%PDF")
    seen = grade(NAME, "--project", tmp_path / "work", "--format", format_)
    assert (seen.returncode, seen.stderr) == (0, "")
    said = " ".join(seen.stdout.split())
    assert said.count("None of your files is here: hello.py. Grade the folder that holds your files") == 1
    if format_ == "json":
        (exercise,) = json.loads(seen.stdout)["exercises"]
        assert (exercise["score"], exercise["max_score"], exercise["verdict"]) == (0, 100, "failed")


@pytest.mark.parametrize(("percent", "status"), [("0", 0), ("40", 0), ("40.1", 1), ("100", 1)])
def test_fail_under(grade, tiny, percent, status):
    """The status is 1 below the limit, and 0 at it; the report is written all the same."""
    always_ada = tiny / "exercises" / NAME / "mistakes" / "always_ada"
    (tiny / "exercises" / NAME / "hidden_tests" / "test_greeting.py").write_text(
        (tiny / "exercises" / NAME / "hidden_tests" / "test_greeting.py")
        .read_text()
        .replace("points=40, clause=1)\ndef test_greets", "points=20, clause=1)\ndef test_greets")
        .replace("points=40, clause=1)\ndef test_any", "points=60, clause=1)\ndef test_any")
    )
    seen = grade("1", "--project", always_ada, "--fail-under", percent, "--format", "json")
    assert (seen.returncode, json.loads(seen.stdout)["score"]) == (status, 40)


def test_ungraded(grade, tiny):
    """The status is 3 when something could not be graded through no fault of the learner, and it goes before 1."""
    checks = tiny / "exercises" / NAME / "hidden_tests" / "test_greeting.py"
    checks.write_text(checks.read_text().replace("    looked.silent()", "    raise KeyError('tide')"))
    seen = grade("--solutions", "--format", "json", "--fail-under", "100")
    report = json.loads(seen.stdout)
    assert (seen.returncode, report["verdict"], report["score"]) == (3, "ungraded", None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "greting"], ["'greting'", "greeting"]),
        (["grade", "greting", "02", "greeting"], ["'greting'", "'02'"]),
        (["grade", ""], ["''"]),
        (["grade", "--workspace", "a", "--project", "b"], ["--workspace", "--project", "--solutions"]),
        (["grade", "--solutions", "--project", "b"], ["--workspace", "--project", "--solutions"]),
        (["grade", "--project", "."], ["--project", "exercise"]),
        (["grade", "1", "--project", "nowhere"], ["nowhere", "not there"]),
        (["grade", "--workspace", "nowhere"], ["nowhere", NAME]),
        (["grade", "--workspace", "/dev/null"], ["/dev/null"]),
        (["grade", "--solutions", "--python", "2.7"], ["2.7"]),
        (["grade", "--solutions", "--python", "3.99"], ["3.99"]),
        (["grade", "--solutions", "--python", "/nowhere/python"], ["/nowhere/python"]),
        (["grade", "--solutions", "--python", "/bin/true"], ["/bin/true"]),
        (["grade", "--solutions", "--python", ""], ["''"]),
        (["grade", "--python", "nonsense"], ["'nonsense'"]),
        (["verify", "greting"], ["'greting'", "greeting"]),
    ],
)
def test_wrong_usage(kata, tiny, arguments, words):
    """What can't be done as asked ends with status 2 and one sentence that names it."""
    said = one_sentence(kata("--catalog", tiny, *arguments))
    assert all(word in said for word in words), said
    assert list(kata.cwd.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grdae"], ["grdae"]),
        (["grade", "--solution"], ["--solution"]),
        (["grade", "--format", "yaml"], ["yaml", "junit"]),
        (["grade", "--sandbox", "none"], ["none", *TIERS]),
        (["grade", "--jobs", "0"], ["0"]),
        (["grade", "--jobs", "many"], ["many"]),
        (["grade", "--fail-under", "101"], ["101"]),
        (["grade", "--fail-under", "nan"], ["nan"]),
        (["grade", "--workspace"], ["--workspace"]),
        (["--catalog"], ["--catalog"]),
        (["list", "all"], ["all"]),
    ],
)
def test_typos(kata, arguments, words):
    """A word or an option that isn't one ends with status 2, is named, and nothing is made."""
    seen = kata(*arguments)
    assert (seen.returncode, seen.stdout) == (2, "")
    assert all(word in seen.stderr for word in words), seen.stderr
    assert list(kata.cwd.iterdir()) == []


@pytest.mark.parametrize("place", ["nowhere", "/dev/null", "."])
def test_no_catalogue(kata, place):
    """A folder that holds no exercises is named."""
    said = one_sentence(kata("--catalog", place, "list"))
    assert str((kata.cwd / place).resolve()) in said


@pytest.mark.parametrize("name", ["greeting", "01_greeting", "01", "1", "01-greeting", "Greeting", "01_greeting/"])
def test_names(grade, name):
    """An exercise answers to its name, its number, and the like; named twice it is graded once."""
    seen = grade(name, "1", "--solutions", "--format", "json")
    assert [each["exercise"] for each in json.loads(seen.stdout)["exercises"]] == ["greeting"]


@pytest.mark.parametrize("desk", ["desk", "my desk", "Größe 机 ☂"])
def test_workspace_is_made(grade, kata, stub, desk):
    """Without a workspace one is made from the stubs; the second run finds it and changes nothing in it."""
    cwd = kata.cwd / desk
    cwd.mkdir()
    first = grade(cwd=cwd)
    assert first.returncode == 0
    assert "Made 1 project in workspace/" in first.stderr
    project = cwd / "workspace" / NAME
    assert [path.name for path in cwd.iterdir()] == ["workspace"]
    assert {name: text for name, (text, _) in contents(project).items()} == {
        path.name: path.read_bytes() for path in stub.iterdir()
    }
    before = contents(cwd)
    second = grade(cwd=cwd)
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, "")
    assert contents(cwd) == before


def test_work_is_kept(kata, grade, reference):
    """What a learner has in the workspace is graded, and never replaced by a stub."""
    shutil.copytree(reference, kata.cwd / "workspace" / NAME)
    before = contents(kata.cwd)
    seen = grade("--format", "json")
    assert (json.loads(seen.stdout)["score"], seen.stderr) == (100, "")
    assert contents(kata.cwd) == before


def test_workspace_is_filled_up(kata, lay_out, exercises):
    """A default workspace that lacks exercises gets their stubs; those asked for, and no others."""
    names = list(exercises)
    done = lay_out(names[0], kata.cwd / "workspace" / names[0], reference=True)
    before = contents(done)
    report = kata.report(names[0], names[1])
    assert report["exercises"][0]["score"] == 100
    assert sorted(path.name for path in (kata.cwd / "workspace").iterdir()) == names[:2]
    assert contents(done) == before


def test_workspace_of_somebody(kata, lay_out, exercises, tmp_path):
    """A workspace that is named is left as it is: what it lacks isn't graded, and isn't made."""
    names = list(exercises)
    workspace = tmp_path / "of somebody"
    lay_out(names[1], workspace / names[1], reference=True)
    (workspace / "notes").mkdir()
    before = contents(workspace)
    report = kata.report("--workspace", workspace)
    assert [(each["number"], each["score"]) for each in report["exercises"]] == [(2, 100)]
    said = one_sentence(kata("grade", "--workspace", workspace, names[1], names[2]))
    assert names[2] in said
    assert names[1] not in said
    assert contents(workspace) == before


def test_empty_workspace(grade, tmp_path):
    """A workspace that is named and holds no exercise is no reason for a score."""
    workspace = tmp_path / "empty"
    workspace.mkdir()
    said = one_sentence(grade("--workspace", workspace))
    assert str(workspace) in said
    assert list(workspace.iterdir()) == []


def test_workspace_is_a_file(kata, grade):
    """A file in the place of the workspace is left alone, and named."""
    (kata.cwd / "workspace").write_text("mine")
    said = one_sentence(grade())
    assert "workspace" in said
    assert (kata.cwd / "workspace").read_text() == "mine"


@pytest.mark.skipif(ROOT, reason="nothing is read-only for root but what is mounted so")
def test_read_only_desk(kata, grade):
    """Where no workspace can be made, that is said in one sentence."""
    kata.cwd.chmod(0o555)
    assert "workspace can't be made" in one_sentence(grade())


def in_own_mounts(line, *command):
    """Arguments that run a command after a shell line that mounts something, where nobody else sees it."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        pytest.skip("mounting needs unshare and root")
    return ["unshare", "-m", "sh", "-c", f'{line} && exec "$@"', "sh", *map(str, command)]


@pytest.fixture
def mounted(kata, tiny):
    """Grade in the tiny catalogue after a shell line that mounts something."""

    def run(line, *arguments):
        command = in_own_mounts(line, sys.executable, "-m", "grader", "--catalog", tiny, "grade", *arguments)
        fields = {"cwd": kata.cwd, "env": kata.env, "capture_output": True, "text": True, "timeout": 60}
        seen = subprocess.run(command, check=False, **fields)
        assert "Traceback" not in seen.stderr
        return seen

    return run


def test_read_only_workspace(kata, mounted, reference):
    """A workspace on a read-only mount is graded like any other; nothing is written to it."""
    shutil.copytree(reference, kata.cwd / "workspace" / NAME)
    line = f'mount --bind "{kata.cwd}" "{kata.cwd}" && mount -o remount,ro,bind "{kata.cwd}" && cd "{kata.cwd}"'
    seen = mounted(line, "--format", "json")
    assert (seen.returncode, seen.stderr) == (0, "")
    assert json.loads(seen.stdout)["score"] == 100


def test_read_only_mount(kata, mounted):
    """Where no workspace can be made since nothing can be written, that is wrong usage, said in one sentence."""
    line = f'mount --bind "{kata.cwd}" "{kata.cwd}" && mount -o remount,ro,bind "{kata.cwd}" && cd "{kata.cwd}"'
    assert "workspace can't be made" in one_sentence(mounted(line))


@pytest.mark.parametrize("size", ["4k", "64k", "600k"])
def test_full_temporary_folder(kata, mounted, size, reference):
    """A full disk is nobody's mistake and nobody's zero: status 3 and the reason, and no word against the project."""
    (reference / "notes.txt").write_bytes(b"tide\n" * 100_000)
    line = f'mount -t tmpfs -o size={size},mode=1777 tmpfs "{kata.temporary}"'
    seen = mounted(line, NAME, "--project", reference, "--format", "json", "--sandbox", "auto")
    if size == "600k" and seen.returncode == 0:
        assert json.loads(seen.stdout)["score"] == 100
        return
    said = seen.stderr + seen.stdout
    assert (seen.returncode, "No space left" in said, "can't be read" in said) == (3, True, False), said
    assert len(seen.stderr.splitlines()) <= 1


@pytest.mark.sweep
@pytest.mark.parametrize("format_", ["terminal", "json", "junit", "markdown"])
def test_formats(grade, stub, tmp_path, format_):
    """A report is the same on stdout and in a file, in every format, but for the times in it."""
    target = tmp_path / "report of today"
    printed = grade("1", "--project", stub, "--format", format_)
    written = grade("1", "--project", stub, "--format", format_, "--output", target)
    assert (printed.returncode, written.returncode, written.stdout) == (0, 0, "")
    text = target.read_text(encoding="utf-8")
    if format_ == "json":
        jsonschema.validate(json.loads(text), SCHEMA)
        first, second = json.loads(text), json.loads(printed.stdout)
        assert first.pop("timing").keys() == second.pop("timing").keys()
        assert first == second
    elif format_ == "junit":
        suite = ET.fromstring(text)
        assert len(suite.findall(".//testcase")) == len(suite.findall(".//failure")) == 3
    else:
        assert text == printed.stdout
        assert "It greets Ada." in text


@pytest.mark.parametrize("target", ["/dev/full", "missing/report.json", ".", "/proc/version", "a" * 300])
def test_output_that_cannot_be_written(grade, target):
    """A report that can't be written is one sentence with its name."""
    if target == "/dev/full" and not Path(target).exists():
        pytest.skip("there is no /dev/full here")
    said = one_sentence(grade("--solutions", "--format", "json", "--output", target))
    assert f"can't be written to {target}" in said


def test_full_stdout(grade):
    """A report that can't be printed is one sentence, too, and no success."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    for format_ in ("json", "terminal"):
        with Path("/dev/full").open("w") as full:
            seen = grade("--solutions", "--format", format_, stdout=full, stderr=subprocess.PIPE, capture_output=False)
        assert seen.returncode in (2, 3), seen.stderr
        assert len(seen.stderr.strip().splitlines()) == 1, seen.stderr
        assert "No space left" in seen.stderr


@pytest.mark.parametrize("arguments", [["grade", "--solutions"], ["list"], ["doctor"], ["--help"], ["grade", "--help"]])
def test_reader_that_goes(kata, tiny, arguments):
    """A reader that stops reading, as `head` does, is no reason to complain."""
    read, write = os.pipe()
    os.close(read)
    try:
        seen = kata("--catalog", tiny, *arguments, stdout=write, stderr=subprocess.PIPE, capture_output=False)
    finally:
        os.close(write)
    assert seen.stderr == ""
    assert seen.returncode in (0, 1, 128 + 13), "not 2 or 3: nothing is wrong with the input or with us"


@pytest.mark.parametrize(
    "arguments", [["grade", "--solutions"], ["list"], ["grade", "--solutions", "--format", "json"]]
)
def test_no_stdout(kata, tiny, arguments):
    """With no stdout at all there is no traceback, and no more than a sentence."""
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "grader", "--catalog", str(tiny), *arguments]
    seen = subprocess.run(
        command, cwd=kata.cwd, env=kata.env, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )
    assert "Traceback" not in seen.stderr
    assert len(seen.stderr.splitlines()) <= 1


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1", "TERM": "xterm-256color"}, {"COLUMNS": "20"}])
@pytest.mark.parametrize("arguments", [["grade", "--solutions"], ["list"], ["grade", "nonsense"]])
def test_no_colours_in_a_pipe(kata, tiny, env, arguments):
    """What goes to a pipe holds no escape sequences."""
    seen = kata("--catalog", tiny, *arguments, env=env)
    assert "\x1b" not in seen.stdout + seen.stderr


def test_no_colours_on_request(kata, tiny):
    """NO_COLOR is heeded on a terminal, which otherwise gets colours."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

    def on_a_terminal(env):
        ours, theirs = pty.openpty()
        variables = {key: value for key, value in kata.env.items() if key not in ("NO_COLOR", "CI")} | env
        command = [sys.executable, "-m", "grader", "--catalog", str(tiny), "grade", "--solutions"]
        process = subprocess.Popen(command, cwd=kata.cwd, env=variables, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 4096):
                shown += chunk
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(ours)
        assert process.wait(60) == 0
        return shown

    assert b"\x1b[32m" in on_a_terminal({"TERM": "xterm-256color"})
    assert b"\x1b[3" not in on_a_terminal({"TERM": "xterm-256color", "NO_COLOR": "1"})


def test_two_pythons(grade):
    """With several interpreters one report holds a run for each, in the order asked for."""
    here = platform.python_version()
    seen = grade("--solutions", "--python", here, "--python", here.rpartition(".")[0], "--format", "json")
    report = json.loads(seen.stdout)
    jsonschema.validate(report, SCHEMA)
    assert [(run["python"], run["score"]) for run in report["runs"]] == [(here, 100), (here, 100)]


def test_python_by_path(grade):
    """An interpreter can be named by a path; for a virtualenv's it is the one below."""
    report = json.loads(grade("--solutions", "--python", sys.executable, "--format", "json").stdout)
    assert (report["python"], report["score"]) == (platform.python_version(), 100)


@pytest.mark.parametrize("tier", TIERS)
def test_tiers(grade, tier, request):
    """The tier that was asked for is taken, and named in the report."""
    if tier == "bubblewrap":
        request.getfixturevalue("needs_bubblewrap")
    report = json.loads(grade("--solutions", "--sandbox", tier, "--format", "json").stdout)
    assert (report["sandbox"], report["score"]) == (tier, 100)


def test_solutions(kata, exercises):
    """Reference solutions get full marks, with two jobs; `nox -s build` grades all of them from the wheel."""
    chosen = [name for name in exercises if int(name[:2]) % 5 == 1]
    report = kata.report("--solutions", *chosen, "--jobs", "2", "--fail-under", "100")
    assert [f"{each['number']:02}_{each['exercise']}" for each in report["exercises"]] == chosen
    assert report["score"] == 100


def test_list(kata, exercises):
    """`kata list` has a line for each exercise."""
    seen = kata("list")
    assert (seen.returncode, seen.stderr) == (0, "")
    for name in exercises:
        number, _, slug = name.partition("_")
        assert any(line.split()[:2] == [number, slug] for line in seen.stdout.splitlines())


def test_doctor(kata):
    """`kata doctor` names the interpreter, the catalogue and the sandbox, and makes nothing."""
    seen = kata("doctor")
    assert (seen.returncode, seen.stderr) == (0, "")
    for word in (platform.python_version(), "catalogue", "sandbox"):
        assert word in seen.stdout
    assert list(kata.cwd.iterdir()) == []


@pytest.mark.parametrize("command", [[], ["grade"], ["list"], ["doctor"], ["verify"]])
def test_help(kata, command):
    """--help and -h say how a command is used."""
    long, short = kata(*command, "--help"), kata(*command, "-h")
    assert (long.returncode, long.stderr) == (0, "")
    assert long.stdout == short.stdout
    assert long.stdout.startswith(f"Usage: {' '.join(['kata', *command])} [OPTIONS]")


def test_bare_command(kata):
    """Without a command the help is shown, and no workspace is made."""
    seen = kata()
    assert "Usage: kata" in seen.stdout + seen.stderr
    assert list(kata.cwd.iterdir()) == []


def test_cache_that_cannot_be_made(kata, tiny, tmp_path):
    """Where the cache can't be made nothing is graded and nobody is blamed: status 3, and the folder is named."""
    (tmp_path / "a file").write_text("")
    seen = kata("--catalog", tiny, "grade", "--solutions", env={"KATA_CACHE": str(tmp_path / "a file" / "cache")})
    assert seen.returncode == 3
    assert str(tmp_path / "a file") in seen.stdout + seen.stderr


def test_temporary_folder_that_is_not_there(kata, tiny, tmp_path):
    """A TMPDIR that isn't there is no reason to fail: there are others."""
    report = kata.report("--solutions", catalog=tiny, env={"TMPDIR": str(tmp_path / "nowhere")})
    assert report["score"] == 100


def test_current_folder_that_is_gone(kata, tiny):
    """A current folder that was removed is one sentence, or no hindrance."""
    gone = kata.cwd / "gone"
    gone.mkdir()
    command = [
        "sh",
        "-c",
        'rmdir "$PWD" && exec "$@"',
        "sh",
        sys.executable,
        "-m",
        "grader",
        "--catalog",
        str(tiny),
        "grade",
    ]
    seen = subprocess.run(command, cwd=gone, env=kata.env, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in seen.stderr
    assert seen.returncode in (2, 3)
    assert len(seen.stderr.strip().splitlines()) == 1

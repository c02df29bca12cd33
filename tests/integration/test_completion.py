"""Completion in a shell: what a shell asks, by its own protocol, and what it is told."""

import os
import shlex
import shutil
import subprocess
import sys

import pytest

from grader import catalog

SHELLS = ("bash", "zsh", "fish")
SLUGS = [exercise.slug for exercise in catalog.load().exercises]
NAMES = [exercise.name for exercise in catalog.load().exercises]


@pytest.fixture
def ask(kata):
    """What a shell is told of the last of the words that somebody has typed so far; nothing else may be said."""

    def completions(*words, status=0, **variables):
        asked = {"COMP_WORDS": shlex.join(["kata", *words[:-1]]) + " " + words[-1], "COMP_CWORD": str(len(words))}
        seen = kata(env={"_KATA_COMPLETE": "bash_complete", **asked, **variables})
        assert (seen.returncode, seen.stderr) == (status, "")
        return [line.partition(",")[2] for line in seen.stdout.splitlines() if line]

    return completions


@pytest.mark.parametrize(
    "command", ["grade", "show", "hint", "solution", "reset", "restore", "watch", "xray", "verify"]
)
def test_names(ask, command):
    """Every command that takes an exercise goes on with the names of exercises."""
    assert ask(command, "pa") == [slug for slug in SLUGS if slug.startswith("pa")]


def test_numbers(ask):
    """Where a number was begun, it goes on with numbers and names; where nothing was, with names alone."""
    assert ask("grade", "") == SLUGS
    assert ask("grade", "0") == NAMES[:9]
    assert ask("grade", "07") == [NAMES[6]]
    assert ask("grade", "zz") == []


def test_several(ask):
    """Where several exercises may be named, the next one goes on, too; where one may, nothing follows it."""
    assert ask("grade", "path_appending", "main_g") == ["main_guard"]
    assert ask("show", "path_appending", "main_g") == []


def test_commands(ask):
    """Commands go on by their names, in both groups, and so do options, and what they may be."""
    assert ask("gr") == ["grade"]
    assert {"start", "grade", "new", "class"} <= set(ask(""))
    assert "regrade" in ask("class", "re")
    assert ask("grade", "--fail") == ["--fail-under"]
    assert ask("grade", "--format", "j") == ["json", "junit"]
    assert ask("completion", "") == list(SHELLS)


@pytest.mark.parametrize("command", ["next", "list", "watch"])
def test_paths(ask, command):
    """The paths through the exercises go on by their names."""
    assert ask(command, "--path", "be") == ["beginner"]


def test_other_catalogue(ask, tiny):
    """The names are those of the catalogue that was named before, even where its exercises can't be read."""
    (tiny / "exercises/01_greeting/exercise.toml").write_text("?")
    assert ask("--catalog", str(tiny), "grade", "") == ["greeting"]


@pytest.mark.parametrize(
    "words",
    [("grdae", ""), ("--catalog", "nowhere", "grade", ""), ("--catalog", "nowhere", "next", "--path", "")],
)
def test_nothing_to_say(ask, kata, words):
    """Whatever is wrong with the words so far, nothing is said in the middle of what is being typed."""
    assert ask(*words, status=1) == []
    assert list(kata.cwd.iterdir()) == []


@pytest.mark.parametrize(
    "variables",
    [
        {"_KATA_COMPLETE": "tcsh_complete"},
        {"_KATA_COMPLETE": "bash_complete"},
        {"_KATA_COMPLETE": "bash_complete", "COMP_WORDS": "kata grade", "COMP_CWORD": "x"},
        {"_KATA_COMPLETE": ""},
    ],
)
def test_broken_question(kata, variables):
    """A question that is none gets no answer, and no word of ours."""
    seen = kata(env=variables)
    assert (seen.returncode, seen.stdout, seen.stderr) == (1, "", "")


def test_what_is_imported(kata):
    """Nobody waits for a key: what draws, grades and tests is not imported to complete a word."""
    lines = (
        "import atexit, sys; from grader.cli import main; import os;"
        "status = main(); print(*sys.modules, file=sys.stderr); sys.exit(status)"
    )
    for words, place in (("kata ", 1), ("kata grade ", 2), ("kata next --path ", 3), ("kata class ", 2)):
        asked = {"_KATA_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(place)}
        argv = [sys.executable, "-c", lines]
        seen = subprocess.run(argv, env=kata.env | asked, cwd=kata.cwd, capture_output=True, text=True, check=True)
        loaded = set(seen.stderr.split())
        assert "grader.cli.completion" in loaded
        assert loaded.isdisjoint({"rich", "pytest", "_pytest", "textual", "watchfiles", "multiprocessing", "sqlite3"})
        if place == 1:
            assert loaded.isdisjoint({"grader.grading", "grader.workers.pool", "grader.cli.learner.grade"})


@pytest.mark.parametrize("shell", SHELLS)
def test_script(kata, shell):
    """The script of each shell is all that is printed where its output goes to a file."""
    seen = kata("completion", shell)
    assert (seen.returncode, seen.stderr) == (0, "")
    assert f"_KATA_COMPLETE={shell}_complete" in seen.stdout
    checker = shutil.which(shell)
    if checker is None:
        pytest.skip(f"there is no {shell} here to read it")
    subprocess.run([checker, "-n"], input=seen.stdout, text=True, check=True)


def test_where_it_goes(kata):
    """On a terminal it says on stderr what keeps the script for good."""
    pty = pytest.importorskip("pty", reason="there are no terminals like this here")
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb"), os.fdopen(theirs, "wb") as terminal:
        seen = kata("completion", "bash", stdout=terminal, stderr=subprocess.PIPE, capture_output=False)
    assert "kata completion bash > ~/.kata-completion" in seen.stderr


def test_unknown_shell(kata):
    """Another shell is refused with the names of those that there are."""
    seen = kata("completion", "tcsh")
    assert (seen.returncode, seen.stdout) == (2, "")
    assert all(shell in seen.stderr for shell in SHELLS)


@pytest.fixture
def scripts(kata):
    """A folder that holds the command, for a shell's PATH."""
    folder = kata.cwd / "bin"
    folder.mkdir()
    (folder / "kata").write_text(f"#!/bin/sh\nexec '{sys.executable}' -m grader \"$@\"\n")
    (folder / "kata").chmod(0o755)
    return folder


TYPED = r"""
PS1='' PATH="$1:$PATH"
. ./script
complete -p kata
for line in 'kata gr' 'kata hint 0' 'kata show path' 'kata watch --path b' 'kata grdae '; do
    COMP_LINE=$line COMP_POINT=${#line}
    read -ra COMP_WORDS <<< "$line"
    [[ $line == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
    _kata_completion kata "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "$line: ${COMPREPLY[*]}"
done
exit
"""


def test_in_bash(kata, scripts):
    """A real, interactive bash that has read the script completes commands, numbers, names and paths."""
    if shutil.which("bash") is None:
        pytest.skip("there is no bash here")
    (kata.cwd / "script").write_text(kata("completion", "bash").stdout)
    argv = ["bash", "--norc", "-i", "-c", TYPED, "bash", str(scripts)]
    seen = subprocess.run(argv, cwd=kata.cwd, env=kata.env, capture_output=True, text=True, check=False, timeout=60)
    assert seen.stdout.splitlines() == [
        "complete -o nosort -F _kata_completion kata",
        "kata gr: grade",
        f"kata hint 0: {' '.join(NAMES[:9])}",
        "kata show path: path_appending",
        "kata watch --path b: beginner",
        "kata grdae : ",
    ]


def test_in_fish(kata, scripts):
    """A real fish that has read the script completes numbers and names."""
    if shutil.which("fish") is None:
        pytest.skip("there is no fish here")
    (kata.cwd / "script").write_text(kata("completion", "fish").stdout)
    lines = "source ./script; complete -C 'kata hint 0'; complete -C 'kata show path'"
    env = kata.env | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "HOME": str(kata.cwd)}
    argv = ["fish", "--no-config", "-c", lines]
    seen = subprocess.run(argv, cwd=kata.cwd, env=env, capture_output=True, text=True, check=True, timeout=60)
    assert seen.stdout.split() == [*NAMES[:9], "path_appending"]

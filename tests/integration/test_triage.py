"""What has to be fixed first is told once, and before all checks, which then ask nothing of their own."""

import json
import re

import pytest

NAME = "01_greeting"
CASES = {
    "syntax_error": (
        b"import sys\n\nprint('Hello, ' + sys.argv[1] + '!'\n",
        "hello.py, line 3 is not valid Python: '(' was never closed.",
    ),
    "mixed_indentation": (
        b"import sys\nif __name__:\n\tname = sys.argv\n        print(name)\n",
        "hello.py, line 4 mixes tabs and spaces.",
    ),
    "not_utf8": (
        "print('Hello')\n".encode("utf-16"),
        "hello.py is saved as UTF-16, and Python reads source files as UTF-8.",
    ),
    "empty_file": (b"", "hello.py is empty."),
    "waits_for_input": (
        b"name = input('Name: ')\nprint(f'Hello, {name}!')\n",
        "hello.py, line 1 waits for somebody to type, and in grading nobody does.",
    ),
    "stops_in_debugger": (
        b"x = 1\nbreakpoint()\nprint('Hello')\n",
        "The program stopped in the debugger at hello.py, line 2.",
    ),
    "prints_without_end": (
        b"while True:\n    print('Hello')\n",
        "The program printed more than 1 MB, and was stopped.",
    ),
}


@pytest.fixture
def graded(kata, tiny, tmp_path):
    """Grade a program as the tiny exercise: the one exercise of the report, and what people read, from its folder."""

    def grade(content):
        project = tmp_path / "work"
        project.mkdir()
        (project / "hello.py").write_bytes(content)
        asked = ("--catalog", tiny, "grade", "1", "--project", project)
        (exercise,) = json.loads(kata(*asked, "--format", "json").stdout)["exercises"]
        return exercise, kata(*asked, cwd=project).stdout

    return grade


def test_edited_given_files(kata, tiny, tmp_path):
    """Edited given files are told once, in every format for people, and cost no check; an untouched one isn't told."""
    exercise = tiny / "exercises" / NAME
    about = exercise / "exercise.toml"
    about.write_text('given = ["words.txt", "names.txt", "moons.txt"]\n' + about.read_text())
    for name in ("words.txt", "names.txt", "moons.txt"):
        (exercise / "stub" / name).write_text("given\n")
    project = tmp_path / "work"
    project.mkdir()
    (project / "hello.py").write_text("import greetings_of_the_moon\n")
    (project / "words.txt").write_text("mine\n")
    (project / "names.txt").write_text("mine, too\n")
    (project / "moons.txt").write_bytes(b"given\r\n")
    asked = ("--catalog", tiny, "grade", "1", "--project", project)
    says = "Your changes to words.txt and names.txt don't count: grading uses the originals."
    (graded,) = json.loads(kata(*asked, "--format", "json").stdout)["exercises"]
    (cause,) = graded["causes"]
    assert (cause["kind"], cause["says"], cause["checks"]) == ("edited_given_file", says, [])
    for format_ in ("terminal", "markdown"):
        shown = kata(*asked, "--format", format_).stdout
        assert (shown.count(says), shown.count("reset greeting --given")) == (1, 1), shown
    assert says in kata("--catalog", tiny, "xray", "1", "--project", project).stdout


@pytest.mark.sweep
@pytest.mark.parametrize("kind", CASES)
def test_told_once(graded, kind):
    """The cause is told once, with all the checks that it costs, none of which asks anything."""
    content, says = CASES[kind]
    exercise, shown = graded(content)
    (cause,) = exercise["causes"]
    assert (cause["kind"], cause["says"]) == (kind, says)
    assert cause["checks"] == [check["id"] for check in exercise["checks"]]
    assert all(check["message"].startswith(f"needs this first: {says}") for check in exercise["checks"])
    seen = re.sub(r"(hello\.py), line (\d)", r"\1:\2", says)
    assert (shown.count(seen), shown.count("?")) == (1, 0), shown


def test_never_ends(graded):
    """What never ends is told with its limit, the loop that it is in, and what it printed, flushed or not."""
    exercise, shown = graded(
        b"import sys\n\ndef count():\n    n = 0\n    while True:\n        n += 1\n\nprint('Hel', end='')\ncount()\n"
    )
    (cause,) = exercise["causes"]
    assert cause["says"] == "The program did not end: stopped after 10 s, in `count`, hello.py, line 5."
    assert cause["shows"] == "while True:"
    assert cause["why"] == "This is how its output begins:\n  Hel"
    assert cause["checks"] == [check["id"] for check in exercise["checks"]]
    assert shown.count("did not end") == 1


def test_a_cause_and_its_question(graded):
    """What doesn't stop everything leaves the checks their questions."""
    exercise, shown = graded(b"import greetings_of_the_moon\n")
    assert exercise["causes"] == []
    assert "?" in shown


def test_passed(graded):
    """Where nothing failed, nothing is explained."""
    exercise, _ = graded(b"import sys\nif __name__ == '__main__':\n    print('Hello, ' + sys.argv[1] + '!')\n")
    assert (exercise["verdict"], exercise["causes"]) == ("passed", [])

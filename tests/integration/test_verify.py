"""`kata verify` finds each defect of an exercise, and says which exercise, which place, and what to do."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.integration.conftest import PYTHON

NAME = "01_greeting"
HIDDEN = f"exercises/{NAME}/hidden_tests/test_greeting.py"
MISTAKES = f"exercises/{NAME}/mistakes/mistakes.toml"
README = f"exercises/{NAME}/README.md"
SETTINGS = f"exercises/{NAME}/exercise.toml"
SOLUTIONS = f"solutions/{NAME}"


@pytest.fixture
def edit(tiny):
    """Replace text in a file of the catalogue; the text must be there."""

    def replace(name, old, new):
        path = tiny / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


def faults(said):
    """The faults among the lines, as pairs of a place and what is said of it."""
    found = re.findall(rf"^{NAME}: (.+?): (.+)$", said, re.MULTILINE)
    return [(place.removesuffix(f" under {PYTHON}"), says) for place, says in found]


@pytest.mark.parametrize("jobs", [1, 2])
def test_sound(verify, jobs):
    """An exercise without a defect has no fault, in one process and in several."""
    assert verify("--jobs", jobs) == (0, f"1 exercise under Python {PYTHON}: no faults.\n")


WRONG = 'import sys\n\nif __name__ == "__main__":\n    print("Goodbye", *sys.argv[1:])\n'


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("reference/hello.py", "solutions/reference"),
        ("alternatives/written_out/hello.py", "solutions/alternatives/written_out"),
    ],
)
def test_solution_that_fails(verify, tiny, file, place):
    """A reference or an alternative that loses checks is named, with the checks and what to fix."""
    (tiny / SOLUTIONS / file).write_text(WRONG)
    status, said = verify()
    assert status == 1
    expected = "is right, but loses ['test_any_name', 'test_greets']; fix the check or the solution."
    assert (place, expected) in faults(said)


def test_stub_that_scores(verify, tiny):
    """A stub that earns points is named, with what it earns them by and what to do about it."""
    shutil.copy(tiny / SOLUTIONS / "reference" / "hello.py", tiny / "exercises" / NAME / "stub" / "hello.py")
    status, said = verify()
    assert status == 1
    ((place, says),) = faults(said)
    assert place == "stub"
    assert says == (
        "scores 100 though nothing was done, by ['test_greets', 'test_any_name', 'test_quiet_import']: expect more of "
        "them, or declare them with alone=False."
    )


def test_empty_files_that_score(verify, edit):
    """What empty files earn is named like what the stub earns, and declared to be worth nothing alone it is sound."""
    edit(HIDDEN, "'imported' if open(hello.__file__).read() else 'empty'", "'imported'")
    status, said = verify()
    assert status == 1
    ((place, says),) = faults(said)
    assert place == "the stub with empty files"
    assert says.startswith("scores 20 though nothing was done, by ['test_quiet_import']: ")
    edit(HIDDEN, "points=20, clause=2", "points=20, clause=2, alone=False")
    found = faults(verify()[1])
    assert {says for _, says in found} == {
        "also loses ['test_quiet_import']; list them in mistakes.toml, or fix the check."
    }
    assert {place for place, _ in found} == {f"mistakes/{name}" for name in NOTHING_RIGHT}


NOTHING_RIGHT = ("no_comma", "lower_case", "wrong_status", "to_stderr", "asks_back", "own_name")
"""The mistakes that lose all checks but the one of the import."""


def test_worth_its_points_alone(verify, edit):
    """A check that is declared to be worth nothing alone, though it takes some doing, is named."""
    edit(HIDDEN, "points=40, clause=1)\ndef test_any_name", "points=40, clause=1, alone=False)\ndef test_any_name")
    status, said = verify()
    assert status == 1
    expected = "nothing that scores 0 passes it, so it is worth its points alone; remove alone=False."
    assert ("test_any_name", expected) in faults(said)


@pytest.mark.parametrize("told", ["", '[[changes]]\nversion = 3\nsays = "It greets louder."\n\n'])
def test_version_without_a_reason(verify, edit, told):
    """A version after the first about which nothing is said is named."""
    edit(SETTINGS, 'learner = ["hello.py"]\n', f'learner = ["hello.py"]\nversion = 3\n\n{told}')
    status, said = verify()
    assert status == 1
    versions = (2,) if told else (2, 3)
    expected = "says nothing of version {}; add [[changes]] with what is new in it."
    assert faults(said) == [("exercise.toml", expected.format(version)) for version in versions]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'loses = ["test_any_name"]',
            'loses = ["test_any_name", "test_greets"]',
            ["must lose ['test_greets'], but doesn't; the check passes a wrong answer."],
        ),
        (
            'loses = ["test_any_name"]',
            'loses = ["test_quiet_import"]',
            [
                "must lose ['test_quiet_import'], but doesn't; the check passes a wrong answer.",
                "also loses ['test_any_name']; list them in mistakes.toml, or fix the check.",
            ],
        ),
        ('loses = ["test_any_name"]', "loses = []", ["loses nothing; then it is no mistake."]),
        ('loses = ["test_any_name"]', 'loses = ["test_none"]', ["is to lose 'test_none', which is no check."]),
        (
            'says = "A text is the same for everybody; only a variable can differ."',
            'says = " "',
            ["says nothing; name the misconception."],
        ),
    ],
    ids=["too little", "another", "nothing", "unknown check", "no words"],
)
def test_entry_of_a_mistake(verify, edit, old, new, expected):
    """A mistake whose entry doesn't say what happens is named, with the checks in question."""
    edit(MISTAKES, old, new)
    status, said = verify()
    assert status == 1
    assert faults(said) == [("mistakes/always_ada", each) for each in expected]


def test_mistake_that_loses_more(verify, edit):
    """A mistake that loses more than it lists is named with the rest, unless it is marked at_least."""
    old = 'name = "no_comma"\nsays = "What is printed is compared with every sign that was asked for."\nloses = '
    edit(MISTAKES, old + '["test_greets", "test_any_name"]', old + '["test_greets"]')
    status, said = verify()
    assert status == 1
    expected = "also loses ['test_any_name']; list them in mistakes.toml, or fix the check."
    assert faults(said) == [("mistakes/no_comma", expected)]
    edit(MISTAKES, 'name = "no_comma"\n', 'name = "no_comma"\nat_least = true\n')
    assert verify()[0] == 0


def test_mistake_of_another_version(verify, edit):
    """Where a mistake isn't one it must get full marks."""
    edit(MISTAKES, 'name = "always_ada"\n', 'name = "always_ada"\nversions = "<3"\n')
    status, said = verify()
    assert status == 1
    expected = "is right, but loses ['test_any_name']; fix the check or the solution."
    assert faults(said) == [("mistakes/always_ada", expected)]


def test_check_that_this_machine_lacks(verify, edit):
    """A check that is skipped for the reference, too, is not missed in a mistake, and isn't vacuous."""
    edit(HIDDEN, "expect, observation", "expect, observation, skip")
    edit(HIDDEN, "    name, seen = another\n", '    name, seen = another\n    skip("There are no names here.")\n')
    assert verify() == (0, f"1 exercise under Python {PYTHON}: no faults.\n")


def test_mistake_that_this_machine_hides(verify, edit, tiny):
    """Where a check is skipped without which a mistake can't show, that is said of it, and is no fault."""
    edit(HIDDEN, "expect, observation", "expect, observation, skip")
    edit(HIDDEN, "    name, seen = another\n", '    name, seen = another\n    skip("There are no names here.")\n')
    shutil.copy(tiny / SOLUTIONS / "reference/hello.py", tiny / "exercises" / NAME / "mistakes/no_comma/hello.py")
    edit(MISTAKES, 'name = "no_comma"\n', 'name = "no_comma"\nunless_skipped = ["test_any_name"]\n')
    note = f"note: {NAME}: no_comma: can't be looked at here, where test_any_name is skipped.\n"
    assert verify() == (0, f"{note}1 exercise under Python {PYTHON}: no faults.\n")


def test_answer_that_decides_what_is_skipped(verify, edit):
    """An answer for which a check is skipped that is made for the reference is named."""
    edit(HIDDEN, "expect, observation", "expect, observation, skip")
    skips = '    "Ada" in seen.stdout and skip("There are no names here.")\n'
    edit(HIDDEN, "    name, seen = another\n", "    name, seen = another\n" + skips)
    status, said = verify()
    assert status == 1
    expected = "skips ['test_any_name'], which the reference doesn't: an answer must not decide what is skipped."
    assert ("mistakes/always_ada", expected) in faults(said)


def test_overlay_missing(verify, tiny):
    """A mistake without a folder is named."""
    shutil.rmtree(tiny / "exercises" / NAME / "mistakes" / "no_comma")
    status, said = verify()
    assert status == 1
    assert faults(said) == [("mistakes/no_comma", "its overlay folder is missing.")]


def test_removes_what_is_not_there(verify, edit):
    """A mistake that removes a file which the solution doesn't have is a fault of that mistake."""
    edit(MISTAKES, 'name = "no_comma"\n', 'name = "no_comma"\nremoves = ["hallo.py"]\n')
    status, said = verify()
    assert status == 1
    ((place, says),) = faults(said)
    assert place == "mistakes/no_comma"
    assert "hallo.py" in says


@pytest.mark.parametrize(
    ("stray", "place", "says"),
    [
        ("notes.txt", "notes.txt", "is not a part of an exercise; remove it."),
        ("mistakes/no_such", "mistakes/no_such", "is not named in mistakes.toml."),
        ("stub/hello.pyc", "stub/hello.pyc", "is left over from a run; remove it."),
    ],
)
def test_stray_file(verify, tiny, stray, place, says):
    """A file that belongs nowhere is named."""
    (tiny / "exercises" / NAME / stray).write_text("")
    status, said = verify()
    assert status == 1
    assert faults(said) == [(place, says)]


@pytest.mark.parametrize("part", ["README.md", "design.md", "mistakes", "hidden_tests"])
def test_part_missing(verify, tiny, part):
    """A part that is missing is named."""
    path = tiny / "exercises" / NAME / part
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    status, said = verify()
    assert status == 1
    assert (part, "is missing.") in faults(said), said


@pytest.mark.parametrize(
    ("folder", "place", "words"),
    [("reference", "solutions/reference", "missing"), ("alternatives/written_out", "solutions/alternatives", "2 are")],
)
def test_solution_missing(verify, tiny, folder, place, words):
    """A solution that is missing is named."""
    shutil.rmtree(tiny / SOLUTIONS / folder)
    status, said = verify()
    assert status == 1
    ((where, says),) = faults(said)
    assert where == place
    assert words in says


def test_too_few_mistakes(verify, edit, tiny):
    """Less than eight mistakes prove too little."""
    entry = 'name = "own_name"\nsays = "The first of all words is the name of the program itself."\n'
    edit(MISTAKES, f'[[mistake]]\n{entry}loses = ["test_greets", "test_any_name"]', "")
    shutil.rmtree(tiny / "exercises" / NAME / "mistakes" / "own_name")
    status, said = verify()
    assert status == 1
    assert faults(said) == [("mistakes/mistakes.toml", "holds 7; needs 1 more mistake (8 are the least).")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "points=20",
            "points=25",
            [("hidden_tests", "the points of all checks add up to 105, not 100.")],
        ),
        (
            '    """It greets Ada."""\n',
            "",
            [("test_greets", "has no docstring; it is the title that learners read.")],
        ),
        (
            "clause=2)",
            'clause=2, needs="test_gone")',
            [("test_quiet_import", "needs 'test_gone', which is no check.")],
        ),
        (
            "@check(points=20, clause=2)\n",
            "",
            [
                ("hidden_tests", "the points of all checks add up to 80, not 100."),
                ("test_quiet_import", "is a test without @check."),
                ("README.md", "clause 2 of the contract is tested by no check."),
                ("mistakes/no_guard", "is to lose 'test_quiet_import', which is no check."),
            ],
        ),
        ("clause=2)", "clause=3)", [
            ("README.md", "clause 2 of the contract is tested by no check."),
            ("README.md", "a check tests clause 3, which the contract does not have."),
        ]),
    ],
    ids=["points", "docstring", "needs", "no check", "clause"],
)  # fmt: skip
def test_declaration(verify, edit, old, new, expected):
    """What a check declares amiss is named, and nothing need be run for that."""
    edit(HIDDEN, old, new)
    status, said = verify()
    assert status == 1
    assert faults(said) == expected


def test_checks_that_need_each_other(verify, edit):
    """Two checks that need each other are a fault of theirs."""
    edit(
        HIDDEN,
        "@check(points=40, clause=1)\ndef test_greets",
        "@check(points=40, clause=1, needs='test_any_name')\ndef test_greets",
    )
    edit(
        HIDDEN,
        "@check(points=40, clause=1)\ndef test_any",
        "@check(points=40, clause=1, needs='test_greets')\ndef test_any",
    )
    status, said = verify()
    assert status == 1
    assert ("test_greets", "needs itself, if by way of others.") in faults(said), said


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("    looked.silent()\n", "", "test_quiet_import", "no mistake loses it"),
        ('expect(greeted, "What should stand between the two words, and what behind them?")', 'expect(greeted, "")',
         "stub", "test_greets: its message has no rationale."),
        ('"What should stand between the two words', f'"See {Path.home()}/x: what should stand between the two words',
         "stub", f"test_greets: its message shows the judge's '{Path.home()}/'."),
        ("    looked.silent()\n", "    raise KeyError('tide')\n", "stub", "could not be graded: The judge failed"),
        ("    looked.silent()\n", "    raise SystemExit(3)\n", "stub", "could not be graded: The judge failed"),
        ("    looked.silent()\n", "    assert not looked\n", "stub", "could not be graded: The judge failed"),
    ],
    ids=["vacuous", "no rationale", "judge's path", "raises", "exits", "asserts"],
)  # fmt: skip
def test_check(verify, edit, old, new, place, words):
    """A check that no mistake loses, one whose message doesn't hold what it must, and one that fails by itself."""
    edit(HIDDEN, old, new)
    status, said = verify()
    assert status == 1
    assert any(where == place and words in says for where, says in faults(said)), said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# 01 A greeting", "# 1 Greeting", "its first line is not '# 01 A greeting', the title of exercise.toml."),
        ("`hello.py`", "`hallo.py`", "does not mention `hello.py`."),
        ("\n2. Importing", "\nImporting", "a check tests clause 2, which the contract does not have."),
        ("prints nothing.\n", "prints nothing.\n3. It is kind.\n", "clause 3 of the contract is tested by no check."),
    ],
    ids=["title", "file", "clause gone", "clause more"],
)
def test_readme(verify, edit, old, new, words):
    """Where the README and the rest of the exercise have come apart, the place and the difference are named."""
    edit(README, old, new)
    status, said = verify()
    assert status == 1
    assert faults(said) == [("README.md", words)]


def test_hint_missing(verify, edit):
    """Hints of all three levels are there."""
    edit(SETTINGS, "level = 2", "level = 3")
    status, said = verify()
    assert status == 1
    assert faults(said) == [("exercise.toml", "has no hint of level 2.")]


def test_all_faults_of_the_settings(verify, edit, tiny):
    """All that is wrong in exercise.toml is said at once, each with the file and the key; that is wrong input."""
    edit(SETTINGS, "difficulty = 1", 'difficulty = "easy"\ncolour = "blue"')
    edit(SETTINGS, 'title = "A greeting"\n', "")
    status, said = verify()
    assert status == 2
    lines = [line for line in said.splitlines() if str(tiny / SETTINGS) in line]
    for key in ("title: is missing", "difficulty: ", "colour: is not a known key"):
        assert any(key in line for line in lines), said


@pytest.mark.parametrize("content", [b"title = \n", b"title = '\xff'\n", b""])
def test_unreadable_settings(verify, tiny, content):
    """An exercise.toml that can't be read is wrong input, and named."""
    (tiny / SETTINGS).write_bytes(content)
    status, said = verify()
    assert status == 2
    assert str(tiny / SETTINGS) in said


def test_unreadable_mistakes(verify, tiny):
    """A mistakes.toml that can't be read is a fault of that exercise, and the others are still looked at."""
    (tiny / MISTAKES).write_text("[[mistake]\n")
    status, said = verify()
    assert status == 1
    assert any(place == "mistakes/mistakes.toml" for place, says in faults(said)), said


@pytest.mark.parametrize("line", ["import tide_tables_that_are_nowhere", "def", "raise SystemExit(0)"])
def test_checks_that_cannot_be_imported(verify, edit, line):
    """Hidden checks that can't be imported are a fault of that exercise, and the others are still looked at."""
    edit(HIDDEN, "from grader.checks", f"{line}\nfrom grader.checks")
    status, said = verify()
    assert status == 1
    assert any("test_greeting.py" in says for _, says in faults(said)), said


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("def imported(project)", "def imported(projekt)", "the observation imported needs 'projekt'"),
        ("def imported(project)", "def imported(imported)", "the observation imported needs itself"),
    ],
    ids=["unknown", "itself"],
)
def test_observation_that_cannot_be_made(verify, edit, old, new, words, jobs):
    """An observation that asks for what isn't there is named, with the file, whoever does the work."""
    edit(HIDDEN, old, new)
    status, said = verify("--jobs", jobs)
    assert status in (1, 2)
    assert words in said
    assert "test_greeting.py" in said


def test_check_that_asks_for_nothing_known(verify, edit):
    """A check whose parameter is no observation is named, with the file and the parameter."""
    edit(HIDDEN, "def test_greets(greeted)", "def test_greets(greetd)")
    status, said = verify()
    assert status in (1, 2)
    assert "greetd" in said
    assert "test_greets" in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    looked.silent()\n", "    while True:\n        pass\n"),
        ("def imported(project):\n", "def imported(project):\n    import time\n    time.sleep(60)\n"),
    ],
    ids=["check", "observation"],
)
def test_hanging_check(kata, tiny, edit, old, new):
    """A check or an observation that hangs is an error of ours: no score, no zero, and an end within its time."""
    edit(HIDDEN, old, new)
    with (tiny / SETTINGS).open("a") as settings:
        settings.write("\n[limits]\nwall = 1\nbuild_wall = 1\ncheck_timeout = 2\n")
    seen = kata.report("--solutions", statuses=(3,), catalog=tiny)
    (exercise,) = seen["exercises"]
    assert (exercise["verdict"], exercise["score"]) == ("ungraded", None)
    outcomes = {check["id"]: check["outcome"] for check in exercise["checks"]}
    assert outcomes == {"test_greets": "passed", "test_any_name": "passed", "test_quiet_import": "error"}


def test_hanging_check_of_an_author(verify, tiny, edit):
    """`verify` says of a check that hangs that the answers could not be graded, and doesn't call it a failure."""
    edit(HIDDEN, "    looked.silent()\n", "    while True:\n        pass\n")
    with (tiny / SETTINGS).open("a") as settings:
        settings.write("\n[limits]\nwall = 1.5\nbuild_wall = 1.5\ncheck_timeout = 2\n")
    status, said = verify("--jobs", "2")
    assert status == 1
    assert any(place == "solutions/reference" and "could not be graded" in says for place, says in faults(said))
    assert not any(place == "solutions/reference" and "loses" in says for place, says in faults(said))


def test_messages(verify, edit, tmp_path):
    """What mistakes are told is compared with what was kept, and kept anew only when that is asked for."""
    golden = tmp_path / "01_greeting.txt"
    opening = f"Python {PYTHON.rpartition('.')[0]}\n"
    golden.write_text(opening)
    assert faults(verify("--messages", tmp_path)[1]) == [("messages", messages_differ(golden))]
    assert golden.read_text() == opening
    assert verify("--messages", tmp_path, "--update-messages")[0] == 0
    assert "expected: Hello, Ada" in golden.read_text()
    assert verify("--messages", tmp_path)[0] == 0
    edit(HIDDEN, "What should stand between the two words", "What stands between the two words")
    assert faults(verify("--messages", tmp_path)[1]) == [("messages", messages_differ(golden))]


def test_messages_of_another_version(verify, edit, tmp_path):
    """Messages of another micro version are not compared, and that is said; keeping them anew takes the one here."""
    golden = tmp_path / "01_greeting.txt"
    golden.write_text(f"Python {PYTHON}\n")
    assert verify("--messages", tmp_path, "--update-messages")[0] == 0
    kept = golden.read_text()
    assert kept.startswith(f"Python {PYTHON}\n\n=====")
    golden.write_text(kept.replace(PYTHON, f"{PYTHON}99", 1))
    edit(HIDDEN, "What should stand between the two words", "What stands between the two words")
    status, said = verify("--messages", tmp_path)
    assert (status, faults(said)) == (0, [])
    assert f"note: Messages are not compared: those that are kept are of Python {PYTHON}99, which is not here." in said
    assert verify("--messages", tmp_path, "--update-messages")[0] == 0
    assert golden.read_text() == kept.replace("What should stand", "What stands")


def messages_differ(golden):
    """What is said of a file that keeps other messages."""
    return f"are not those of {golden}; see what --update-messages changes there, and whether it is better."


def test_draws(verify, edit):
    """A mistake that is noticed only with some data is named, with how often it is; one draw doesn't show it."""
    assert verify("--draws", "8")[0] == 0
    edit(HIDDEN, '["Grace Hopper", "Edsger D.", "Tove Jansson"]', '["Ada", "Grace Hopper"]')
    status, said = verify("--draws", "8")
    assert status == 1
    found = dict(faults(said))
    assert re.fullmatch(
        r"loses test_any_name with only [1-7] of 8 draws of the data; draw what always shows it.",
        found["mistakes/always_ada"],
    )


def test_cheats(verify, edit, tiny):
    """No cheat gains a point where all points need drawn data that is compared; else those that do are named."""
    table = rf"^{NAME} +([1-9]\d*) +(\d+) +0$"
    edit(
        HIDDEN,
        "@check(points=40, clause=1)\ndef test_greets",
        '@check(points=40, clause=1, needs="test_any_name")\ndef test_greets',
    )
    edit(HIDDEN, "@check(points=20, clause=2)", '@check(points=20, clause=2, needs="test_any_name")')
    status, said = verify("--cheats", "--sample", "25", "--jobs", "2")
    assert status == 0, said
    assert re.search(table, said, re.MULTILINE).groups() == ("25", "0")
    edit(HIDDEN, '.status(0).stdout(f"Hello, {name}!")', '.that("no answer", seen.status == 0, seen.stdout)')
    (tiny / "exercises" / NAME / "stub" / "hello.py").write_text("raise SystemExit(1)\n")
    status, said = verify("--cheats", "--sample", "20", "--jobs", "2")
    assert status == 1
    assert int(re.search(table, said, re.MULTILINE)[2]) > 0
    assert f"\n{NAME}: cheats under {PYTHON}: get the points of test_any_name: one that " in f"\n{said}"


def test_cheats_that_are_misnamed(verify, kata, tiny):
    """A cheat that is taken for a mistake that isn't in it is named, and the mistake."""
    mistakes = tiny / "exercises" / NAME / "mistakes"
    overlay = mistakes / "to_stderr" / "hello.py"
    meant = overlay.read_text()
    overlay.write_text("GREETING = None\n")
    assert kata("--catalog", tiny, "verify", "--python", PYTHON, "--record", "--draws", "1").returncode == 0
    overlay.write_text(meant)
    recorded = json.loads((mistakes / "signatures.json").read_text())
    (mistakes / "signatures.json").write_text(json.dumps(recorded | {"unsure": []}))
    status, said = verify("--cheats", "--sample", "40", "--jobs", "2")
    assert "are taken for to_stderr, which is something else: one that " in said
    assert status == 1


@pytest.fixture
def damage(verify):
    """Damage the exercise of the tiny catalogue, not very often; gives the status, the faults and all that is said."""

    def run(*arguments):
        status, said = verify("--damage", "--most", "30", "--jobs", "2", *arguments)
        found = re.findall(
            rf"^{NAME}: (.+), under {re.escape(PYTHON)}(?: \(kept in (.+)\))?: (.+)$", said, re.MULTILINE
        )
        return status, found, said

    return run


def test_damage(damage, edit):
    """Damaged projects get grades with sentences, also where a check reads a file that isn't there any more."""
    assert damage() == (0, [], f"1 exercise, damaged, under Python {PYTHON}: no faults.\n")
    edit(HIDDEN, "    looked.silent()\n", "    looked.silent()\n    (project / 'hello.py').read_bytes()\n")
    edit(HIDDEN, "def test_quiet_import(imported)", "def test_quiet_import(imported, project)")
    assert damage()[:2] == (0, [])


def test_damage_that_breaks_a_check(damage, kata, edit, tiny, tmp_path):
    """A check that fails by itself on a damaged project is named, with the damage, which can be seen again."""
    edit(HIDDEN, "    looked.silent()\n", "    (project / 'hello.py').read_bytes()[0]\n    looked.silent()\n")
    edit(HIDDEN, "def test_quiet_import(imported)", "def test_quiet_import(project, imported)")
    edit(HIDDEN, '    looked.equal("the report", "imported", looked.reported())\n', "")
    status, found, said = damage("--keep", tmp_path / "kept")
    assert status == 1
    assert damage()[0] == 1
    where = dict.fromkeys(where for where, _, _ in found)
    assert "solutions/reference, hello.py emptied" in where
    kept = {where: kept for where, kept, _ in found}
    assert Path(kept["solutions/reference, hello.py emptied"], "hello.py").read_bytes() == b""
    assert any(
        says.startswith("test_quiet_import: error: The judge failed, not you: IndexError") for _, _, says in found
    )
    again = kata("--catalog", tiny, "grade", "1", "--project", kept["solutions/reference, hello.py emptied"])
    assert again.returncode == 3, said


def test_damage_that_decides_what_is_asked(damage, edit):
    """A check that is left out because of damage is named; so is one that fails without a word."""
    edit(HIDDEN, "expect, observation", "expect, observation, skip")
    edit(HIDDEN, "from grader.checks", "from grader.errors import LearnerError\nfrom grader.checks")
    lines = (
        "    content = (project / 'hello.py').read_bytes()",
        "    content or skip('There is nothing.')",
        "    if not content.strip(bytes(1)):",
        "        raise LearnerError('')",
    )
    asked = '    looked = expect(imported, "Nobody ran the program'
    edit(HIDDEN, asked, "\n".join((*lines, asked)))
    edit(HIDDEN, "def test_quiet_import(imported)", "def test_quiet_import(imported, project)")
    status, found, _ = damage()
    assert status == 1
    says = {where: says for where, _, says in found}
    skipped = "test_quiet_import: skipped (There is nothing.): an answer must not decide what is skipped."
    assert says["solutions/reference, hello.py emptied"] == skipped
    assert says["stub, hello.py with null characters only"] == "test_quiet_import: failed without a message."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--damage", "--record"], "leave out"), (["--seed", "1"], "add it"), (["--keep", "kept"], "add it")],
)
def test_damage_and_other_options(verify, arguments, words):
    """What makes no sense together with damage, or without it, is said to be wrong usage."""
    status, said = verify(*arguments)
    assert status == 2
    assert words in said


@pytest.fixture
def mutants(kata, tiny, tmp_path):
    """Grade mutants of the tiny catalogue; gives the status and all that is said."""

    def run(*arguments):
        resume = ["--resume", tmp_path / "results.jsonl"]
        seen = kata("--catalog", tiny, "verify", "--mutants", "--python", PYTHON, *resume, *arguments)
        return seen.returncode, seen.stdout + seen.stderr

    return run


def test_mutants(mutants, tiny, edit, tmp_path):
    """A fault that no check notices is shown with its edit, unless it is listed; what is known isn't graded again."""
    status, said = mutants("--table", tmp_path / "table.md")
    assert status == 1
    assert re.search(r"^01_greeting +(\d+) +\1 +\d+ +0 +[1-9]", said, re.MULTILINE)
    assert f"{NAME}/alternatives/written_out/hello.py:" in said
    assert '    -    sys.stdout.write("Hello, " + " ".join(sys.argv[1:]) + "!\\n")' in said
    assert re.search(rf"^\| {NAME} \|", (tmp_path / "table.md").read_text(), re.MULTILINE)
    survivors = re.findall(rf"^{NAME}/(\S+?)/hello.py:(\w+)#", said, re.MULTILINE)
    listed = tiny / "exercises" / NAME / "mistakes" / "mutants.toml"
    entry = '[[mutant]]\nwhy = "outside: for this test"\nfile = "hello.py"\nanswer = "{}"\noperator = "{}"\n'
    listed.write_text("\n".join(entry.format(*each) for each in survivors))
    kept = (tmp_path / "results.jsonl").read_bytes()
    assert f" 0  {'100.0':>12}" in mutants()[1]
    assert (tmp_path / "results.jsonl").read_bytes() == kept
    listed.write_text('[[mutant]]\nwhy = "outside: long gone"\nbefore = "import nothing"\n')
    assert "any operator at `import nothing`: fits no mutant any more; remove it." in mutants()[1]
    listed.write_text('[[mutant]]\nwhy = "hm"\nbefore = "import nothing"\n')
    assert "mutant 1: why: must begin with" in mutants()[1]
    edit(HIDDEN, "see('imported' if", "see('loaded' if")
    assert re.search(r"solutions/\S+: loses test_quiet_import as it is, so nothing", mutants("--sample", 1)[1])


@pytest.mark.parametrize(
    "options", [("--sample", 3), ("--mutants", "--quick"), ("--table", "x"), ("--mutants", "--damage")]
)
def test_options_that_do_not_fit(verify, options):
    """Options that mean nothing together are wrong usage."""
    status, said = verify(*options)
    assert status == 2
    assert "--mutants" in said

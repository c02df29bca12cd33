"""What is recorded of mistakes is recognised in the work of others, and nothing else is."""

import json
import re
import shutil

import pytest

from tests.integration.conftest import PYTHON

NAME = "01_greeting"
HIDDEN = f"exercises/{NAME}/hidden_tests/test_greeting.py"

# As other learners would write the mistakes always_ada and no_guard.
ALWAYS_ADA = """
# The name is known.
def greet():
    return "Hello, Ada!"

def main():
    text = greet()
    print(text)

if __name__ == '__main__':
    main()
"""
NO_GUARD = "from sys import argv\nwords = argv[1:]\nprint('Hello, {}!'.format(words[0] if words else words))\n"
SHOUTS = "import sys\nif __name__ == '__main__':\n    print(f'HELLO, {sys.argv[1].upper()}!')\n"
RIGHT = "import sys\nif __name__ == '__main__':\n    print('Hello, ' + sys.argv[1] + '!')\n"


@pytest.fixture
def signatures(tiny):
    """Where the signatures of the tiny exercise are kept."""
    return tiny / "exercises" / NAME / "mistakes" / "signatures.json"


@pytest.fixture(scope="module")
def recorded(make_kata, tmp_path_factory):
    """The tiny catalogue with its signatures, recorded once."""
    from tests.integration.conftest import TINY_CATALOGUE

    folder = tmp_path_factory.mktemp("recorded")
    catalogue = shutil.copytree(TINY_CATALOGUE, folder / "a catalogue")
    (folder / "desk").mkdir()
    (folder / "temporary").mkdir()
    kata = make_kata(folder / "desk", folder / "temporary")
    seen = kata("--catalog", catalogue, "verify", "--python", PYTHON, "--record", "--draws", "1")
    assert seen.returncode == 0, seen.stdout
    return catalogue


@pytest.fixture
def graded(kata, recorded, tmp_path):
    """Grade a program as the tiny exercise."""

    def grade(text, *arguments, **options):
        project = tmp_path / "work"
        project.mkdir(exist_ok=True)
        (project / "hello.py").write_text(text, encoding="utf-8")
        return kata("--catalog", recorded, "grade", "01", "--project", project, *arguments, **options)

    return grade


@pytest.mark.parametrize(
    ("text", "mistake"),
    [(ALWAYS_ADA, "always_ada"), (NO_GUARD, "no_guard"), (SHOUTS, None), (RIGHT, None), ("", None), ("print(", None)],
    ids=["always_ada", "no_guard", "another mistake", "right", "empty", "broken"],
)
def test_report(graded, text, mistake):
    """The report names the catalogued mistake that somebody else made, too, and is silent of all others."""
    (exercise,) = json.loads(graded(text, "--format", "json").stdout)["exercises"]
    assert exercise["diagnosis"] == (mistake and {"mistake": mistake, "says": exercise["diagnosis"]["says"]})
    assert mistake != "always_ada" or exercise["diagnosis"]["says"].startswith("A text is the same for everybody")


@pytest.mark.parametrize("format_", ["terminal", "markdown"])
def test_shown(graded, format_):
    """People are told in the words of the mistake."""
    assert "A text is the same for everybody" in graded(ALWAYS_ADA, "--format", format_).stdout
    assert "familiar" not in graded(SHOUTS, "--format", format_).stdout


def test_stub(kata, recorded):
    """Who has not begun has made no mistake."""
    stub = recorded / "exercises" / NAME / "stub"
    (exercise,) = kata.report("01", "--project", stub, catalog=recorded)["exercises"]
    assert exercise["verdict"] == "failed"
    assert exercise["diagnosis"] is None


def test_passing_does_not_wait(graded):
    """Nothing of this is loaded for what is right."""
    loud = {"env": {"PYTHONPROFILEIMPORTTIME": "1"}}
    assert "grader.explaining.diagnosis" in graded(ALWAYS_ADA, **loud).stderr
    assert "grader.explaining.diagnosis" not in graded(RIGHT, **loud).stderr


def test_recorded_is_proved(kata, recorded):
    """What was recorded fits what is seen the next time."""
    seen = kata("--catalog", recorded, "verify", "--python", PYTHON)
    assert (seen.returncode, seen.stdout) == (0, f"1 exercise under Python {PYTHON}: no faults.\n")


def test_same_again(verify, recorded, signatures):
    """Recording the same again gives the same file, byte for byte, in several processes, too."""
    assert verify("--record", "--jobs", 2)[0] == 0
    path = recorded / signatures.relative_to(signatures.parents[3])
    assert signatures.read_bytes() == path.read_bytes()


def test_stale(verify, recorded, tiny, signatures):
    """Where a check sees something else than was recorded, the mistakes that lose it are named, and what to run."""
    shutil.copy(recorded / signatures.relative_to(tiny), signatures)
    hidden = tiny / HIDDEN
    hidden.write_text(hidden.read_text().replace('looked.equal("the report"', 'looked.equal("what it says"'))
    assert verify()[0] == 0
    hidden.write_text(
        hidden.read_text().replace("looked.silent()", 'looked.that("peace", not imported.stdout, "noise")')
    )
    status, said = verify()
    assert status == 1
    says = "doesn't fit what is seen of no_guard, the stub; run `kata verify 01 --record`."
    assert f"{NAME}: mistakes/signatures.json: {says}" in said


def test_seen_under_other_versions(verify, recorded, tiny, signatures):
    """Signatures are compared only under the versions they were recorded with; where that is none, it is said."""
    content = (recorded / signatures.relative_to(tiny)).read_text()
    assert f'"pythons": ["{PYTHON}"]' in content
    seen, rest = content.split('"mistakes"', 1)
    stale = f'{seen.replace("Hello", "Farewell")}"mistakes"{rest}'
    signatures.write_text(stale)
    assert verify()[0] == 1
    signatures.write_text(stale.replace(PYTHON, f"{PYTHON}99"))
    status, said = verify()
    assert status == 0
    assert f"Signatures of mistakes are not compared under Python {PYTHON}: none were recorded there." in said


def test_mistake_renamed(verify, recorded, tiny, signatures):
    """Signatures under an old name, and mistakes that have none, are found."""
    content = (recorded / signatures.relative_to(tiny)).read_text()
    signatures.write_text(content.replace('"no_guard"', '"unguarded"'))
    status, said = verify()
    assert status == 1
    assert "doesn't fit what is seen of no_guard, unguarded; run" in said


@pytest.mark.sweep
@pytest.mark.parametrize("content", ["", "[]", '{"seen": [], "mistakes": {"no_guard": [{"test_greets": [1]}]}}'])
def test_unreadable(verify, kata, tiny, signatures, content):
    """A file that holds no signatures is a fault of the exercise; learners are graded as ever."""
    signatures.write_text(content)
    status, said = verify()
    assert status == 1
    assert re.search(rf"{NAME}: mistakes/signatures.json: can't be read: .+; run `kata verify 01 --record`.", said)
    (exercise,) = kata.report("01", "--project", tiny / "exercises" / NAME / "stub", catalog=tiny)["exercises"]
    assert exercise["verdict"] == "failed"


def test_only_missing(verify, kata, tiny, signatures, tmp_path):
    """What looks like an answer that isn't complete is not told to be the mistake that looks so, too."""
    mistakes = tiny / "exercises" / NAME / "mistakes"
    entry = (
        '\n[[mistake]]\nname = "kept"\nsays = "To make is not to print."\nloses = ["test_greets", "test_any_name"]\n'
    )
    (mistakes / "mistakes.toml").write_text((mistakes / "mistakes.toml").read_text() + entry)
    (mistakes / "kept").mkdir()
    right = (tiny / "solutions" / NAME / "reference" / "hello.py").read_text()
    (mistakes / "kept" / "hello.py").write_text(right.replace("print(", "("))  # all of whose words right answers have
    assert verify("--record")[0] == 0
    assert json.loads(signatures.read_text())["unsure"] == ["kept"]
    shutil.copytree(mistakes / "kept", tmp_path / "work")
    (exercise,) = kata.report("01", "--project", tmp_path / "work", catalog=tiny)["exercises"]
    assert exercise["diagnosis"] is None


def test_faulty_exercise(verify, tiny, signatures):
    """An exercise is fixed first and then recorded."""
    toml = tiny / "exercises" / NAME / "mistakes" / "mistakes.toml"
    toml.write_text(toml.read_text().replace('loses = ["test_quiet_import"]', 'loses = ["test_greets"]'))
    status, said = verify("--record")
    assert status == 1
    assert f"{NAME}: mistakes/signatures.json: was not recorded: first fix what else is wrong." in said
    assert not signatures.exists()


def test_unwritable(verify, signatures):
    """Where the file can't be written, a sentence says so."""
    signatures.mkdir()
    status, said = verify("--record")
    assert status == 2
    assert "The signatures can't be written to" in said


def test_all_recorded(exercises):
    """Every exercise of ours has its signatures; `kata verify --record` writes them."""
    missing = [name for name, folder in exercises.items() if not (folder / "mistakes" / "signatures.json").is_file()]
    assert missing == []

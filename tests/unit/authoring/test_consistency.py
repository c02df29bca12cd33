"""What can be seen of an exercise's settings without running anything: hints, and what is said after passing."""

import shutil
from pathlib import Path

import pytest

from grader import catalog
from grader.authoring import consistency

TINY = Path(__file__).parents[2] / "data" / "tiny_catalogue"
HINT = '\n[[hints]]\nlevel = 1\n{}\ntext = "Which line says hello?"\n'


@pytest.fixture
def faults(tmp_path):
    """What is wrong with the tiny exercise when its settings end with that text."""

    def of(text, *, without_first_hint=False):
        shutil.rmtree(tmp_path / "tiny", ignore_errors=True)
        folder = shutil.copytree(TINY, tmp_path / "tiny")
        about = folder / "exercises" / "01_greeting" / "exercise.toml"
        before = about.read_text()
        if without_first_hint:
            head, _, rest = before.partition("\n[[hints]]\nlevel = 1")
            before = head + rest[rest.index("\n[[hints]]") :]
        about.write_text(before + text)
        (exercise,) = catalog.load(folder).exercises
        return [str(fault) for fault in consistency.faults_of(exercise) if "exercise.toml" in str(fault)]

    return of


def test_each_check_has_a_hint(faults):
    """Once the general hint names what it fits, each other check needs one of its own; before that nothing is asked."""
    general, own = HINT.format('fits = ["test_greets"]'), HINT.format('checks = ["test_any_name", "test_quiet_import"]')
    assert faults("") == []
    assert faults(general + own, without_first_hint=True) == []
    (said, more) = faults(general, without_first_hint=True)
    assert "no hint of level 1 is about test_any_name" in said
    assert "test_quiet_import" in more


def test_hint_about_no_check(faults):
    """A hint that names no check of the exercise is a fault."""
    (said,) = faults(HINT.format('checks = ["test_gone"]'))
    assert "a hint names 'test_gone', which is no check" in said


def test_other_answers(faults):
    """What is said of other answers is said of each of them, and of no others."""
    about = (
        '\n[afterwards]\nlearned = "You can greet."\nlink = "https://docs.python.org/3/"\n[afterwards.other_answers]\n'
    )
    names = sorted(path.name for path in (TINY / "solutions/01_greeting/alternatives").iterdir())
    assert faults(about + "".join(f'{name} = "So."\n' for name in names)) == []
    said = faults(about + 'nonsense = "So."\n')
    assert any(f"afterwards.other_answers.{names[0]} is missing" in each for each in said)
    assert any("afterwards.other_answers.nonsense is no alternative" in each for each in said)

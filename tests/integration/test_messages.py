"""What each mistake of the catalogue is told, by each check that it loses: golden files, to be read as a set."""

from pathlib import Path

import pytest

from grader import authoring, catalog, workers
from grader.environment import interpreters
from grader.errors import UsageError

GOLDEN = Path(__file__).parents[1] / "golden" / "messages"
PYTHON = "3.12"
"""One version for all: tracebacks are worded and marked otherwise in others."""
RACING = ("17_circular_imports",)
"""Two threads import at once there: what a wrong answer raises depends on which of them was first."""
EXERCISES = {exercise.name: exercise for exercise in catalog.load().exercises if exercise.name not in RACING}


@pytest.fixture(scope="module")
def python():
    """The interpreter that the golden files are of."""
    try:
        return interpreters.find(PYTHON)
    except UsageError:
        pytest.skip(f"the golden messages are those of Python {PYTHON}, which is not on this machine")


@pytest.mark.usefixtures("needs_bubblewrap")
@pytest.mark.parametrize("name", EXERCISES)
def test_messages(python, tmp_path, name, request):
    """Each mistake is told the same as ever, in words that were read by somebody."""
    exercise = EXERCISES[name]
    wrong = [each for each in authoring.variants_of(exercise, [python]) if each.mistake and each.wrong_here()]
    folders = [each.lay_out(tmp_path / each.mistake.name) for each in wrong]
    asked = [workers.Request(folder, exercise, python) for folder in folders]
    attempts = workers.grade_all(asked, tier="bubblewrap", hidden=())
    found = "\n".join(told(each.mistake, attempt) for each, attempt in zip(wrong, attempts, strict=True))
    path = GOLDEN / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def told(mistake, attempt):
    """A mistake, and the message of each check that it loses."""
    lines = [f"===== {mistake.name}: {mistake.says}", ""]
    for check in attempt.checks:
        if check.message:
            lines += [f"--- {check.title} ({check.outcome}, {check.max_points} points)", check.message, ""]
    return "\n".join(lines)

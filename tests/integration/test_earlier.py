"""What an earlier version wrote still opens: a workspace, a course with its ledger, and a pack of exercises.

The files in `tests/data/earlier` were made by the commands of version 0.1.0 themselves and stay as they are.
"""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

EARLIER = Path(__file__).parents[1] / "data" / "earlier"


@pytest.fixture
def earlier(tmp_path):
    """A copy of the files."""
    return shutil.copytree(EARLIER, tmp_path / "earlier")


def test_pack(kata, earlier):
    """Checks that take arguments, a workshop and a changed copy give the same grades as they did."""
    exercise, solution = (earlier / "pack" / part / "01_lamp_room" for part in ("exercises", "solutions"))
    answers = {exercise / "stub": 0, solution / "reference": 100, exercise / "mistakes/loud_import": 0}
    for project, score in answers.items():
        report = kata.report("01", "--project", project, catalog=earlier / "pack")
        assert report["score"] == score, report


def test_workspace(kata, earlier):
    """Its history is read, what a killed command left is finished, and a copy that was kept comes back."""
    desk = earlier / "desk"
    kata.cwd = desk
    seen = kata("--catalog", earlier / "pack", "list")
    assert "1 of 1 passed" in seen.stdout, seen.stdout
    assert kata("--catalog", earlier / "pack", "update").returncode == 0
    assert "half laid" in (desk / "01_lamp_room/lamp.py").read_text()
    assert not (desk / ".kata/unfinished.json").exists()
    seen = kata("--catalog", earlier / "pack", "restore", "lamp_room", "1")
    assert seen.returncode == 0, seen.stderr
    assert "print(flashes(3))" in (desk / "01_lamp_room/lamp.py").read_text()
    assert kata("--catalog", earlier / "pack", "grade").returncode == 0
    history = json.loads((desk / ".kata/progress.json").read_text())
    entry = history["exercises"]["lamp_room"]
    assert (entry["attempts"], entry["best"], entry["last"], entry["hints"]) == (4, 100, 0, {"test_flashes": 1})


def test_course(kata, earlier):
    """Grades go out as they were, and a regrade that waits can be accepted."""
    kata.cwd = earlier / "term"
    course = ("--catalog", earlier / "pack", "class")
    seen = kata(*course, "status")
    assert "handed in: 3 projects of 3 people, 3 different ones graded" in seen.stdout, seen.stderr
    assert "changes:   3 wait" in seen.stdout
    assert kata(*course, "export", "--csv", "--output", "grades.csv").returncode == 0
    rows = csv.DictReader(io.StringIO((kata.cwd / "grades.csv").read_text()))
    assert {row["id"]: row["points"] for row in rows} == {"ada": "100", "bo": "0", "cy": "0"}


@pytest.mark.usefixtures("needs_bubblewrap")
def test_course_goes_on(kata, earlier):
    """What was handed in is graded anew, whoever packed it; the ledger takes new rows beside the old ones."""
    kata.cwd = earlier / "term"
    course = ("--catalog", earlier / "pack", "class")
    checks = earlier / "pack/exercises/01_lamp_room/hidden_tests/test_lamp_room.py"
    checks.write_text(checks.read_text() + "\n# Another version.\n")
    seen = kata(*course, "regrade", "--accept", "new checks")
    assert seen.returncode == 0, seen.stderr
    assert "3 new grades count from now on" in seen.stdout
    assert "changes:   0 wait" in kata(*course, "status").stdout

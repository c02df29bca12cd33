"""The measure of a class works itself, with few submissions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader import sandbox

WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap does not work here: {WHY_NOT}")
BENCH = Path(__file__).parents[2] / "benchmarks" / "classroom.py"


def test_measures(tmp_path):
    """It grades two sizes of different submissions, each in a class and by the judge alone, and compares them."""
    out = tmp_path / "class.json"
    argv = [sys.executable, BENCH, "3", "6", "--jobs", "2", "--enough", "3", "--output", out]
    seen = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=240)
    assert seen.returncode == 0, seen.stderr
    rows = {row["what"]: row["measured"] for row in json.loads(out.read_text())["rows"]}
    for what in ("a second", "bytes of ledger for one", "time of the class against the judge alone"):
        assert rows[f"6 submissions, 2 workers: {what}"] > 0
    assert rows["cost of one of 6 against one of 3, 2 workers, class"] > 0
    assert rows["6 submissions, 2 workers: peak MB of the worker"] > 5

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("group", [[], ["class"]], ids=["kata", "kata class"])
def test_short_texts(group):
    """On a terminal of 80 columns, what is said of each command in a list of commands is said to its end."""
    argv = [sys.executable, "-m", "grader", *group, "--help"]
    seen = subprocess.run(argv, env=os.environ | {"COLUMNS": "80"}, capture_output=True, text=True, check=True)
    listed = seen.stdout.partition("Commands:\n")[2].splitlines()
    assert len(listed) > 5
    assert [line for line in listed if line.endswith("...") or not line.endswith(".") or len(line) > 80] == []

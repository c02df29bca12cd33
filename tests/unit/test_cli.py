import json
import os
import subprocess
import sys

import pytest

from grader.environment import cache


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such thing")
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_umask(tmp_path, umask):
    """A right answer gets full marks even where new files can be read by their owner alone, as on a hardened server."""
    env = {**os.environ, cache.FOLDER_VARIABLE: str(tmp_path / "cache")}
    command = [sys.executable, "-m", "grader", "grade", "path_appending", "--solutions", "--format", "json"]
    seen = subprocess.run(command, cwd=tmp_path, env=env, umask=umask, capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stderr
    assert json.loads(seen.stdout)["score"] == 100

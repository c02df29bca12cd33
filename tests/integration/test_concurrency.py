"""Executions that run at the same time."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from grader import sandbox
from grader.model import Command, Ending


@pytest.mark.parametrize("tier", sandbox.TIERS)
def test_executions_do_not_mix(tier, tmp_path):
    """What each of many executions at once printed and reported is its own, and none is lost."""
    if tier == "bubblewrap" and sandbox.why_not_bubblewrap():
        pytest.skip(f"bubblewrap: {sandbox.why_not_bubblewrap()}")
    python, prefix = Path(sys.executable).resolve(), Path(sys.base_prefix).resolve()
    body = "import os, sys; print(sys.argv[2]); os.write(int(sys.argv[1]), sys.argv[2].encode())"

    with closing(sandbox.choose(tier)) as confinement:

        def run(number):
            argv = (str(python), "-I", "-S", "-c", body, sandbox.REPORT, str(number))
            return confinement.run(Command(argv, tmp_path, {}, reads=(prefix, tmp_path), report=True))

        with ThreadPoolExecutor(6) as pool:
            for number, seen in enumerate(pool.map(run, range(120))):
                wanted = f"{number}\n".encode()
                assert (seen.ending, seen.status) == (Ending.EXITED, 0)
                assert (seen.stdout, seen.stderr, seen.report) == (wanted, b"", wanted.strip())

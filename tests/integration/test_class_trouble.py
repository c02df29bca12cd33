"""What goes wrong around a class that is graded ends in a sentence, and costs nobody a grade."""

import os
import shutil
import subprocess
import sys

import pytest

from grader import sandbox
from grader.classroom.records import course, ledger
from grader.classroom.records.store import Store
from tests.integration.test_class import GUARDLESS, RIGHT, a_class, grades

WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap does not work here: {WHY_NOT}")
__all__ = ["a_class"]


def test_one_at_a_time(a_class, kata):
    """While somebody grades a class nobody else does, whatever is graded; afterwards anybody may."""
    a_class.hand_in({"ada": RIGHT})
    book = ledger.open_(kata.cwd / course.LEDGER)
    with book.grading_lock():
        seen = a_class("grade")
        assert (seen.returncode, seen.stdout) == (3, "")
        assert "can't be graded now" in seen.stderr
        assert a_class("status").returncode == 3
    assert a_class("grade").stdout == "1 graded, 0 ungraded.\n"
    assert len(book.latest()) == 1
    book.close()


def test_damaged_submission(a_class, kata):
    """A submission that was damaged on disk is ungraded and named with the reason, and the others are graded."""
    a_class.hand_in({"ada": RIGHT, "bo": GUARDLESS})
    book, store = ledger.open_(kata.cwd / course.LEDGER), Store(kata.cwd / course.SUBMISSIONS)
    digests = {each.student: each.digest for each in book.received()}
    book.close()
    sound = store.archive(digests["ada"])
    store.path(digests["ada"]).write_bytes(sound[:-1])
    seen = a_class("grade", "--jobs", "2")
    assert (seen.returncode, seen.stdout) == (3, "1 graded, 1 ungraded.\n")
    assert "ungraded: greeting of ada;" in seen.stderr
    assert "was changed after it was handed in" in seen.stderr
    store.path(digests["ada"]).write_bytes(sound)
    assert a_class("grade").stdout == "1 graded, 0 ungraded.\n"


ON_A_SMALL_DISK = """
mount -t tmpfs -o size=1m tmpfs disk
cp -a course.toml submissions ledger.sqlite disk/
echo mounted
cat /dev/zero > disk/ballast 2>/dev/null || true
status=0
"$@" || status=$?
test $status = 3
rm disk/ballast
"$@"
cp disk/ledger.sqlite after.sqlite
"""


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can mount a small disk")
def test_full_disk(a_class, kata, tiny):
    """On a disk that is full a run ends with a sentence; with room again the next one goes on."""
    a_class.hand_in({f"s{number}": f"{RIGHT}# {number}\n" for number in range(3)})
    (kata.cwd / "disk").mkdir()
    argv = [sys.executable, "-m", "grader", "--catalog", tiny, "class", "--course", "disk", "grade"]
    shell = ["unshare", "--mount", shutil.which("sh"), "-ec", ON_A_SMALL_DISK, "sh", *argv]
    seen = subprocess.run(shell, cwd=kata.cwd, env=kata.env, capture_output=True, text=True, check=False)
    if "mounted" not in seen.stdout:
        pytest.skip(f"no disk can be mounted here: {seen.stderr}")
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert "nothing was lost" in seen.stderr
    assert "Traceback" not in seen.stderr
    assert seen.stdout.endswith("3 graded, 0 ungraded.\n")
    assert len(grades(kata.cwd / "after.sqlite")) == 3

"""A program that was just written: it is started when nobody has it open for writing any more."""

import os
import sys
import threading

import pytest

from grader.errors import SandboxError
from grader.sandbox import _programs

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems don't tell whether a file is being written"
)


@pytest.fixture
def script(folder):
    """A program that can be started."""
    path = folder / "tool"
    path.write_text("#!/bin/sh\necho started\n")
    path.chmod(0o755)
    return path


def test_being_written(run, script):
    """A program that is still open for writing is started when it no longer is."""
    writer = script.open("a")
    threading.Timer(0.3, writer.close).start()
    seen = run("", argv=(str(script),))
    assert writer.closed
    assert (seen.status, seen.stdout) == (0, b"started\n"), seen.stderr


def test_never_written(run, script, monkeypatch):
    """A program that somebody keeps open is our trouble, and nobody's failure."""
    monkeypatch.setattr(_programs, "_SECONDS_TO_WRITE", 0.05)
    with script.open("a"), pytest.raises(SandboxError, match="keeps it open for writing"):
        run("", argv=(str(script),))


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "nothing"])
def test_other_kinds(folder, kind):
    """What isn't a file of its own isn't waited for."""
    path = folder / kind
    if kind == "link":
        path.symlink_to(sys.executable)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    _programs.wait_until_written(str(path))
    _programs.wait_until_written("a\0b")

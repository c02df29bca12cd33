"""The `process` tier as another user: what only root may read and end stays unread and alive, and nothing runs on."""

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from grader import sandbox
from grader.errors import SandboxError
from grader.model import Command, Limits
from grader.sandbox import _other_user

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("setpriv") is not None
NEEDS_ROOT = pytest.mark.skipif(not ROOT, reason="only root can run something as another user")


@pytest.fixture
def run(monkeypatch):
    """Run a line of a shell as another user, in an empty folder; gives what was seen and the user."""
    monkeypatch.setenv(_other_user.VARIABLE, "61000")
    with closing(sandbox.choose("process")) as opened:

        def line(text, *, program="/bin/sh", **fields):
            scratch = opened.folder / "outer" / "empty"
            command = Command((program, "-c", text), scratch, {"PATH": os.defpath}, scratch=(scratch,), **fields)
            return opened.run(command)

        yield line


@NEEDS_ROOT
def test_rights(run, tmp_path):
    """An execution is nobody's user, in no group, and can't read or end what is root's."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    secret.chmod(0o600)
    tmp_path.chmod(0o755)
    groups = os.getgroups()
    os.setgroups([*groups, 4])
    seen = run(
        f"id -u; id -G; cat {secret}; kill -0 {os.getpid()}; grep -h CapEff /proc/self/status; echo > made && ls"
    )
    os.setgroups(groups)
    user, own, *rest = seen.stdout.decode().split()
    assert 61000 <= int(user) < 62000
    assert own == user
    assert rest == ["CapEff:", "0000000000000000", "made"]
    assert b"secret" not in seen.stdout


@NEEDS_ROOT
def test_left_running(run):
    """What an execution leaves behind in another session, and what that starts, is gone when it has ended."""
    loop = "echo >started; while true; do setsid sleep 60 & sleep 0.01; done"
    seen = run(f"id -u; setsid sh -c '{loop}' >/dev/null 2>&1 & until [ -e started ]; do :; done")
    user = int(seen.stdout)
    assert list(_other_user._processes(user)) == []
    assert run("sleep 60", limits=Limits(wall=0.2)).ending is sandbox.Ending.TIMEOUT
    assert list(_other_user._processes(user)) == []


@NEEDS_ROOT
def test_missing_program(run):
    """A program that isn't there is said as it is without another user."""
    seen = run("", program="/no/such")
    assert seen.status == 127
    assert seen.stderr.startswith(b"/no/such: ")


@NEEDS_ROOT
def test_out_of_reach(run, tmp_path):
    """What lies where the user can't come to it is our fault, and said before anything runs."""
    tmp_path.chmod(0o700)
    with pytest.raises(SandboxError, match="which other users can't pass"):
        run("true", reads=(tmp_path / "venv",))


@pytest.mark.parametrize("text", ["0", "-1", "root", "٣", str(1 << 31)])
def test_wrong(monkeypatch, text):
    """What is no user id is refused, never taken for root."""
    monkeypatch.setenv(_other_user.VARIABLE, text)
    with pytest.raises(SandboxError, match="is no user id"):
        sandbox.choose("process")


def test_no_root(monkeypatch):
    """Who isn't root is told so, and doesn't go on as oneself."""
    monkeypatch.setenv(_other_user.VARIABLE, "30000")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(SandboxError, match="needs root"):
        sandbox.choose("process")
    monkeypatch.delenv(_other_user.VARIABLE)
    with closing(sandbox.choose("process")) as opened:
        assert Path(opened.folder).is_dir()

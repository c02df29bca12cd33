import os
import platform
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from grader import sandbox as sandboxes
from grader.environment import interpreters
from grader.errors import UsageError
from grader.model import Command, Limits


@pytest.fixture(scope="module")
def everything():
    """All interpreters of this machine."""
    return interpreters.find_all()


def say(interpreter, lines, folder):
    """What an interpreter prints."""
    limits = Limits(wall=interpreters.PATIENCE)
    command = Command((str(interpreter.executable), "-I", "-c", lines), folder, {}, limits=limits)
    with closing(sandboxes.choose("process")) as sandbox:
        return sandbox.run(command).stdout.decode().strip()


def test_current(interpreter, folder):
    """The current interpreter is the real one below any virtualenv, of this very version."""
    assert interpreter.version == platform.python_version()
    assert interpreter.minor == sys.version_info[:2]
    assert say(interpreter, "import sys; print(sys.prefix == sys.base_prefix)", folder) == "True"
    assert not interpreter.executable.is_symlink()
    assert interpreter.prefix == Path(sys.base_prefix).resolve()


def test_prefix_holds_the_standard_library(interpreter, folder):
    """The prefix is all that has to be shown to an execution for the standard library."""
    assert Path(say(interpreter, "print(__import__('os').__file__)", folder)).is_relative_to(interpreter.prefix)


class TestFindAll:
    """One interpreter for each minor version."""

    def test_one_for_each_minor_version(self, everything):
        """Every minor version from 3.10 up comes once, oldest first."""
        minors = [each.minor for each in everything]
        assert minors == sorted(set(minors))
        assert minors[0] >= interpreters.OLDEST

    def test_ours_stands_for_its_version(self, everything, interpreter):
        """Of its own minor version the grader's interpreter is taken, whatever else is installed."""
        assert interpreter in everything

    def test_they_are_what_they_say(self, everything, folder):
        """Each runs, is CPython of just that version, and no virtualenv's."""
        look = "import sys, platform as p; print(p.python_implementation(), p.python_version(), sys.prefix)"
        for each in everything:
            kind, version, prefix = say(each, look, folder).split(" ", 2)
            assert (kind, version, Path(prefix).resolve()) == ("CPython", each.version, each.prefix)


class TestFind:
    """An interpreter is found by version or path."""

    def test_by_version(self, everything):
        """Every interpreter is found by its minor version, and by its full one."""
        for each in everything:
            assert interpreters.find(".".join(map(str, each.minor))).minor == each.minor
            assert interpreters.find(each.version).version == each.version

    def test_by_path(self, everything):
        """Every interpreter is found by its path."""
        for each in everything:
            assert interpreters.find(str(each.executable)).version == each.version

    def test_by_relative_path(self, interpreter, monkeypatch):
        """A path may be one from the current folder."""
        monkeypatch.chdir(interpreter.executable.parent)
        assert interpreters.find(f".{os.sep}{interpreter.executable.name}").version == interpreter.version

    def test_of_a_virtualenv(self, virtualenv, interpreter):
        """A virtualenv's interpreter stands for the real one below it."""
        found = interpreters.find(str(virtualenv.python))
        assert found.prefix == interpreter.prefix
        assert found.version == interpreter.version

    @pytest.mark.parametrize("wanted", ["3.99", "nonsense", ""])
    def test_unknown(self, everything, wanted):
        """What is not here is wrong usage, and what is here is named."""
        with pytest.raises(UsageError) as caught:
            interpreters.find(wanted)
        for each in everything:
            assert each.version in str(caught.value)

    def test_no_such_path(self, tmp_path):
        """A path where nothing is is named."""
        with pytest.raises(UsageError, match="There is no interpreter at"):
            interpreters.find(str(tmp_path / "python"))

    @pytest.mark.skipif(os.name != "posix", reason="programs are other files on Windows")
    @pytest.mark.parametrize("content", ["", "#!/bin/sh\necho 3.12.1\n", "#!/bin/sh\nexit 1\n", "#!/no/such/program\n"])
    def test_no_interpreter(self, tmp_path, content):
        """A file that is no interpreter is wrong usage, whatever it does when run."""
        path = tmp_path / "python"
        path.write_text(content)
        path.chmod(0o755)
        with pytest.raises(UsageError):
            interpreters.find(str(path))

    def test_folder(self, tmp_path):
        """A folder is no interpreter."""
        with pytest.raises(UsageError):
            interpreters.find(str(tmp_path))

    def test_too_old(self):
        """An interpreter that is too old is refused with what it is."""
        old = [path for path in _candidates() if _minor_of(path) and _minor_of(path) < interpreters.OLDEST]
        if not old:
            pytest.skip("there is no Python older than 3.10 here")
        with pytest.raises(UsageError, match=r"projects are graded under CPython 3\.10 or later"):
            interpreters.find(str(old[0]))


def _candidates():
    """Paths where old interpreters are kept."""
    yield from (path for path in map(Path, ("/usr/bin/python2", "/usr/bin/python3")) if path.exists())
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob("versions/3.[6-9].*/bin/python"))


def _minor_of(path):
    """The version that an interpreter says it is."""
    look = "import sys; sys.stdout.write('%d %d' % sys.version_info[:2])"
    seen = subprocess.run([str(path), "-c", look], capture_output=True, text=True, check=False)
    return tuple(map(int, seen.stdout.split())) if seen.returncode == 0 else None

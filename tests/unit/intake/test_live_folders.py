"""A folder that somebody changes while it is taken in: the copy holds what lay in the project, and nothing else."""

import os
import subprocess
import sys
import time

import pytest

from grader import intake
from grader.errors import IntakeError
from grader.intake import copies, opening

SECRET = "the harbourmaster's own"
MINE = {"report.py": "mine", "lib/soundings.py": "mine", "lib/tables/depths.txt": "mine"}

by_descriptor = pytest.mark.skipif(os.open not in os.supports_dir_fd, reason="here, files are opened by path only")
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")

SWAPPER = """
import ctypes, os, sys
exchange = ctypes.CDLL(None, use_errno=True).renameat2
AT_FDCWD, RENAME_EXCHANGE = -100, 2
one, other = map(os.fsencode, sys.argv[1:])
parent = os.getppid()
print("ready", flush=True)
while os.getppid() == parent:
    if exchange(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE):
        sys.exit(os.strerror(ctypes.get_errno()))
"""
"""Exchanges two names, each time in one step, until its parent is gone."""

MOMENTS = """
import os, shutil, sys
from pathlib import Path
from grader import intake
from grader.errors import IntakeError
work, outside, secret, name, kind = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:6]
left = None
def hook(event, arguments):
    global left
    if left is None or event not in ("open", "os.scandir", "os.listdir", "os.mkdir", "shutil.copyfile"):
        return
    left -= 1
    if left < 0:
        left = None
        os.rename(work / "source" / name, work / "aside")
        if kind == "link":
            os.symlink(outside / name, work / "source" / name)
        elif kind == "pipe":
            os.mkfifo(work / "source" / name)
        elif kind == "folder":
            os.mkdir(work / "source" / name)
        elif kind == "file":
            os.close(os.open(work / "source" / name, os.O_CREAT))
sys.addaudithook(hook)
moment, outcomes = 0, []
while left is None:
    shutil.rmtree(work, ignore_errors=True)
    for inner in ("report.py", "lib/soundings.py", "lib/tables/depths.txt"):
        (work / "source" / inner).parent.mkdir(parents=True, exist_ok=True)
        (work / "source" / inner).write_text("mine")
    left = moment
    try:
        intake.take_in(work / "source", work / "copy")
        outcomes.append("taken")
    except IntakeError as error:
        outcomes.append("refused")
        assert "changed" in str(error) or "link" in str(error) or "pipe" in str(error), error
    for path in (work / "copy").rglob("*"):
        assert not path.is_symlink(), path
        assert not path.is_file() or secret not in path.read_text(), (moment, path)
    if left is not None:  # the copy was made before that moment came
        break
    moment += 1
print(moment, *sorted(set(outcomes)))
"""
"""Swaps a name at each moment at which Python says that it is about to open, list or make something, one by one."""


@pytest.fixture
def outside(folder):
    """Somebody else's folder, laid out as a project is."""
    return lay_out(folder / "outside", dict.fromkeys(MINE, SECRET))


@pytest.fixture
def source(folder):
    """A small project."""
    return lay_out(folder / "source", MINE)


def lay_out(folder, files):
    """Write these files below a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def contents(folder):
    """What all files below a folder hold; there may be no links."""
    assert not [path for path in folder.rglob("*") if path.is_symlink()]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def refusal(source, target, **how):
    """What is said of a project that can't be taken in."""
    with pytest.raises(IntakeError) as caught:
        intake.take_in(source, target, **how)
    return str(caught.value)


class TestSwapped:
    """Names that lead elsewhere all of a sudden."""

    @pytest.mark.skipif(sys.platform != "linux", reason="names are exchanged by a call of Linux")
    @pytest.mark.parametrize("name", ["lib", "lib/tables", "report.py", "lib/soundings.py"])
    def test_all_the_time(self, source, outside, folder, name):
        """While another process swaps a name for a link as fast as it can, no copy ever holds a file from elsewhere."""
        (folder / "link").symlink_to(outside / name)
        swapping = [sys.executable, "-c", SWAPPER, folder / "link", source / name]
        outcomes = []
        with subprocess.Popen(swapping, stdout=subprocess.PIPE) as swapper:
            try:
                assert swapper.stdout.readline() == b"ready\n"
                end = time.monotonic() + 1
                while time.monotonic() < end or len(set(outcomes)) < 2:
                    target = folder / f"copy {len(outcomes)}"
                    try:
                        intake.take_in(source, target)
                        outcomes.append("taken")
                    except IntakeError:
                        outcomes.append("refused")
                    assert SECRET not in contents(target).values()
                assert swapper.poll() is None
            finally:
                swapper.kill()

    @by_descriptor
    @pytest.mark.timeout(60)
    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            *((name, kind) for name in ("lib", "lib/tables") for kind in ("link", "file", "nothing")),
            *((name, kind) for name in ("report.py", "lib/tables/depths.txt") for kind in ("link", "pipe", "folder")),
        ],
    )
    def test_at_each_moment(self, outside, folder, name, kind):
        """Whatever takes a name's place, and when: a copy without files from elsewhere, or a sentence, at once."""
        words = [sys.executable, "-c", MOMENTS, folder / "work", outside, SECRET, name, kind]
        seen = subprocess.run(words, capture_output=True, text=True, check=False)
        assert seen.returncode == 0, seen.stderr
        moments, *outcomes = seen.stdout.split()
        assert int(moments) > 6
        assert outcomes == ["refused", "taken"]


class TestLinksOnTheWay:
    """What the user named is followed; what somebody else may have put there isn't."""

    @posix
    def test_named_by_the_user(self, source, folder):
        """The folder that the user names may be a link, or lie behind one."""
        (folder / "link").symlink_to(source)
        (folder / "around").symlink_to(folder)
        intake.take_in(folder / "around" / "link", folder / "target")
        assert contents(folder / "target") == MINE

    @posix
    @pytest.mark.parametrize("name", ["link", "link/lib", "link/lib/tables", "packed.zip", "link/inner.zip"])
    def test_below_somebody_elses(self, outside, folder, name):
        """Below a folder of others no link is followed: not at the end, not on the way, not to an archive."""
        (folder / "handed").mkdir()
        (outside / "inner.zip").write_bytes(b"PK")
        (folder / "handed" / "link").symlink_to(outside)
        (folder / "handed" / "packed.zip").symlink_to(outside / "inner.zip")
        said = refusal(folder / "handed" / name, folder / "target", below=folder / "handed")
        assert "changed while it was read" in said or "is a symbolic link" in said
        assert not (folder / "target").exists() or contents(folder / "target") == {}

    @posix
    @pytest.mark.usefixtures("source")
    def test_above_it(self, folder):
        """The way to that folder of others is the user's, and may lead through links; what lies in it is taken in."""
        (folder / "around").symlink_to(folder)
        intake.take_in(folder / "around" / "source" / "lib", folder / "target", below=folder / "around" / "source")
        assert contents(folder / "target") == {"soundings.py": "mine", "tables/depths.txt": "mine"}


@by_descriptor
def test_open_descriptors_follow_depth(folder):
    """A project as deep as any may be, and broad at each step, needs no more open files than a few for each step."""
    deep = folder / "source"
    for _ in range(copies.MAX_DEPTH):
        lay_out(deep, {f"{number}/x.py": "" for number in range(25)})
        deep /= "0"
    lines = "\n".join(
        (
            "import resource, sys",
            "from pathlib import Path",
            "from grader import intake",
            f"resource.setrlimit(resource.RLIMIT_NOFILE, ({copies.MAX_DEPTH + 12},) * 2)",
            "intake.take_in(Path(sys.argv[1]), Path(sys.argv[2]))",
        )
    )
    words = [sys.executable, "-c", lines, folder / "source", folder / "target"]
    seen = subprocess.run(words, capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stderr
    assert contents(folder / "target") == contents(folder / "source")


class TestByPath:
    """Where a system opens no folders by descriptor, projects are still taken in, and links still refused."""

    @pytest.fixture(autouse=True)
    def _paths_only(self, monkeypatch):
        monkeypatch.setattr(opening, "_BY_DESCRIPTOR", False)

    def test_taken(self, source, folder):
        """A project arrives as it is."""
        lay_out(source, {"env/pyvenv.cfg": "", "env/site.py": ""})
        intake.take_in(source, folder / "target", below=folder)
        assert contents(folder / "target") == MINE

    @posix
    @pytest.mark.parametrize("name", ["link", "pipe", "lib/link"])
    def test_refused(self, source, outside, folder, name):
        """What is no plain file is refused, and not followed."""
        if name == "pipe":
            os.mkfifo(source / name)
        else:
            (source / name).symlink_to(outside)
        assert f"{source / name} is a " in refusal(source, folder / "target")

    @posix
    def test_below_somebody_elses(self, outside, folder):
        """Below a folder of others no link is followed."""
        (folder / "handed").mkdir()
        (folder / "handed" / "link").symlink_to(outside)
        said = refusal(folder / "handed" / "link" / "lib", folder / "target", below=folder / "handed")
        assert "changed while it was read" in said


def test_many_virtualenvs_hide_nothing(folder):
    """Files don't get lost behind folders that are left out: either all of a folder is taken in, or it is refused."""
    source = lay_out(folder / "source", {f"env{number:04}/pyvenv.cfg": "" for number in range(intake.MAX_FILES)})
    lay_out(source, {"report.py": "mine"})
    assert f"over {intake.MAX_FILES} files" in refusal(source, folder / "target")

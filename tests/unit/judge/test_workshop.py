"""A workshop: several steps in a writable copy, whose reporter is out of reach of what it runs."""

import sys

import pytest

from grader.errors import LearnerError
from grader.judge.execution import LearnersSide
from grader.judge.projects import Project
from grader.model import Limits

WRITE = "import sys\nopen(sys.argv[1], 'w').write('7.5')\nprint('done')\nsys.exit(3)\n"


@pytest.fixture
def project(tmp_path, virtualenv, sandbox):
    """A project with a few files, in a sandbox of each tier."""
    path = tmp_path.resolve() / "project"
    (path / "lamp").mkdir(parents=True)
    (path / "write.py").write_text(WRITE)
    (path / "lamp" / "oil.txt").write_text("full")
    side = LearnersSide(tmp_path.resolve(), virtualenv, sandbox, Limits(), Limits(), "0" * 64)
    return Project(side, virtualenv, path=path)


def test_steps(project):
    """What one step wrote the next one finds; status and output of each are known, and the project stays as it was."""
    seen = project.workshop(
        """
        import os
        first = run("python", "write.py", "lamp/depth.txt")
        see([first, sorted(os.listdir("lamp")), open("lamp/depth.txt").read(), sys.argv[1:]])
        """,
        "north quay",
    )
    first, names, depth, arguments = seen.value
    assert first == {"status": 3, "stdout": "done\n", "stderr": ""}
    assert (names, depth, arguments) == (["depth.txt", "oil.txt"], "7.5", ["north quay"])
    assert [path.name for path in (project / "lamp").iterdir()] == ["oil.txt"]


def test_fresh_each_time(project):
    """A workshop finds nothing of the one before."""
    body = "import os\nsee(os.path.exists('left'))\nopen('left', 'w').close()"
    assert [project.workshop(body).value for _ in range(2)] == [False, False]


def test_by_hand(project):
    """The learner is told how to make the copy, and can paste the very lines."""
    seen = project.workshop("see(run('python', 'write.py', 'x'))")
    assert seen.command.splitlines()[0] == 'WORK="$(mktemp -d)" && cp -R "$PROJECT"/. "$WORK"'
    assert seen.command.splitlines()[1].startswith('cd "$WORK" && python -B -c')
    assert "def run(" in seen.command


def test_shown_as(project):
    """The learner can be shown other lines for the same execution, after those that make the copy."""
    seen = project.workshop("see(run('python', 'write.py', 'x'))")
    told = seen.shown_as("python write.py x", "ls")
    assert told.command.splitlines() == [seen.command.splitlines()[0], 'cd "$WORK"', "python write.py x", "ls"]
    assert told.value == seen.value
    with pytest.raises(ValueError, match="workshop"):
        project.python("write.py").shown_as("ls")


def test_part(project):
    """A part of a project is a project: what is around it isn't there."""
    seen = project.part("lamp").workshop("import os\nsee(os.listdir())")
    assert seen.value == ["oil.txt"]
    assert '"$PROJECT/lamp"/.' in seen.command


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")
@pytest.mark.parametrize("place", ["fd", "mem"])
def test_reporter_is_out_of_reach(project, sandbox, place):
    """A program that a workshop runs can't report in its place."""
    if sandbox.tier == "process":
        pytest.skip("the tier promises nothing of that kind, and root may everything")
    (project.path / "write.py").write_text(
        f"import os\nfor name in os.listdir('/proc/%d/{place}' % os.getppid()):\n    pass\n"
        if place == "fd"
        else "import os\nopen('/proc/%d/mem' % os.getppid(), 'r+b')\n"
    )
    seen = project.workshop("see(run('python', 'write.py'))")
    assert "PermissionError" in seen.value["stderr"]


def test_reporter_that_is_killed(project):
    """A program that kills who reports gets no report at all."""
    (project.path / "write.py").write_text("import os\nos.kill(os.getppid(), 9)\n")
    with pytest.raises(LearnerError):
        _ = project.workshop("see(run('python', 'write.py'))").value

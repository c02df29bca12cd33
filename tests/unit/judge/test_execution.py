import threading
from dataclasses import replace

import pytest

from grader.display import Scrubber
from grader.errors import SandboxError
from grader.judge.execution import AT_ONCE, Seen
from grader.judge.expectations import Unmet, expect, transcript
from grader.model import Command, Ending, Execution


class TestSeen:
    """One execution as text."""

    def test_streams(self, make_project):
        """What a program prints is text with one kind of line end."""
        seen = make_project().python("-c", "import os; os.write(1, b'a\\r\\nb\\n'); os.write(2, b'\\xff')")
        assert (seen.stdout, seen.stderr, seen.status, seen.ending) == ("a\nb\n", "\\xff", 0, Ending.EXITED)

    def test_output(self, make_project):
        """What was printed can be had as lines, as a JSON value and in words."""
        project = make_project()
        seen = project.python("-c", "print(' [1,'); print('2] ')")
        assert (seen.lines, seen.json, seen.printed) == (["[1,", "2]"], [1, 2], " [1,\n2] ")
        silent = project.python("-c", "")
        assert (silent.lines, silent.json, silent.printed) == ([], None, "nothing on stdout")

    def test_step(self, make_project):
        """As a step of a report it is free of the judge's paths and of control characters."""
        project = make_project({"report.py": "import os; print(os.getcwd(), '\\x1b[2J')"})
        step = project.python("report.py", cwd=project.path).step()
        assert step.stdout == "$PROJECT \\x1b[2J"
        assert step.cwd == "$PROJECT"
        assert step.status == 0

    def test_step_of_long_output(self, make_project):
        """Where long output is cut, no piece of a path of the judge's is left over, which would differ every time."""
        project = make_project()
        root = str(project.side.root)
        for shift in range(5, len(root)):
            stdout = ("a" * (1200 - shift) + f"{root}/x" + "b" * 5000).encode()
            execution = Execution(Command(("x",), project.path, {}), Ending.EXITED, 0, stdout, b"", b"", 0.0)
            shown = Seen(execution, "x", "x", project.side.scrub).step().stdout
            assert root[:5] not in shown, shift

    def test_step_of_a_killed_program(self, make_project):
        """A program that met a limit has no status in a report: what the kill left as one depends on the moment."""
        step = make_project(wall=0.2).python("-c", "while True: pass").step()
        assert step.status is None

    def test_value(self, make_project):
        """A probe's value is what the judge compares."""
        assert make_project().probe("see([1, 'a'])").value == [1, "a"]

    def test_no_value(self, make_project):
        """What is no probe has no value, and a check that asks for one is wrong, not the learner."""
        with pytest.raises(TypeError, match="Only a probe"):
            _ = make_project().python("-c", "").value

    def test_traceback_of_a_probe(self, make_project):
        """A probe's traceback is the learner's own, without frames of ours."""
        stderr = (
            make_project({"x.py": "1 / 0\n"}).probe("import sys\nsys.path.insert(0, sys.argv[1])\nimport x", "x").stderr
        )
        assert stderr.count('File "<string>"') == 1
        assert "<probe>" not in stderr


class TestLearnersSide:
    """What belongs to one attempt."""

    def test_runs_once(self, make_project, tmp_path):
        """A program that claims that it could not be started is believed as little as any other: it runs once."""
        lines = "import sys; open(sys.argv[1], 'a').write('x'); sys.stderr.write('Text file busy\\n'); sys.exit(126)"
        seen = make_project().python("-c", lines, str(tmp_path / "runs"))
        assert (seen.status, seen.stderr) == (126, "Text file busy\n")
        assert (tmp_path / "runs").read_text() == "x"

    def test_varied(self, make_project):
        """Random numbers follow from the submission and a name: the same again, another for another name."""
        side = make_project().side
        first, again, other = (side.varied(name).random() for name in ("depth", "depth", "name"))
        assert first == again != other

    def test_varied_by_submission(self, make_project):
        """After an edit they are others, so a constant copied from one report doesn't score in the next."""
        side = make_project().side
        before = side.varied("depth").random()
        side.digest = "1" * 64
        assert side.varied("depth").random() != before

    def test_patience(self, make_project):
        """After two executions that used up their time the others get less, and an attempt that hangs ends sooner."""
        project = make_project(wall=3.2)
        walls = [project.python("-c", "while True: pass").execution.command.limits.wall for _ in range(3)]
        assert walls[0] == walls[1] == 3.2
        assert 0 < walls[2] < 3.2

    def test_folders(self, make_project):
        """Each folder asked for is a new one, where nothing is yet."""
        side = make_project().side
        first, second = side.folder("copies"), side.folder("copies")
        assert first != second
        assert not first.exists()
        assert first.parent.is_dir()

    def test_stop(self, make_project):
        """After it was told to stop nothing runs to its end."""
        project = make_project()
        project.side.stop()
        with pytest.raises(SandboxError):
            project.python("-c", "while True: pass")

    def test_at_once(self):
        """Two executions of an attempt run at the same time, since a machine that grades has two cores or more."""
        assert AT_ONCE == 2


def test_script_that_is_still_written(make_project):
    """A script that somebody has open for writing for an instant is waited for, and not held against the learner."""
    project = make_project()
    script = project.virtualenv.scripts / "late"
    script.write_text("#!/bin/sh\necho done\n")
    script.chmod(0o755)
    writer = script.open("a")
    threading.Timer(0.2, writer.close).start()
    seen = project.script("late")
    script.unlink()
    assert (seen.status, seen.stdout) == (0, "done\n"), seen.stderr


class Counting(Scrubber):
    """Counts how often long text is made harmless."""

    count = 0

    def __call__(self, text):
        """Count, and do it."""
        self.count += len(text) > 10_000
        return super().__call__(text)


def test_long_output_is_gone_through_once(make_project):
    """Output that many checks look at and show is made harmless once for each stream, whatever they say of it."""
    lines = "import sys; print('\\x1b[2J\\n' * 20_000); sys.stderr.write('\\u202e' * 20_000)"
    seen = make_project().python("-c", lines, env={"PYTHONUTF8": "1"})
    scrub = Counting([])
    seen = replace(seen, scrub=scrub)
    for number in range(10):
        token = transcript.set([])
        with pytest.raises(Unmet) as told:
            expect(seen, "Why?").stdout(str(number))
        assert "\\x1b[2J" in str(told.value)
        assert "\\u202e" in str(told.value)
        (step,) = transcript.get()
        assert "\\x1b[2J" in step.stdout
        transcript.reset(token)
    assert scrub.count == 2

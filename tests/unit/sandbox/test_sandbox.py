"""What holds of every tier."""

import os
import sys
import threading
import time
import uuid
from contextlib import closing, suppress
from pathlib import Path

import pytest

from grader import sandbox as sandboxes
from grader.errors import SandboxError, UsageError
from grader.model import Command, Ending, Limits
from tests.unit.sandbox.processes import processes_with

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such thing")
linux = pytest.mark.skipif(sys.platform != "linux", reason="this looks into /proc")
no_hang = pytest.mark.timeout(30)
ANSWER = "print('answer')"


def open_descriptors():
    """The descriptors that this process holds."""
    return sorted(path.name for path in Path("/dev/fd").iterdir())


class TestChoosing:
    """A tier is asked for, or the best is taken."""

    def test_unknown(self):
        """An unknown tier is wrong usage, and the known ones are named."""
        with pytest.raises(UsageError) as caught:
            sandboxes.choose("docker")
        assert all(tier in str(caught.value) for tier in ("docker", "auto", *sandboxes.TIERS))

    def test_by_name(self, sandbox):
        """A sandbox says of which tier it is."""
        with closing(sandboxes.choose(sandbox.tier)) as same:
            assert same.tier == sandbox.tier

    def test_auto(self):
        """`auto` is the best tier that passes its self-check."""
        with closing(sandboxes.choose("auto")) as best:
            assert best.tier == ("process" if sandboxes.why_not_bubblewrap() else "bubblewrap")

    def test_never_falls_back_silently(self):
        """A tier that was asked for and doesn't work is an error that says why, never another tier."""
        why_not = sandboxes.why_not_bubblewrap()
        if why_not is None:
            pytest.skip("bubblewrap works here")
        with pytest.raises(SandboxError) as caught:
            sandboxes.choose("bubblewrap")
        assert why_not in str(caught.value)


class TestEnding:
    """How a program ended is seen exactly."""

    @pytest.mark.parametrize("status", [0, 1, 3, 120, 255])
    def test_status(self, run, status):
        """The exit status is the program's own."""
        seen = run("import os, sys; os._exit(int(sys.argv[1]))", status)
        assert (seen.ending, seen.status) == (Ending.EXITED, status)

    @posix
    @pytest.mark.parametrize("signal", [9, 11, 15])
    def test_signal(self, run, signal):
        """A program that a signal ended has the status that a shell would show."""
        seen = run("import os, sys; os.kill(os.getpid(), int(sys.argv[1]))", signal)
        assert (seen.ending, seen.status) == (Ending.EXITED, 128 + signal)

    def test_no_such_program(self, run, folder):
        """A program that isn't there has the status that a shell would show, and its name stands on stderr."""
        seen = run("", argv=(str(folder / "nothing"),))
        assert (seen.ending, seen.status) == (Ending.EXITED, 127)
        assert str(folder / "nothing").encode() in seen.stderr
        assert b"prlimit" not in seen.stderr

    @posix
    def test_program_that_cannot_be_executed(self, run, folder):
        """Neither can a file that is no program, or not executable, be started; that is the program's matter."""
        (folder / "plain.txt").write_text("x")
        seen = run("", argv=(str(folder / "plain.txt"),))
        assert (seen.ending, seen.status) in ((Ending.EXITED, 126), (Ending.EXITED, 127))

    def test_no_such_folder(self, run, folder):
        """A current folder that isn't there, as after a learner removed it, just keeps the program from starting."""
        seen = run(ANSWER, cwd=folder / "nothing")
        assert (seen.ending, seen.status, seen.stdout) == (Ending.EXITED, 127, b"")
        assert b"nothing" in seen.stderr

    @no_hang
    @pytest.mark.parametrize(
        "lines",
        [
            "while True: pass",
            "import time; time.sleep(600)",
            "import signal, time; [signal.signal(s, signal.SIG_IGN) for s in (1, 2, 3, 15)]; time.sleep(600)",
            "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])",
            "import sys; sys.stdin.read(); input()\nwhile True: pass"
            if os.name == "nt"
            else "import os; os.kill(os.getpid(), 19)",
        ],
    )
    def test_wall_limit(self, run, lines):
        """A program that would not end is ended at its limit, whatever it does or ignores."""
        seen = run(lines, limits=Limits(wall=0.5))
        assert seen.ending is Ending.TIMEOUT
        assert seen.seconds < 20

    def test_killed_programs_look_alike(self, run):
        """The status of a program that met a limit doesn't depend on the moment at which it was killed."""
        statuses = {
            run("import os; os.write(1, b'x' * 5000); os._exit(0)", limits=Limits(output=1000)).status for _ in range(8)
        }
        statuses |= {run("import os; os.write(1, b'x' * 5000)\nwhile True: pass", limits=Limits(output=1000)).status}
        assert len(statuses) == 1

    def test_closed(self, sandbox, run):
        """After a sandbox was closed nothing runs to its end: that is our error, and nobody's failure."""
        assert run(ANSWER).stdout.split() == [b"answer"]
        sandbox.close()
        with pytest.raises(SandboxError):
            run("while True: pass")

    @no_hang
    def test_closed_from_another_thread(self, sandbox, run):
        """Closing ends what is under way in other threads."""
        caught = []

        def keep_running():
            try:
                run("while True: pass", limits=Limits(wall=600))
            except SandboxError as error:
                caught.append(error)

        thread = threading.Thread(target=keep_running)
        thread.start()
        sandbox.close()
        thread.join(25)
        assert len(caught) == 1

    @linux
    @no_hang
    def test_closed_means_ended(self, sandbox, run):
        """Nothing runs any more once it is closed: whoever waited for it may have been interrupted."""
        tag = uuid.uuid4().hex

        def keep_running():
            with suppress(SandboxError):
                run(f"while '{tag}': pass", limits=Limits(wall=600))

        threading.Thread(target=keep_running).start()
        while not processes_with(tag):
            time.sleep(0.001)
        sandbox.close()
        assert processes_with(tag) == []


class TestStreams:
    """What goes in and comes out."""

    def test_separate(self, run):
        """Output and complaints come apart, byte for byte."""
        seen = run(r"import os; os.write(1, b'\x00\xff\r\n'); os.write(2, b'\xfe')")
        assert (seen.stdout, seen.stderr, seen.report) == (b"\x00\xff\r\n", b"\xfe", b"")

    def test_no_stdin(self, run):
        """By default there is nothing to read."""
        assert run("import sys; print(repr(sys.stdin.buffer.read()))").stdout.split() == [b"b''"]

    @no_hang
    @pytest.mark.parametrize("size", [1, 65_536, 65_537, 3_000_000])
    def test_stdin(self, run, size):
        """What is to be read arrives whole, also if it's more than a pipe holds."""
        content = bytes(range(256)) * (size // 256 + 1)
        lines = "import sys, hashlib; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())"
        import hashlib

        seen = run(lines, stdin=content[:size])
        assert seen.stdout.decode().strip() == hashlib.sha256(content[:size]).hexdigest()

    @no_hang
    def test_stdin_and_stdout_at_once(self, run):
        """A program that answers while it reads gets stuck neither way."""
        lines = "import sys\nwhile chunk := sys.stdin.buffer.read(1000): sys.stdout.buffer.write(chunk)"
        seen = run(lines, stdin=b"x" * 500_000)
        assert seen.stdout == b"x" * 500_000

    @no_hang
    @pytest.mark.parametrize("lines", ["", "import os; os.close(0); print(1)", "import sys; sys.stdin.buffer.read(10)"])
    def test_stdin_that_is_not_read(self, run, lines):
        """A program need not read what it's given."""
        seen = run(lines, stdin=b"x" * 3_000_000)
        assert (seen.ending, seen.status) == (Ending.EXITED, 0)

    @pytest.mark.parametrize("descriptor", [1, 2])
    @no_hang
    def test_output_cap(self, run, descriptor):
        """A program that writes without end is stopped at its cap; what came until then is kept, and no more."""
        seen = run(f"import os\nwhile True: os.write({descriptor}, b'x' * 1000)", limits=Limits(output=100_000))
        assert seen.ending is Ending.OUTPUT
        assert len(seen.stdout) + len(seen.stderr) == 100_000

    @pytest.mark.parametrize("size", [99_999, 100_000])
    def test_output_up_to_the_cap(self, run, size):
        """As much as allowed is allowed."""
        lines = f"import sys; sys.stdout.write('x' * {size})"
        seen = run(lines, limits=Limits(output=100_000))
        assert (seen.ending, len(seen.stdout)) == (Ending.EXITED, size)

    @pytest.mark.parametrize(("size", "cap"), [(1001, 1000), (200_000, 199_000), (1_100_000, 1 << 20)])
    def test_output_just_over_the_cap(self, run, size, cap):
        """A program that wrote too much and ended at once is seen as one that wrote too much, every time."""
        lines = f"import os\nrest = b'x' * {size}\nwhile rest: rest = rest[os.write(1, rest):]\nos._exit(0)"
        seen = [run(lines, limits=Limits(output=cap)) for _ in range(6)]
        assert {(each.ending, len(each.stdout)) for each in seen} == {(Ending.OUTPUT, cap)}

    def test_report(self, run):
        """What goes over the report channel comes apart from all else, whatever becomes of the other streams."""
        lines = "import os, sys; os.close(1); os.close(2); os.write(int(sys.argv[1]), b'[1]')"
        seen = run(lines, sandboxes.REPORT, report=True)
        assert (seen.report, seen.stdout, seen.stderr) == (b"[1]", b"", b"")

    @no_hang
    def test_report_cap(self, run):
        """The report channel has a cap like the others."""
        lines = "import os, sys\nwhile True: os.write(int(sys.argv[1]), b'x' * 1000)"
        seen = run(lines, sandboxes.REPORT, report=True, limits=Limits(report=50_000))
        assert (seen.ending, len(seen.report)) == (Ending.OUTPUT, 50_000)

    @posix
    @pytest.mark.parametrize("report", [True, False])
    def test_open_descriptors(self, run, report):
        """A program inherits its three streams and, if it was asked for, the report channel: nothing else of ours."""
        lines = "import os\nfor n in range(256):\n  try: os.fstat(n); print(n)\n  except OSError: pass"
        seen = run(lines, report=report)
        found = set(map(int, seen.stdout.split()))
        assert found >= {0, 1, 2}
        assert len(found) == 3 + report


class TestSurroundings:
    """A program finds what its command says."""

    def test_environment(self, run):
        """The environment is what the command says, without anything of the grader's; shells would set PWD, too."""
        wanted = {"A": "1", "EMPTY": "", "ODD": "a=b c\n$x", "PATH": "/nowhere"}
        seen = run("import os\nfor k, v in os.environ.items(): print(ascii(k), ascii(v))", env=wanted)
        found = dict(line.split(" ", 1) for line in seen.stdout.decode().splitlines())
        ignored = {"PWD", "LC_CTYPE", "SYSTEMROOT", "__CF_USER_TEXT_ENCODING"}
        assert {k: v for k, v in found.items() if k.strip("'") not in ignored} == {
            ascii(k): ascii(v) for k, v in wanted.items()
        }

    @no_hang
    def test_large_environment(self, run):
        """A variable may be longer than a pipe holds."""
        seen = run("import os; print(len(os.environ['A']))", env={"A": "x" * 100_000})
        assert seen.stdout.split() == [b"100000"]

    def test_null_in_the_environment(self, run, tmp_path):
        """A variable with a null byte can't be set, and changes nothing else: no further variable, no option."""
        try:
            seen = run(ANSWER, env={"A": f"1\0--setenv\0B\0002\0--bind\0{tmp_path}\0{tmp_path}"})
        except SandboxError:
            return
        assert (seen.status, seen.stdout) == (127, b"")

    @pytest.mark.parametrize("argument", ["a\0b", "\ud800"])
    def test_arguments_that_cannot_be(self, run, argument):
        """A program can't be started with an argument that no program can have; that is no crash of ours."""
        if sys.platform == "win32" and argument == "\ud800":
            pytest.skip("Windows takes any surrogate")
        try:
            seen = run(ANSWER, argument)
        except SandboxError:
            return
        assert (seen.status, seen.stdout) == (127, b"")

    @pytest.mark.parametrize(
        "argument",
        ["", " ", "a b", "*", "$HOME", "'\"", "\\", "-x", "--", "line\nbreak", "häfen", "{0}", "%s", "x" * 50_000],
    )
    def test_arguments(self, run, argument):
        """Arguments arrive as they are."""
        seen = run("import sys; print(ascii(sys.argv[1:]))", argument, "end")
        assert seen.stdout.decode().strip() == ascii([argument, "end"])

    @posix
    def test_argument_that_is_not_utf8(self, run):
        """An argument may hold bytes that are no UTF-8."""
        assert run("import os, sys; print(os.fsencode(sys.argv[1]))", "\udcff").stdout.split() == [b"b'\\xff'"]

    @pytest.mark.parametrize("report", [True, False])
    @pytest.mark.parametrize("argument", ["f'{report}'", "{report}x", "see({report})"])
    def test_placeholder_of_the_report_channel(self, run, argument, report):
        """Only an argument that is nothing but the placeholder is replaced: lines of Python may hold it, too."""
        seen = run("import sys; print(sys.argv[1])", argument, report=report)
        assert seen.stdout.decode().strip() == argument

    def test_current_folder(self, run, folder):
        """The current folder is what the command says."""
        (folder / "a b").mkdir()
        (folder / "a b").chmod(0o755)
        seen = run("import os; print(os.path.realpath(os.getcwd()))", cwd=folder / "a b")
        assert seen.stdout.decode().strip() == str(folder / "a b")


class TestFolders:
    """What a program may read, change and scribble on."""

    @pytest.fixture
    def named(self, tmp_path):
        """A folder beside the current one, by name."""

        def make(name, *, there=True):
            path = tmp_path.resolve() / name
            if there:
                path.mkdir()
                path.chmod(0o755)
            return path

        return make

    def test_reads(self, run, named, interpreter):
        """A folder that may be read is there, with all that is in it."""
        given = named("given")
        (given / "x.txt").write_text("7.5")
        reads = (interpreter.prefix, given)
        seen = run("import sys; print(open(sys.argv[1]).read())", given / "x.txt", reads=reads, cwd=given)
        assert seen.stdout.split() == [b"7.5"]

    def test_scratch(self, run, named):
        """A scratch folder is empty and can be written to, every time anew, and is gone afterwards."""
        scratch = named("scratch", there=False)
        lines = "import os, sys; print(os.listdir(sys.argv[1])); open(sys.argv[1] + '/x', 'w').write('x')"
        for _ in range(2):
            seen = run(lines, scratch, scratch=(scratch,))
            assert (seen.status, seen.stdout.split()) == (0, [b"[]"]), seen.stderr
            assert not (scratch / "x").exists()

    def test_scratch_as_current_folder(self, run, named):
        """A scratch folder can be the current one."""
        scratch = named("scratch", there=False)
        seen = run("import os; print(os.listdir()); open('x', 'w')", scratch=(scratch,), cwd=scratch)
        assert (seen.status, seen.stdout.split()) == (0, [b"[]"]), seen.stderr

    @no_hang
    def test_two_at_once(self, run, named):
        """Two executions at the same time with the same scratch folder don't meet there."""
        scratch = named("scratch", there=False)
        lines = "import os, sys; open(sys.argv[1] + sys.argv[2], 'w'); print(sorted(os.listdir(sys.argv[1])))"
        seen = {}

        def go(name):
            seen[name] = run(lines, f"{scratch}/", name, scratch=(scratch,)).stdout.decode().strip()

        threads = [threading.Thread(target=go, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == {name: f"['{name}']" for name in "abcd"}


@linux
class TestNothingIsLeft:
    """When an execution is over, it is over."""

    CHILD = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600) #" + sys.argv[1]]"""
    QUIET = "stdin=-3, stdout=-3, stderr=-3"

    @no_hang
    @pytest.mark.parametrize("streams", ["", f", {QUIET}"])
    def test_child_left_running(self, run, streams):
        """A child that a program leaves running is ended with it, whether or not it holds the streams open."""
        tag = uuid.uuid4().hex
        seen = run(f"{self.CHILD}{streams}); print('done')", tag)
        assert (seen.ending, seen.stdout) == (Ending.EXITED, b"done\n")
        # Without a namespace of its own a process that was killed may take a moment to be gone.
        waiting = threading.Event()
        while processes_with(tag) and not waiting.wait(0.01):
            pass

    @no_hang
    def test_killed_with_its_children(self, run):
        """A program that met a limit takes its children along."""
        tag = uuid.uuid4().hex
        seen = run(f"{self.CHILD}, {self.QUIET})\nwhile True: pass", tag, limits=Limits(wall=0.5))
        assert seen.ending is Ending.TIMEOUT
        waiting = threading.Event()
        while processes_with(tag) and not waiting.wait(0.01):
            pass

    @no_hang
    @pytest.mark.parametrize("wall", [0.0, 0.001, 0.002, 0.004, 0.006, 0.01, 0.02])
    def test_killed_while_it_starts(self, run, wall):
        """A program that is ended while it is still being started is gone, too, with all that was to start it."""
        tag = uuid.uuid4().hex
        run(f"import time; time.sleep(600) #{tag}", limits=Limits(wall=wall))
        waiting = threading.Event()
        while processes_with(tag) and not waiting.wait(0.01):
            pass

    def test_descriptors(self, run, folder):
        """No descriptor of ours stays open, however an execution ends, or if it can't even begin."""
        before = open_descriptors()
        run(ANSWER, stdin=b"x" * 100_000, report=True)
        run("while True: pass", limits=Limits(wall=0.1))
        run("while True: print('x' * 1000)", limits=Limits(output=1000))
        run("", argv=("/no/such/program",))
        with suppress(SandboxError):
            run("", reads=(folder / "nothing",))
        with suppress(SandboxError, ValueError):
            run("", "a\0b")
        assert open_descriptors() == before


@posix
def test_no_descriptor_is_closed_twice(run, folder, monkeypatch):
    """Each descriptor is closed once: the second time its number could be that of another execution's."""
    close, wrong = os.close, []

    def watched(descriptor):
        try:
            close(descriptor)
        except OSError:
            wrong.append(descriptor)
            raise

    monkeypatch.setattr(os, "close", watched)
    run(ANSWER, stdin=b"x", report=True)
    run("while True: pass", limits=Limits(wall=0.1))
    run("", argv=("/no/such/program",))
    with suppress(SandboxError):
        run("", reads=(folder / "nothing",))
    assert wrong == []


def test_command_and_time(run):
    """An execution knows its command, and how long it took in seconds."""
    seen = run(ANSWER)
    assert isinstance(seen.command, Command)
    assert 0 < seen.seconds < 60

"""The memory of all processes of an execution together, with a cgroup and by looking."""

import dataclasses
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from grader import sandbox as sandboxes
from grader.model import Command, Ending, Limits
from grader.sandbox import _streams
from grader.sandbox._memory import groups, homes, looking

WHY_NOT = sandboxes.why_not_bubblewrap()
pytestmark = [
    pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap: {WHY_NOT}"),
    pytest.mark.timeout(60),
]
FIND = homes.find
UNDER = "oom_kill_disable 0\nunder_oom 0\n"
MANY = """
import os, time
for _ in range(7):
    if os.fork() == 0:
        held = bytearray(60 << 20)
        held[::4096] = bytes(len(held[::4096]))
        time.sleep(600)
time.sleep(600)"""
ORPHANS = """
import os, time
for _ in range(7):
    if os.fork() == 0:
        if os.fork() == 0:
            os.setsid()
            held = bytearray(60 << 20)
            held[::4096] = bytes(len(held[::4096]))
            time.sleep(600)
        os._exit(0)
time.sleep(600)"""
EMPTY_FILES = "import itertools, os\nfor number in itertools.count():\n    os.mknod(f'/tmp/{number}')"
# Two hundred sockets with all that they take, in each of ten processes.
LOCAL_SOCKETS = """
import os, socket, time
for _ in range(10):
    if os.fork() == 0:
        kept = [socket.socketpair() for _ in range(100)]
        for ours, _ in kept:
            ours.setblocking(False)
            try:
                while ours.send(bytes(1 << 16)): pass
            except BlockingIOError: pass
        time.sleep(600)
time.sleep(600)"""
# Connections that nobody takes in, each closed when it is full.
CONNECTIONS = """
import socket, time
server = socket.create_server(("127.0.0.1", 0), backlog=100)
for _ in range(60):
    with socket.create_connection(server.getsockname()) as client:
        client.setblocking(False)
        try:
            while client.send(bytes(1 << 20)): pass
        except BlockingIOError: pass
time.sleep(600)"""
SHARED = """
import os, time
held = bytearray(120 << 20)
held[::4096] = bytes(len(held[::4096]))
children = []
for _ in range(4):
    if (pid := os.fork()) == 0:
        time.sleep(0.5)
        os._exit(0)
    children.append(pid)
for pid in children: os.waitpid(pid, 0)"""


@pytest.fixture
def setting(monkeypatch):
    """Take cgroups, or leave them; without a word it is as always."""

    def set_(text):
        monkeypatch.setenv(homes.VARIABLE, text)
        FIND.cache_clear()
        if text != "off" and isinstance(why_not := homes.find(), str):
            pytest.skip(f"no cgroup: {why_not}")

    yield set_
    FIND.cache_clear()


@pytest.fixture(params=["", "off"], ids=["cgroup", "looking"])
def _either(request, setting):
    setting(request.param)


@pytest.fixture
def run(interpreter, folder):
    """Run lines of Python, confined; keywords become fields of the command."""

    def run_lines(lines, **fields):
        argv = (str(interpreter.executable), "-I", "-S", "-c", lines)
        command = Command(argv, folder, {}, reads=(interpreter.prefix, folder))
        with closing(sandboxes.choose("bubblewrap")) as sandbox:
            return sandbox.run(dataclasses.replace(command, **fields))

    return run_lines


@pytest.mark.usefixtures("_either")
class TestBothWays:
    """What holds with a cgroup and without."""

    @pytest.mark.parametrize("lines", [MANY, ORPHANS], ids=["children", "orphans"])
    def test_many_processes(self, run, lines):
        """Memory of many processes is bounded, each of them being fine by itself, also if their parents have ended."""
        assert run(lines, limits=Limits(memory=256 << 20, wall=50)).ending is Ending.MEMORY

    def test_number_of_files(self, run):
        """Files in memory are counted: empty ones take memory, too, and time to be removed."""
        assert run(EMPTY_FILES, limits=Limits(memory=64 << 20, wall=50)).ending is Ending.MEMORY

    @pytest.mark.parametrize("lines", [LOCAL_SOCKETS, CONNECTIONS], ids=["local", "loopback"])
    def test_sockets(self, run, lines):
        """What lies unread in sockets is counted, though it belongs to no process and costs no descriptor."""
        assert run(lines, limits=Limits(memory=96 << 20, wall=50)).ending is Ending.MEMORY

    def test_honest(self, run):
        """A program may hold what it is allowed to: memory, files and sockets, each for itself."""
        lines = """
import os, socket
held = bytearray(150 << 20)
held[::4096] = bytes(len(held[::4096]))
for number in range(30): open(f"/tmp/{number}", "wb").write(bytes(2 << 20))
pairs = [socket.socketpair() for _ in range(20)]"""
        seen = run(lines, limits=Limits(memory=256 << 20, wall=50))
        assert (seen.ending, seen.status) == (Ending.EXITED, 0), seen.stderr

    def test_shared_pages(self, run):
        """Pages that forked processes share are counted once."""
        assert run(SHARED, limits=Limits(memory=256 << 20, wall=50)).ending is Ending.EXITED

    def test_files_of_ours(self, run, monkeypatch):
        """However early a look is taken, and however many files this machine has: nobody is charged for those."""
        monkeypatch.setattr(_streams, "_CHECK_INTERVAL", 0.0)
        for _ in range(20):
            assert run("pass", limits=Limits(memory=64 << 20)).ending is Ending.EXITED


class TestLooking:
    """Without a cgroup."""

    @pytest.fixture(autouse=True)
    def _off(self, setting):
        setting("off")

    def test_says_so(self, run):
        """The sandbox says that it looks, and why."""
        with closing(sandboxes.choose("bubblewrap")) as sandbox:
            assert sandbox.memory == "by looking ten times a second: KATA_CGROUPS is off"
        assert run("print(1)").stdout == b"1\n"

    def test_look_that_takes_too_long(self, run, monkeypatch):
        """Where counting shared pages would take too long, processes are charged with the sum of what each has."""
        monkeypatch.setattr(looking, "_PROCESSOR_SECONDS", 0.0)
        assert run(SHARED, limits=Limits(memory=256 << 20, wall=50)).ending is Ending.MEMORY

    def test_longest_look(self, run, monkeypatch):
        """A look at sixty processes that share much takes little more processor time than it is allowed."""
        monkeypatch.setattr(looking, "_PROCESSOR_SECONDS", 0.05)  # a fast machine needs little more than a tenth
        looks = []
        exceeded = looking.Look.exceeded

        def timed(look, init):
            began = time.thread_time()
            result = exceeded(look, init)
            looks.append(time.thread_time() - began)
            return result

        monkeypatch.setattr(looking.Look, "exceeded", timed)
        lines = SHARED.replace("120", "400").replace("range(4)", "range(60)").replace("0.5", "600")
        assert run(lines, limits=Limits(memory=1 << 30, wall=50)).ending is Ending.MEMORY
        assert max(looks) < 5 * looking._PROCESSOR_SECONDS


class TestGroups:
    """With a cgroup."""

    @pytest.fixture(autouse=True)
    def _on(self, setting):
        setting("")

    @staticmethod
    def left(prefix):
        """Groups of one sandbox's executions that are there."""
        return [path for folder in homes.find().folders for path in folder.glob(f"{prefix}-*")]

    @staticmethod
    def members(group):
        """The processes that are in all of its folders."""
        return set.intersection(*({*map(int, groups._read(f"{each}/cgroup.procs").split())} for each in group._folders))

    def test_entered_before_the_program(self, folder, monkeypatch):
        """The namespace's init is in its group before it may start a program, every time; in version 1 by itself."""
        entered, enter = [], groups.Group.enter

        def watched(group, pid):
            by_itself = pid in self.members(group)
            enter(group, pid)
            entered.append((pid in self.members(group), by_itself))

        monkeypatch.setattr(groups.Group, "enter", watched)
        with closing(sandboxes.choose("bubblewrap")) as sandbox:
            entered.clear()
            for _ in range(12):
                sandbox.run(Command(("/bin/true",), folder, {}, reads=(folder,)))
            assert entered == [(True, homes.find().version == 1)] * 12
            assert sandbox.memory == f"by a cgroup, version {homes.find().version}"
            assert self.left(sandbox.folder.name.rpartition("-")[0]) == []

    def test_moved_where_it_can_not_enter(self, folder, monkeypatch):
        """What could not enter its group by itself is moved there, and the program sees nothing of either."""
        monkeypatch.setattr(groups.Group, "way_in", ("/bin/sh", "-c", groups._ENTER, "sh", str(folder / "none"), ""))
        entered, enter = [], groups.Group.enter

        def watched(group, pid):
            assert pid not in self.members(group)
            enter(group, pid)
            entered.append(pid in self.members(group))

        monkeypatch.setattr(groups.Group, "enter", watched)
        with closing(sandboxes.choose("bubblewrap")) as sandbox:
            seen = sandbox.run(Command(("/bin/echo", "x"), folder, {}, reads=(folder,)))
        assert (seen.stdout, seen.stderr) == (b"x\n", b"")
        assert set(entered) == {True}

    def test_without_any_look(self, run, monkeypatch):
        """The kernel sees to the limit, however fast memory is taken and however seldom we look."""
        monkeypatch.setattr(_streams, "_CHECK_INTERVAL", 1000.0)
        lines = MANY.rpartition("time")[0] + "os.wait()"  # until the first of them is killed
        seen = run(lines, limits=Limits(memory=128 << 20, wall=50))
        assert (seen.ending, seen.status) == (Ending.MEMORY, 137), seen.stderr

    def test_nothing_left(self, interpreter, folder):
        """However an execution ends, its group goes with it."""
        forks = "import os, time\nfor _ in range(20):\n    if os.fork() == 0: time.sleep(600)\n"
        with closing(sandboxes.choose("bubblewrap")) as sandbox:
            name = sandbox.folder.name.rpartition("-")[0]

            def run(lines, **limits):
                argv = (str(interpreter.executable), "-I", "-S", "-c", lines)
                reads = (interpreter.prefix, folder)
                ending = sandbox.run(Command(argv, folder, {}, reads=reads, limits=Limits(**limits))).ending
                assert self.left(name) == []
                return ending

            assert run(forks) is Ending.EXITED
            assert run(f"{forks}time.sleep(600)", wall=0.5) is Ending.TIMEOUT
            assert run(f"{forks}while True: os.write(1, bytes(1 << 16))") is Ending.OUTPUT
            assert run(MANY, memory=128 << 20, wall=50) is Ending.MEMORY
            assert [run("pass", wall=wall) for wall in (0.0, 0.002, 0.004, 0.008)]

    def test_judge_that_is_killed(self):
        """Of a judge that is killed while a program runs, no group is left either."""
        judge = """
from grader import sandbox
from grader.model import Command, Limits
confinement = sandbox.choose("bubblewrap")
empty = confinement.folder / "empty"
print(confinement.folder.name.rpartition("-")[0], flush=True)
command = Command(("/bin/sh", "-c", "while :; do :; done"), empty, {}, scratch=(empty,), limits=Limits(wall=50))
confinement.run(command)
"""
        waiting = threading.Event()
        with subprocess.Popen([sys.executable, "-c", judge], stdout=subprocess.PIPE, text=True) as process:
            name = process.stdout.readline().strip()
            while not any((group / "cgroup.procs").read_text() for group in self.left(name)):
                assert process.poll() is None
                waiting.wait(0.01)
            process.kill()
        while self.left(name):
            waiting.wait(0.01)

    def test_group_that_cannot_be_made(self, run, monkeypatch, tmp_path):
        """Where groups can't be made after all, executions are as ever, and their memory is counted by looking."""
        monkeypatch.setattr(homes, "find", lambda: homes.Home(2, (tmp_path / "nothing",)))
        assert run("print(1)").stdout == b"1\n"
        assert run(MANY, limits=Limits(memory=256 << 20, wall=50)).ending is Ending.MEMORY

    def test_group_that_cannot_be_entered(self, folder, monkeypatch):
        """Nor is an execution lost whose group can't be entered; the sandbox says why it looks."""

        def enter(_group, _pid):
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(groups.Group, "enter", enter)
        with closing(sandboxes.choose("bubblewrap")) as sandbox:
            for _ in range(2):
                seen = sandbox.run(Command(("/bin/echo", "x"), folder, {}, reads=(folder,)))
                assert (seen.status, seen.stdout) == (0, b"x\n")
            assert sandbox.memory.startswith("by looking ten times a second: one can't be used: ")

    def test_processor_is_shared_between_groups(self, folder, monkeypatch):
        """An execution has a group for each controller that limits anything here, and all of them are its own."""
        made, make = [], groups.Group.make
        monkeypatch.setattr(groups.Group, "make", lambda group, *limits: (made.append(group), make(group, *limits))[1])
        with closing(sandboxes.choose("bubblewrap")) as sandbox:
            seen = sandbox.run(Command(("/bin/cat", "/proc/self/cgroup"), folder, {}, reads=(folder,)))
        assert [Path(each).parent for each in made[-1]._folders] == list(homes.find().folders)
        if homes.find().version == 1:  # as it is in there before it gets a namespace of groups
            assert b"/kata-" not in seen.stdout


def of_version_1(most, swapped=0):
    """The files of a group of version 1 that held so much at most."""
    return {
        "memory.limit_in_bytes": 1 << 28,
        "memory.max_usage_in_bytes": most,
        "memory.memsw.max_usage_in_bytes": most + swapped,
    }


@pytest.mark.parametrize(
    ("version", "files", "met"),
    [
        (1, {"memory.oom_control": f"{UNDER}oom_kill 1", **of_version_1(1 << 28)}, True),
        (1, {"memory.oom_control": f"{UNDER}oom_kill 1", **of_version_1(1 << 26, swapped=3 << 26)}, True),
        (1, {"memory.oom_control": f"{UNDER}oom_kill 1", **of_version_1(1 << 27)}, False),
        (1, {"memory.oom_control": f"{UNDER}oom_kill 0", **of_version_1(1 << 28)}, False),
        (2, {"memory.events": "low 0\nhigh 0\nmax 9\noom 1\noom_kill 3\noom_group_kill 1"}, True),
        (2, {"memory.events": "low 0\nhigh 0\nmax 9\noom 0\noom_kill 3"}, False),
        (2, {"memory.events": "low 0\nhigh 0\nmax 9\noom 1\noom_kill 0"}, False),
    ],
)
def test_whose_memory_it_was(tmp_path, version, files, met):
    """A program is charged if it met its own limit, and not if the machine had no more memory for anybody."""
    for name, text in files.items():
        (tmp_path / name).write_text(f"{text}\n")
    assert groups.Group(version, [tmp_path], 1 << 30).met() is met


@pytest.fixture
def tree(tmp_path):
    """Makes groups as in version 2, of plain files."""

    def make(path, *, enabled=""):
        group = tmp_path / path
        group.mkdir(parents=True, exist_ok=True)
        for name, text in {"cgroup.procs": "", "cgroup.subtree_control": enabled, "cgroup.events": ""}.items():
            (group / name).write_text(text)
        return group

    return make


class TestHomes:
    """Where groups are made, on machines of other kinds."""

    @staticmethod
    def found(tmp_path, group):
        """The home below a tree of version 2, for a process in that group."""
        return homes._of_version_2(homes._Mount(2, tmp_path, "/", frozenset()), group)

    def test_beside_our_own(self, tree, tmp_path):
        """As in a user's session: the nearest group above whose children are limited already."""
        tree(".", enabled="memory")
        slice_ = tree("app.slice", enabled="memory pids")
        tree("app.slice/shell.scope")
        assert self.found(tmp_path, "/app.slice/shell.scope") == slice_

    def test_not_ours_to_change(self, tree, tmp_path):
        """A group that can't be written to ends the search: what is above is not ours, whatever its mode."""
        tree(".", enabled="memory")
        tree("user.slice", enabled="memory")
        (tree("user.slice/session.scope") / "cgroup.procs").unlink()
        assert self.found(tmp_path, "/user.slice/session.scope") is None

    def test_delegated(self, tree, tmp_path, monkeypatch):
        """A delegated group is made ready: its processes move to a child of it, and its children get limits."""
        tree(".", enabled="")
        own = tree("kata.service")
        (own / homes._OURS).mkdir()
        (own / homes._OURS / "cgroup.procs").write_text("")
        (own / "cgroup.procs").write_text("17\n")
        monkeypatch.setattr(homes, "_delegated", lambda folder: folder == own)
        assert self.found(tmp_path, "/kata.service") is None  # plain files know no "+memory"
        assert (own / homes._OURS / "cgroup.procs").read_text() == "17"
        (own / "cgroup.subtree_control").write_text("memory")
        assert self.found(tmp_path, f"/kata.service/{homes._OURS}") == own

    @pytest.mark.parametrize("group", ["/../elsewhere", "/not/there", ""])
    def test_out_of_sight(self, tree, tmp_path, group):
        """A group that the mount doesn't show is none to begin from."""
        tree(".", enabled="memory")
        tree("../elsewhere", enabled="memory")
        assert self.found(tmp_path, group) is None

    def test_mounts(self):
        """Mounts are read as the kernel writes them; what is mounted read-only is of no use."""
        text = r"""
25 20 0:22 / /sys/fs/cgroup/with\040space rw,nosuid - cgroup2 cgroup2 rw,nsdelegate
26 20 0:23 / /sys/fs/cgroup/memory rw,nosuid shared:9 master:1 - cgroup cgroup rw,memory
27 20 0:24 /docker/1 /sys/fs/cgroup/cpu rw,nosuid - cgroup cgroup rw,cpu,cpuacct
28 20 0:25 / /sys/fs/cgroup/pids ro,nosuid - cgroup cgroup rw,pids
29 20 0:26 / /tmp rw - tmpfs tmpfs rw,size=4096k"""
        two, memory, cpu = homes._mounts(text.strip())
        assert (two.version, two.place) == (2, Path("/sys/fs/cgroup/with space"))
        assert (memory.version, "memory" in memory.controllers) == (1, True)
        assert (cpu.top, {"cpu", "cpuacct"} <= cpu.controllers) == ("/docker/1", True)

    def test_version_1_in_a_container(self, tmp_path):
        """A container sees its own part of the tree, and knows its group by the path in the whole of it."""
        (tmp_path / "inner").mkdir()
        mount = homes._Mount(1, tmp_path, "/docker/1", frozenset({"rw", "memory"}))
        assert list(homes._of_version_1([mount], {"memory": "/docker/1/inner"})) == [tmp_path / "inner"]
        assert list(homes._of_version_1([mount], {"memory": "/docker/2"})) == []

    def test_one_tree_of_two_controllers(self, tmp_path):
        """Two controllers that share a tree get one group in there, since a second one of that name can't be made."""
        trees = {"memory": ("memory",), "cpu": ("cpu", "cpuacct")}
        mounts = [homes._Mount(1, tmp_path / name, "/", frozenset(both)) for name, both in trees.items()]
        for mount in mounts:
            mount.place.mkdir()
        own = dict.fromkeys(("memory", "cpu", "cpuacct"), "/")
        assert list(homes._of_version_1(mounts, own)) == [tmp_path / "memory", tmp_path / "cpu"]

    def test_no_memory_no_use(self, tmp_path):
        """Without the controller of memory there is no use in the others."""
        mount = homes._Mount(1, tmp_path, "/", frozenset({"pids"}))
        assert list(homes._of_version_1([mount], {"pids": "/", "memory": "/"})) == []

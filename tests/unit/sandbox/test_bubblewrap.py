import dataclasses
import os
import socket
import subprocess
import sys
import threading
import uuid
from contextlib import closing
from pathlib import Path

import pytest

from grader import sandbox as sandboxes
from grader.errors import SandboxError
from grader.model import Command, Ending, Limits
from tests.unit.sandbox.processes import processes_with

WHY_NOT = sandboxes.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap: {WHY_NOT}")
no_hang = pytest.mark.timeout(60)


@pytest.fixture
def run(interpreter, folder):
    """Run lines of Python, confined; keywords become fields of the command, `hidden` that of the sandbox."""

    def run_lines(lines, *arguments, hidden=(), **fields):
        argv = (str(interpreter.executable), "-I", "-S", "-c", lines, *map(str, arguments))
        command = Command(argv, folder, {}, reads=(interpreter.prefix, folder))
        with closing(sandboxes.choose("bubblewrap", hidden=hidden)) as sandbox:
            return sandbox.run(dataclasses.replace(command, **fields))

    return run_lines


@pytest.fixture
def say(run):
    """What lines of Python print; they have to end well."""

    def say(lines, *arguments, **fields):
        seen = run(lines, *arguments, **fields)
        assert (seen.ending, seen.status) == (Ending.EXITED, 0), seen.stderr.decode()
        return seen.stdout.decode().strip()

    return say


@pytest.fixture
def attempt(say):
    """Try lines of Python that should fail with an OSError; gives its name."""

    def attempt(lines, *arguments, **fields):
        indented = lines.replace("\n", "\n    ")
        guarded = f"""
import errno, os, sys
try:
    {indented}
except OSError as error:
    print(errno.errorcode[error.errno])
else:
    print("done")"""
        return say(guarded, *arguments, **fields)

    return attempt


class TestFiles:
    """A program sees what it needs and nothing else."""

    def test_what_is_read_is_read_only(self, attempt, folder, interpreter):
        """What a program may read it can't change, not even as the owner."""
        (folder / "x").write_text("7.5")
        (folder / "x").chmod(0o666)
        assert attempt("open(sys.argv[1], 'w')", folder / "x") == "EROFS"
        assert attempt("os.chmod(sys.argv[1], 0o777)", folder / "x") == "EROFS"
        assert attempt("open(sys.argv[1] + '/new', 'w')", folder) == "EROFS"
        assert attempt("os.remove(sys.argv[1])", interpreter.executable) == "EROFS"
        assert (folder / "x").read_text() == "7.5"

    @pytest.mark.parametrize("place", ["/", "/dev", "/usr", "/usr/bin", "/etc", "/proc", "/proc/1", "/sys"])
    def test_nothing_else_can_be_changed(self, attempt, place):
        """Neither can anything of the system, nor the root of it all, which would be memory without bounds."""
        assert attempt("open(sys.argv[1] + '/new', 'w')", place) in ("EROFS", "ENOENT", "EACCES", "EPERM")

    def test_other_folders_are_not_there(self, say, tmp_path, folder):
        """Of the folders around those that were named only the names on the way are there."""
        secret = tmp_path.resolve() / "secret"
        secret.mkdir()
        (secret / "x").write_text("7.5")
        lines = """
import os, sys
print([os.path.exists(path) for path in sys.argv[1:]], os.listdir(os.path.dirname(sys.argv[1])))"""
        homes = [Path.home() / ".ssh", "/var", "/etc/passwd", "/etc/shadow", "/run", "/sys"]
        exists, beside = say(lines, secret, *homes).split("] [")
        assert set(exists.strip("[").split(", ")) == {"False"}
        assert beside == f"'{folder.name}']"

    def test_hidden_folders(self, say, folder):
        """What is to be hidden is hidden, even below a folder that may be read: it is empty, and can't be changed."""
        for name in ("grader/checks", "other"):
            (folder / name).mkdir(parents=True)
            (folder / name / "secret.py").write_text("x")
        lines = """
import os, sys
os.chdir(sys.argv[1])
print([os.path.join(top, name) for top, _, names in os.walk(".") for name in names])"""
        assert say(lines, folder, hidden=(folder / "grader", folder / "nothing")) == "['./other/secret.py']"
        assert say(lines, folder, hidden=(folder / "grader" / "checks",)) == "['./other/secret.py']"

    def test_hidden_folder_cannot_be_uncovered(self, attempt, folder):
        """The cover can't be taken off or written to."""
        (folder / "checks").mkdir()
        hidden = (folder / "checks",)
        assert attempt("open(sys.argv[1] + '/x', 'w')", folder / "checks", hidden=hidden) in ("EROFS", "EACCES")
        assert attempt("os.rmdir(sys.argv[1])", folder / "checks", hidden=hidden) in (
            "EBUSY",
            "EROFS",
            "EACCES",
            "EPERM",
        )

    def test_hidden_system_folder(self, say):
        """A grader that is installed below /usr is hidden like any other."""
        if not Path("/usr/share").is_dir():
            pytest.skip("there is no /usr/share here")
        assert say("import os; print(os.listdir('/usr/share'))", hidden=(Path("/usr/share"),)) == "[]"

    def test_what_leads_out_by_a_link(self, run, tmp_path, folder, interpreter):
        """A folder that was named and turns out to be a link isn't shown: who made the link chose what it leads to."""
        link = tmp_path.resolve() / "link"
        link.symlink_to("/")
        with pytest.raises(SandboxError, match="can't be shown to an execution"):
            run("", reads=(interpreter.prefix, folder, link))

    def test_link_inside(self, attempt, folder):
        """A link inside of what was named leads nowhere outside."""
        (folder / "link").symlink_to(Path(__file__).parent)
        assert attempt("os.listdir(sys.argv[1])", folder / "link") == "ENOENT"

    def test_scratch_is_nowhere(self, say, tmp_path):
        """A scratch folder is memory: nothing of it is ever on disk."""
        scratch = tmp_path.resolve() / "scratch"
        assert say("import sys; open(sys.argv[1] + '/x', 'w').write('x')", scratch, scratch=(scratch,)) == ""
        assert not scratch.exists()

    def test_temporary_files(self, say):
        """A program can make temporary files, and finds none of anybody else's."""
        stranger = Path("/tmp") / f"kata-{uuid.uuid4().hex}"
        stranger.touch()
        lines = """
import os, tempfile
print([name for name in os.listdir("/tmp") if name.startswith("kata-")])
tempfile.TemporaryFile()"""
        try:
            assert say(lines) == "[]"
        finally:
            stranger.unlink()


class TestLimits:
    """What a program may use is bounded."""

    def test_scratch(self, attempt, tmp_path):
        """A scratch folder holds as much as the limits say, in however many files."""
        scratch = tmp_path.resolve() / "scratch"
        fill = "for n in range(99): open(f'{sys.argv[1]}/{n}', 'wb').write(bytes(1 << 20))"
        assert attempt(fill, scratch, scratch=(scratch,), limits=Limits(disk=4 << 20)) == "ENOSPC"
        assert attempt(fill, scratch, scratch=(scratch,), limits=Limits(disk=128 << 20)) == "done"

    @pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])
    def test_other_memory_that_looks_like_disk(self, attempt, place):
        """So do the other places for temporary files."""
        assert attempt("for n in range(99): open(f'{sys.argv[1]}/{n}', 'wb').write(bytes(1 << 20))", place) == "ENOSPC"

    def test_file_size(self, attempt, folder):
        """A single file can't grow without bounds, whatever room there is."""
        grow = "open(sys.argv[1] + '/x', 'wb').write(bytes(2 << 20))"
        scratch = folder.parent / "scratch"
        assert attempt(grow, scratch, scratch=(scratch,), limits=Limits(file_size=1 << 20)) == "EFBIG"

    def test_open_files(self, attempt):
        """Open files are counted."""
        assert attempt("x = [open('/dev/null') for _ in range(99)]", limits=Limits(open_files=50)) == "EMFILE"

    def test_address_space(self, run):
        """Memory of one process is bounded: asking for more is an error that Python shows."""
        seen = run("x = bytearray(1 << 30)", limits=Limits(memory=256 << 20))
        assert (seen.ending, seen.status) == (Ending.EXITED, 1)
        assert b"MemoryError" in seen.stderr

    def test_processor_time(self, run):
        """Processor time is bounded apart from the clock's."""
        seen = run("while True: pass", limits=Limits(cpu=1, wall=50))
        assert seen.ending is Ending.EXITED
        assert seen.status in (128 + 24, 128 + 9)

    @no_hang
    def test_processes(self, say):
        """Processes are counted: a program that forks comes to an end of it, and they all end with it."""
        tag = uuid.uuid4().hex
        lines = f"""
import os, time
count = 0  # {tag}
try:
    while os.fork():
        count += 1
    time.sleep(600)
except OSError:
    print(count)"""
        assert 3 < int(say(lines, limits=Limits(processes=20))) <= 20
        assert processes_with(tag) == []

    @no_hang
    def test_fork_bomb(self, run):
        """A fork bomb hurts nobody else, and nothing of it is left."""
        tag = uuid.uuid4().hex
        lines = f"import os\nwhile True:  # {tag}\n    try: os.fork()\n    except OSError: pass"
        seen = run(lines, limits=Limits(processes=16, wall=0.5))
        assert seen.ending is Ending.TIMEOUT
        assert processes_with(tag) == []

    def test_limits_cannot_be_raised(self, say):
        """A program can't raise its own limits."""
        lines = """
import resource as r
for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NOFILE", "RLIMIT_CORE"):
    soft, hard = r.getrlimit(getattr(r, name))
    assert soft == hard != r.RLIM_INFINITY, name
    try: r.setrlimit(getattr(r, name), (hard + 1, hard + 1))
    except (ValueError, OSError): continue
    print(name)"""
        assert say(lines) == ""


class TestPrivileges:
    """A program is nobody."""

    def test_never_root(self, say):
        """It is never the kernel's root, it has no capability and no group, and can't get any."""
        lines = """
import os
for line in open("/proc/self/status"):
    key, _, value = line.partition(":")
    if key.startswith("Cap"): assert int(value, 16) == 0, line
    if key == "NoNewPrivs": assert value.strip() == "1", line
    if key == "Seccomp": assert value.strip() == "2", line
print(0 in os.getresuid() or 0 in os.getresgid(), 0 in os.getgroups())"""
        assert say(lines) == "False False"

    def test_not_the_judge(self, run):
        """Where the judge is root, a program is a user whom nobody else is; and another one in another sandbox."""
        if os.geteuid() != 0:
            pytest.skip("only root can become somebody else")
        first, second = (run("import os; print(os.getuid())").stdout for _ in range(2))
        assert first != second
        assert min(int(first), int(second)) > 1 << 29

    @pytest.mark.parametrize(
        "path", ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/kernel/hostname"]
    )
    def test_switches_of_the_kernel(self, attempt, path):
        """Switches of the kernel can't be touched."""
        assert attempt("os.open(sys.argv[1], os.O_WRONLY)", path) in ("EACCES", "EROFS", "EPERM", "ENOENT")

    @pytest.mark.parametrize(
        ("call", "error"),
        [
            ("libc.unshare(0x10000000)", "EPERM"),
            ("libc.unshare(0x20000)", "EPERM"),
            ("libc.setns(0, 0)", "EPERM"),
            ("libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)", "EPERM"),
            ("libc.ptrace(0, 0, 0, 0)", "EPERM"),
            ("libc.memfd_create(b'x', 0)", "ENOSYS"),
            ("libc.vmsplice(1, None, 0, 0)", "ENOSYS"),
            ("libc.inotify_init1(0)", "ENOSYS"),
            ("libc.shmget(0, 4096, 0o1600)", "EPERM"),
            ("libc.ioctl(0, 0x5412, b'x')", "EPERM"),
            ("libc.ioctl(0, ctypes.c_ulong(0x5412 | 1 << 32), b'x')", "EPERM"),
        ],
    )
    def test_system_calls(self, say, call, error):
        """The filter of system calls is in force."""
        lines = f"""
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
print({call}, errno.errorcode[ctypes.get_errno()])"""
        assert say(lines) == f"-1 {error}"

    @pytest.mark.parametrize("family", ["AF_NETLINK", "AF_PACKET", "AF_ALG", "AF_VSOCK"])
    def test_families_of_sockets(self, attempt, family):
        """Sockets of other families than local and internet ones can't be made."""
        assert attempt(f"import socket\nsocket.socket(socket.{family}, socket.SOCK_RAW)") in ("EPERM", "EAFNOSUPPORT")

    @pytest.mark.parametrize("protocol", [132, 262])
    def test_protocols_of_sockets(self, attempt, protocol):
        """Nor can those of other protocols than TCP and UDP: SCTP, MPTCP."""
        lines = f"import socket\nsocket.socket(socket.AF_INET, socket.SOCK_STREAM, {protocol})"
        assert attempt(lines) == "EPROTONOSUPPORT"

    def test_buffers_of_sockets(self, say):
        """A socket's buffers stay at their usual size, whatever a program wishes for."""
        lines = """
import socket
ends = socket.socketpair()
sizes = [[end.getsockopt(socket.SOL_SOCKET, option) for option in (7, 8)] for end in ends]
for end in ends:
    for option in (7, 8): end.setsockopt(socket.SOL_SOCKET, option, 1 << 22)
print(sizes == [[end.getsockopt(socket.SOL_SOCKET, option) for option in (7, 8)] for end in ends])"""
        assert say(lines) == "True"

    def test_no_pseudo_terminals(self, attempt):
        """There are no pseudo-terminals, of which the machine has a number for all; other devices are as usual."""
        assert attempt("os.openpty()") == "ENOENT"
        assert attempt("[open(f'/dev/{name}', 'rb').read(1) for name in ('null', 'zero', 'full', 'urandom')]") == "done"
        assert attempt("open('/dev/full', 'wb', buffering=0).write(b'x')") == "ENOSPC"

    def test_threads_and_processes_work(self, say):
        """What ordinary programs do is not in the way: threads, processes, pipes, local sockets, subprocess."""
        lines = """
import socket, subprocess, sys, threading
thread = threading.Thread(target=print, args=("thread",)); thread.start(); thread.join()
a, b = socket.socketpair(); a.send(b"socket"); print(b.recv(9).decode())
print(subprocess.run([sys.executable, "-c", "print('child')"], capture_output=True, text=True).stdout, end="")"""
        assert say(lines).split() == ["thread", "socket", "child"]


class TestOthers:
    """A program is alone."""

    def test_no_network(self, attempt):
        """Neither this machine's own network nor any other is there."""
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            port = server.getsockname()[1]
            connect = "import socket\nsocket.create_connection((sys.argv[1], int(sys.argv[2])), 5)"
            assert attempt(connect, "127.0.0.1", port) in ("ENETUNREACH", "ECONNREFUSED")
            assert attempt(connect, "192.0.2.1", 80) == "ENETUNREACH"

    def test_no_local_sockets(self, attempt):
        """Nor are sockets without a name, which live beside the file system."""
        name = f"\0kata-{uuid.uuid4().hex}"
        with closing(socket.socket(socket.AF_UNIX)) as server:
            server.bind(name)
            server.listen()
            lines = "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0' + sys.argv[1])"
            assert attempt(lines, name[1:]) == "ECONNREFUSED"

    def test_processes(self, say):
        """Of all processes it sees its own, and nothing of the one that started it."""
        lines = """
import os
pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
print(sorted(pids)[0], os.getpid() in pids, len(pids), os.listdir("/proc/1"), os.getppid() in pids)"""
        assert say(lines) == "1 True 2 [] True"

    def test_other_processes_cannot_be_ended(self, attempt):
        """It can't send signals to processes of ours."""
        assert attempt("os.kill(int(sys.argv[1]), 15)", os.getpid()) == "ESRCH"
        assert attempt("os.kill(-1, 0)") in ("done", "ESRCH", "EPERM")

    def test_names_of_the_machine(self, say):
        """Changing the machine's name is refused, and System V objects of others aren't there."""
        assert say("print(open('/proc/sysvipc/shm').read().count('\\n'))") == "1"

    def test_terminal(self, attempt):
        """There is no terminal to write to."""
        assert attempt("os.open('/dev/tty', os.O_RDWR)") in ("ENXIO", "ENOENT", "EACCES")

    def test_descriptors_of_folders(self, say):
        """No descriptor of a folder outside is open, from which all others could be reached."""
        lines = """
import os, stat
found = []
for n in range(3, 256):
    try: found.append((n, stat.filemode(os.fstat(n).st_mode)))
    except OSError: pass
print(found)"""
        assert say(lines) == "[]"


class TestOver:
    """When an execution is over, nothing of it goes on."""

    ORPHAN = """
import os, sys
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in (0, 1, 2): os.close(descriptor)
        os.write(write, b"x")
        {does}
    os._exit(0)
os.read(read, 1)
"""

    @no_hang
    def test_orphans(self, run):
        """A process that left its parent, group and session is gone when the execution is, and not a moment later."""
        tag = uuid.uuid4().hex
        for _ in range(12):
            seen = run(self.ORPHAN.format(does=f"import time; time.sleep(600)  # {tag}"))
            assert (seen.ending, seen.status) == (Ending.EXITED, 0)
            assert processes_with(tag) == []

    @no_hang
    def test_nobody_else_has_to_ask(self, folder):
        """No process that has ended stays in the table, also where whoever adopts orphans never asks for them."""
        judge = f"""
from pathlib import Path
from grader import sandbox
from grader.model import Command, Limits
confinement, folder = sandbox.choose("bubblewrap"), Path({str(folder)!r})
for lines, wall in ("exit 3", 50), ("sleep 50 & exit", 50), ("sleep 50", 0.2):
    confinement.run(Command(("/bin/sh", "-c", lines), folder, {{}}, reads=(folder,), limits=Limits(wall=wall)))
confinement.close()
"""
        adopting = f"""
import ctypes, os, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
subprocess.run([sys.executable, "-c", {judge!r}], check=True)
try:
    print(os.waitpid(-1, 0))
except ChildProcessError:
    print("nobody")
"""
        seen = subprocess.run([sys.executable, "-c", adopting], capture_output=True, text=True, check=True)
        assert seen.stdout == "nobody\n"

    @no_hang
    @pytest.mark.parametrize("does", ["print('x' * 10, flush=True)", "pass"])
    def test_orphan_that_holds_the_streams(self, run, does):
        """A process that holds the streams open doesn't hold up the judge."""
        lines = f"import os, time\nif os.fork() == 0:\n    os.setsid()\n    {does}\n    time.sleep(600)\nprint('done')"
        seen = run(lines, limits=Limits(wall=50))
        assert b"done" in seen.stdout
        assert seen.seconds < 25

    @no_hang
    def test_judge_that_is_killed(self, interpreter, folder):
        """If the judge itself is killed, its executions end with it."""
        tag = uuid.uuid4().hex
        judge = f"""
from pathlib import Path
from grader import sandbox
from grader.model import Command, Limits
folder, python, prefix = {str(folder)!r}, {str(interpreter.executable)!r}, {str(interpreter.prefix)!r}
named = dict(reads=(Path(prefix), Path(folder)), limits=Limits(wall=50))
sandbox.choose("bubblewrap").run(Command((python, "-c", "while True: pass  # {tag}"), Path(folder), {{}}, **named))
"""
        fewest = 4  # the judge, bubblewrap, its init and the program
        with subprocess.Popen([sys.executable, "-c", judge]) as process:
            waiting = threading.Event()
            while len(processes_with(tag)) < fewest and process.poll() is None:
                waiting.wait(0.01)
            assert process.poll() is None
            process.kill()
            process.wait()
        while processes_with(tag):
            waiting.wait(0.01)


def test_self_check_looks_at_a_real_execution():
    """The tier works here, or the reason is a sentence; it was found by trying."""
    assert WHY_NOT is None or WHY_NOT.strip()

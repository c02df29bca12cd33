"""What ordinary programs do works in every tier, under the limits of an ordinary execution."""

import dataclasses
import importlib.util
import json
import multiprocessing
import os
import shutil
import threading
from pathlib import Path

import pytest

from grader.environment import toolchain as toolchains
from grader.errors import ToolchainError
from grader.model import Command, Ending, Limits

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="these programs are written for POSIX"),
    pytest.mark.timeout(120),
]
BUILD_LIMITS = Limits(wall=60, cpu=61, open_files=1024)


@pytest.fixture
def say(sandbox, interpreter, folder, tmp_path):
    """What a program prints, as JSON; it has to end well. It starts in an empty folder that it may write to."""

    def say(program, *arguments, python=None, options=(), **fields):
        (folder / "program.py").write_text(program)
        scratch, home = tmp_path.resolve() / "scratch", tmp_path.resolve() / "home"
        command = Command(
            (str(python or interpreter.executable), *options, str(folder / "program.py"), *map(str, arguments)),
            cwd=scratch,
            env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"},
            reads=(interpreter.prefix, folder),
            scratch=(scratch, home),
        )
        seen = sandbox.run(dataclasses.replace(command, **fields))
        assert (seen.ending, seen.status) == (Ending.EXITED, 0), seen.stderr.decode()[-3000:]
        return json.loads(seen.stdout)

    return say


@pytest.fixture(scope="session")
def toolchain(interpreter):
    """The virtualenv with pip and setuptools."""
    try:
        return toolchains.prepare(interpreter)
    except ToolchainError as error:
        pytest.skip(str(error))


class TestThreads:
    """Threads, as many as processes are allowed."""

    def test_many_at_once(self, say):
        """Fifty threads, all alive at once, share a lock and a queue."""
        program = """
import json, queue, threading
lock, results, barrier, count = threading.Lock(), queue.Queue(), threading.Barrier(51), 0
def work(number):
    global count
    barrier.wait(5)
    for _ in range(100):
        with lock: count += 1
    results.put(number)
threads = [threading.Thread(target=work, args=(number,)) for number in range(50)]
for thread in threads: thread.start()
barrier.wait(5)
for thread in threads: thread.join()
print(json.dumps([count, sorted(results.get() for _ in threads)]))"""
        assert say(program) == [5000, list(range(50))]

    def test_memory_beside_threads(self, say):
        """Threads that allocate leave the memory of a program to the program."""
        program = """
import json, threading
from concurrent.futures import ThreadPoolExecutor
barrier = threading.Barrier(40)
def work(number):
    barrier.wait(5)
    return len([bytes(1000) for _ in range(1000)])
with ThreadPoolExecutor(40) as pool: sizes = set(pool.map(work, range(40)))
held = bytearray(400 << 20)
print(json.dumps([sorted(sizes), len(held) >> 20]))"""
        assert say(program) == [[1000], 400]

    def test_large_stack(self, say):
        """A thread may ask for a large stack."""
        program = """
import json, sys, threading
sys.setrecursionlimit(20_000)
threading.stack_size(256 << 20)
depths = []
def down(n): return 0 if n == 0 else 1 + down(n - 1)
thread = threading.Thread(target=lambda: depths.append(down(15_000)))
thread.start(); thread.join()
print(json.dumps(depths))"""
        assert say(program) == [15_000]

    def test_of_two_executions(self, sandbox, interpreter, folder):
        """Executions that run at the same time don't use up each other's processes."""
        if sandbox.tier == "process":
            pytest.skip("this tier runs one after another")
        program = """
import threading, time
started = []
def work(): started.append(1); time.sleep(1)
threads = [threading.Thread(target=work) for _ in range(45)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(started))"""
        seen = []
        argv = (str(interpreter.executable), "-I", "-c", program)
        command = Command(argv, folder, {}, reads=(interpreter.prefix, folder))
        pair = [threading.Thread(target=lambda: seen.append(sandbox.run(command))) for _ in range(2)]
        for each in pair:
            each.start()
        for each in pair:
            each.join()
        assert [each.stdout for each in seen] == [b"45\n", b"45\n"], [each.stderr[-500:] for each in seen]


class TestProcesses:
    """Children, and what they share."""

    @pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
    def test_multiprocessing(self, say, method):
        """A pool, a queue and a manager work by each start method."""
        program = """
import json, multiprocessing, sys
def square(x): return x * x
def put(queue): queue.put("put")
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(4) as pool: squares = pool.map(square, range(5))
    queue = context.Queue()
    child = context.Process(target=put, args=(queue,))
    child.start(); got = queue.get(timeout=5); child.join()
    with context.Manager() as manager:
        shared = manager.dict(a=1)
        managed = dict(shared)
    print(json.dumps([squares, got, child.exitcode, managed]))"""
        assert say(program, method) == [[0, 1, 4, 9, 16], "put", 0, {"a": 1}]

    def test_shared_memory(self, say):
        """Shared memory, a semaphore and a shared value reach a child."""
        program = """
import json, multiprocessing
from multiprocessing import shared_memory
def work(name, semaphore, value):
    memory = shared_memory.SharedMemory(name)
    memory.buf[:5] = b"child"
    memory.close()
    with value.get_lock(): value.value += 1
    semaphore.release()
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    memory = shared_memory.SharedMemory(create=True, size=8 << 20)
    semaphore, value = context.Semaphore(0), context.Value("i", 1)
    child = context.Process(target=work, args=(memory.name, semaphore, value))
    child.start()
    got = semaphore.acquire(timeout=8)
    child.join()
    print(json.dumps([got, bytes(memory.buf[:5]).decode(), value.value]))
    memory.close(); memory.unlink()"""
        assert say(program) == [True, "child", 2]

    def test_shared_pages(self, say):
        """Memory that forks share with their parent is counted once."""
        program = """
import json, os, time
held = bytearray(220 << 20)
held[::4096] = bytes(len(held[::4096]))
children = []
for _ in range(6):
    if (pid := os.fork()) == 0:
        time.sleep(0.6)
        os._exit(held[-1])
    children.append(pid)
print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]))"""
        assert say(program) == [0] * 6

    def test_executor(self, say):
        """An executor with the defaults of this machine works."""
        program = """
import concurrent.futures, json
def double(x): return 2 * x
if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor() as pool: print(json.dumps(list(pool.map(double, range(5)))))"""
        assert say(program) == [0, 2, 4, 6, 8]

    def test_subprocess(self, say):
        """Pipelines, shells, inherited descriptors, and much through a pipe both ways."""
        program = """
import json, os, subprocess, sys
first = subprocess.Popen(["printf", "b\\\\na\\\\n"], stdout=subprocess.PIPE)
piped = subprocess.run(["sort"], stdin=first.stdout, capture_output=True, text=True).stdout
first.stdout.close(); first.wait()
shell = subprocess.run("echo $((6 * 7)); exit 3", shell=True, capture_output=True, text=True)
much = subprocess.run(["cat"], input=b"x" * 500_000, capture_output=True).stdout
own = subprocess.run([sys.executable, "-c", "print('child')"], capture_output=True, text=True).stdout
read, write = os.pipe()
subprocess.run(["/bin/sh", "-c", f"echo given >&{write}"], pass_fds=[write])
print(json.dumps([piped, shell.stdout, shell.returncode, len(much), own, os.read(read, 10).decode()]))"""
        assert say(program) == ["a\nb\n", "42\n", 3, 500_000, "child\n", "given\n"]

    def test_fork(self, say):
        """fork, waitpid, process groups and sessions."""
        program = """
import json, os, signal
read, write = os.pipe()
pid = os.fork()
if pid == 0:
    os.setsid()
    os.write(write, b"x")
    signal.pause()
os.read(read, 1)
os.killpg(pid, signal.SIGTERM)
print(json.dumps(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))"""
        assert say(program) == -15

    def test_signals(self, say):
        """Handlers, alarms, timers and masks."""
        program = """
import json, os, signal
got = []
for number in (signal.SIGALRM, signal.SIGUSR1, signal.SIGINT):
    signal.signal(number, lambda number, frame: got.append(signal.Signals(number).name))
signal.setitimer(signal.ITIMER_REAL, 0.02)
signal.pause()
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGINT)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
os.kill(os.getpid(), signal.SIGUSR2)
got.append(signal.sigwait([signal.SIGUSR2]).name)
print(json.dumps([got, signal.alarm(100), signal.alarm(0)]))"""
        assert say(program) == [["SIGALRM", "SIGUSR1", "SIGINT", "SIGUSR2"], 0, 100]


class TestNetwork:
    """A program can talk to itself."""

    def test_asyncio(self, say):
        """asyncio: subprocesses, threads, and streams over local sockets and the loopback."""
        program = """
import asyncio, json, subprocess
async def shout(reader, writer):
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()
async def ask(opening):
    reader, writer = await opening
    writer.write(b"hello\\n")
    answer = await reader.read()
    writer.close()
    return answer.decode()
async def main():
    child = await asyncio.create_subprocess_exec("cat", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    said = [(await child.communicate(b"piped"))[0].decode()]
    said.append(await asyncio.to_thread(lambda: "thread"))
    async with await asyncio.start_unix_server(shout, "socket"):
        said.append(await ask(asyncio.open_unix_connection("socket")))
    for host in ("127.0.0.1", "localhost"):
        async with await asyncio.start_server(shout, host, 0) as server:
            said.append(await ask(asyncio.open_connection(host, server.sockets[0].getsockname()[1])))
    print(json.dumps(said))
asyncio.run(main())"""
        assert say(program) == ["piped", "thread", "HELLO\n", "HELLO\n", "HELLO\n"]

    def test_http(self, say):
        """A server and a client of the standard library, by name."""
        program = """
import http.server, json, threading, urllib.request
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"served")
    def log_message(self, *_): pass
with http.server.ThreadingHTTPServer(("localhost", 0), Handler) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    answer = urllib.request.urlopen(f"http://localhost:{server.server_port}/").read().decode()
    server.shutdown()
print(json.dumps(answer))"""
        assert say(program) == "served"

    def test_tuned_sockets(self, say):
        """Options of sockets can be set, sizes of buffers among them, and a megabyte goes through."""
        program = """
import json, socket, threading
def tune(end):
    for option in (socket.SO_SNDBUF, socket.SO_RCVBUF): end.setsockopt(socket.SOL_SOCKET, option, 1 << 20)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return end
server = tune(socket.create_server(("127.0.0.1", 0)))
client = tune(socket.create_connection(server.getsockname()))
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
threading.Thread(target=lambda: (client.sendall(bytes(1 << 20)), client.close())).start()
taken, _ = server.accept()
print(json.dumps(len(taken.makefile("rb").read())))"""
        assert say(program) == 1 << 20

    def test_ssl(self, say):
        """TLS begins as everywhere."""
        program = """
import json, ssl
read, write = ssl.MemoryBIO(), ssl.MemoryBIO()
client = ssl.create_default_context().wrap_bio(read, write, server_hostname="localhost")
try: client.do_handshake()
except ssl.SSLWantReadError: print(json.dumps(write.read()[:1].hex()))"""
        assert say(program) == "16"

    def test_own_name(self, sandbox, say):
        """The machine has a name that can be looked up, which tells nothing of this one."""
        if sandbox.tier == "process":
            pytest.skip("this tier doesn't promise anything of the machine's name")
        program = "import json, socket; print(json.dumps([socket.gethostname(), socket.gethostbyname('localhost')]))"
        assert say(program) == ["localhost", "127.0.0.1"]


class TestFiles:
    """Files, and memory that is like files."""

    @pytest.mark.parametrize("mode", ["wal", "delete"])
    def test_sqlite(self, say, mode):
        """sqlite, on disk by either journal and in memory, with a second connection."""
        program = """
import json, sqlite3, sys
first, second = sqlite3.connect("x.db"), sqlite3.connect("x.db")
mode = first.execute(f"pragma journal_mode={sys.argv[1]}").fetchone()[0]
with first:
    first.execute("create table t (a)")
    first.executemany("insert into t values (?)", [(n,) for n in range(1000)])
memory = sqlite3.connect(":memory:")
second.backup(memory)
print(json.dumps([mode, *(each.execute("select sum(a) from t").fetchone()[0] for each in (second, memory))]))"""
        assert say(program, mode) == [mode, 499_500, 499_500]

    def test_tempfile(self, say):
        """Temporary files and folders of all kinds, for a program whose home is empty."""
        program = """
import json, os, tempfile
made = []
with tempfile.TemporaryFile() as f: f.write(b"x"); made.append(f.tell())
with tempfile.NamedTemporaryFile() as f: made.append(os.path.exists(f.name))
with tempfile.SpooledTemporaryFile(10) as f: f.write(b"x" * 100); made.append(f.fileno() > 2)
with tempfile.TemporaryDirectory() as d: os.mkdir(d + "/a"); open(d + "/a/b", "w").close()
made.append(os.path.exists(d))
descriptor, path = tempfile.mkstemp(dir=os.path.expanduser("~")); os.close(descriptor); os.remove(path)
print(json.dumps(made))"""
        assert say(program) == [1, True, True, False]

    def test_kinds_of_files(self, say):
        """Links, pipes with a name, locks, sparse files, copies by the kernel, modes and times."""
        program = """
import fcntl, json, os, pathlib, shutil
pathlib.Path("a").write_text("x" * 10_000)
os.symlink("a", "b"); os.link("a", "c"); os.mkfifo("d"); shutil.copy2("a", "e"); os.rename("c", "f")
with open("a", "r+b") as a:
    fcntl.flock(a, fcntl.LOCK_EX); fcntl.lockf(a, fcntl.LOCK_EX); a.truncate(20 << 20); a.flush(); os.fsync(a)
    with open("g", "wb") as g: copied = os.sendfile(g.fileno(), a.fileno(), 0, 5000)
os.chmod("g", 0o640); os.utime("g", (1, 2))
print(json.dumps([sorted(os.listdir()), os.path.getsize("f") >> 20, copied, os.stat("g").st_mtime]))"""
        assert say(program) == [["a", "b", "d", "e", "f", "g"], 20, 5000, 2.0]

    def test_watching(self, say, interpreter, folder):
        """Changes of files are noticed; where a program can't be told of them, it looks."""
        site = Path(importlib.util.find_spec("watchfiles").origin).parents[1]
        program = """
import json, pathlib, threading, watchfiles
stop = threading.Event()
pathlib.Path("watched").mkdir()
write = threading.Timer(0.5, lambda: pathlib.Path("watched/new").write_text("x"))
write.start()
for changes in watchfiles.watch("watched", stop_event=stop, rust_timeout=5000): break
print(json.dumps(sorted(path.rpartition("/")[2] for _, path in changes)))"""
        env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(site)}
        assert "new" in say(program, env=env, reads=(interpreter.prefix, folder, site))

    def test_mmap(self, say):
        """Memory maps: anonymous, shared with a child, and of a file."""
        program = """
import json, mmap, os, pathlib
pathlib.Path("m").write_bytes(bytes(8192))
with open("m", "r+b") as f, mmap.mmap(f.fileno(), 0) as mapped: mapped[:4] = b"file"
shared = mmap.mmap(-1, 1 << 20)
if os.fork() == 0:
    shared[:5] = b"child"
    os._exit(0)
os.wait()
print(json.dumps([pathlib.Path("m").read_bytes()[:4].decode(), shared[:5].decode()]))"""
        assert say(program) == ["file", "child"]


class TestPython:
    """What the interpreter itself does."""

    def test_ctypes(self, say):
        """ctypes: calls into the C library and back."""
        program = """
import ctypes, json
libc = ctypes.CDLL(None)
array = (ctypes.c_int * 5)(5, 1, 4, 2, 3)
pointer = ctypes.POINTER(ctypes.c_int)
libc.qsort(array, 5, 4, ctypes.CFUNCTYPE(ctypes.c_int, pointer, pointer)(lambda a, b: a[0] - b[0]))
print(json.dumps([list(array), libc.strlen(b"hello")]))"""
        assert say(program) == [[1, 2, 3, 4, 5], 5]

    def test_recursion(self, say):
        """Recursion as deep as a program allowed itself, and too deep a one ends as everywhere."""
        program = """
import json, sys
sys.setrecursionlimit(20_000)
def down(n): return 0 if n == 0 else 1 + down(n - 1)
try: down(30_000)
except RecursionError as error: print(json.dumps([down(15_000), type(error).__name__]))"""
        assert say(program) == [15_000, "RecursionError"]

    def test_memory(self, say):
        """Two hundred megabytes, and more in many small pieces."""
        program = """
import json
held = bytearray(200 << 20)
held[::4096] = bytes(len(held[::4096]))
small = [str(n) for n in range(2_000_000)]
print(json.dumps([len(held) >> 20, len(small)]))"""
        assert say(program) == [200, 2_000_000]

    def test_time_and_language(self, say):
        """Time zones, the locale and the encodings of the environment."""
        program = """
import datetime, json, locale, sys, zoneinfo
try: hours = datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset().seconds // 3600
except zoneinfo.ZoneInfoNotFoundError: hours = None
locale.setlocale(locale.LC_ALL, "")
print(json.dumps([hours, locale.getlocale()[1], sys.getfilesystemencoding(), sys.stdout.encoding]))"""
        hours, *rest = say(program)
        assert hours == (2 if Path("/usr/share/zoneinfo/Europe/Berlin").exists() else hours)
        assert rest == ["UTF-8", "utf-8", "utf-8"]

    def test_import_time(self, sandbox, interpreter, folder):
        """`-X importtime` tells of imports."""
        argv = (str(interpreter.executable), "-X", "importtime", "-c", "import json")
        seen = sandbox.run(Command(argv, folder, {}, reads=(interpreter.prefix, folder)))
        assert seen.status == 0
        assert b"json.decoder" in seen.stderr

    def test_traceback(self, sandbox, interpreter, folder):
        """A traceback shows the lines of a large program."""
        lines = [f"def f{n}(x): return f{n + 1}(x)  # call {n}" for n in range(5000)]
        (folder / "large.py").write_text("\n".join([*lines, "def f5000(x): return 1 / x", "f4990(0)"]))
        argv = (str(interpreter.executable), str(folder / "large.py"))
        seen = sandbox.run(Command(argv, folder, {}, reads=(interpreter.prefix, folder)))
        assert seen.status == 1
        assert all(f"# call {n}".encode() in seen.stderr for n in range(4990, 5000))
        assert b"ZeroDivisionError" in seen.stderr

    def test_faults(self, say):
        """A child that crashes, and what faulthandler says of it, are seen by its parent."""
        program = """
import json, subprocess, sys
crash = [sys.executable, "-X", "faulthandler", "-c", "import ctypes; ctypes.string_at(0)"]
seen = subprocess.run(crash, capture_output=True, text=True)
print(json.dumps([seen.returncode, "Segmentation fault" in seen.stderr]))"""
        assert say(program) == [-11, True]


SETUP = """
import pathlib
from setuptools import Extension, setup
pathlib.Path("made_by_setup.py").write_text("made = True")
setup(name="greeting", version="1.0", py_modules=["greeting", "made_by_setup"]{more})
"""
EXTENSION = """
#include <Python.h>
static PyObject *answer(PyObject *self, PyObject *args) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "quick", "", -1, methods};
PyMODINIT_FUNC PyInit_quick(void) { return PyModule_Create(&module); }
"""
# Installs a copy of the project in its argument, and imports it from there.
INSTALL = """
import json, shutil, subprocess, sys
shutil.copytree(sys.argv[1], "project")
pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps"]
done = subprocess.run([*pip, "--disable-pip-version-check", "--target", "installed", "./project"],
                      capture_output=True, text=True)
sys.path.insert(0, "installed")
if done.returncode: sys.exit(done.stdout + done.stderr)
import greeting
print(json.dumps(greeting.says()))
"""


class TestPackaging:
    """What exercises on packaging are about."""

    def test_virtualenv(self, say):
        """A program can make a virtualenv and run things in it."""
        program = """
import json, subprocess, sys
subprocess.run([sys.executable, "-m", "venv", "--without-pip", "env"], check=True)
seen = subprocess.run(["env/bin/python", "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True)
print(json.dumps(seen.stdout.strip().rpartition("/")[2]))"""
        assert say(program) == "env"

    def test_virtualenv_with_pip(self, say, interpreter):
        """Also one with pip, where the interpreter brings that along."""
        if not any(interpreter.prefix.glob("lib/python3*/ensurepip/_bundled/pip-*.whl")):
            pytest.skip("this interpreter comes without ensurepip")
        program = """
import json, subprocess, sys
subprocess.run([sys.executable, "-m", "venv", "env"], check=True)
seen = subprocess.run(["env/bin/pip", "--version"], capture_output=True, text=True)
print(json.dumps(seen.stdout.split()[0]))"""
        assert say(program, limits=BUILD_LIMITS) == "pip"

    @pytest.fixture
    def install(self, say, toolchain, folder):
        """Lay a project out, and let pip install it."""

        def install(files):
            project = folder / "greeting"
            project.mkdir()
            for name, text in files.items():
                (project / name).write_text(text)
            reads = (*toolchain.reads, folder)
            return say(INSTALL, project, python=toolchain.python, reads=reads, limits=BUILD_LIMITS)

        return install

    def test_pip_install(self, install):
        """A project is installed by pip without a network, and its setup.py runs."""
        greeting = "import made_by_setup\ndef says(): return ['hello', made_by_setup.made]"
        assert install({"setup.py": SETUP.format(more=""), "greeting.py": greeting}) == ["hello", True]

    def test_extension(self, install, interpreter):
        """An extension in C is built by setuptools."""
        if shutil.which("cc", path="/usr/bin:/bin") is None:
            pytest.skip("there is no C compiler in /usr/bin")
        if not any(interpreter.prefix.glob("include/python3*/Python.h")):
            pytest.skip("this interpreter comes without headers")
        files = {
            "setup.py": SETUP.format(more=", ext_modules=[Extension('quick', ['quick.c'])]"),
            "greeting.py": "import quick\ndef says(): return quick.answer()",
            "quick.c": EXTENSION,
        }
        assert install(files) == 42

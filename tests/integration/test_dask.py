"""A class graded by the workers of a Dask scheduler has the ledger of a class graded here, whatever dies meanwhile."""

import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest

from grader import __version__, catalog, sandbox
from grader.classroom.batch import dask_coordinator, grading
from grader.classroom.records import course, ledger
from grader.classroom.records.ledger import Received
from grader.classroom.records.store import Store
from grader.environment import interpreters
from grader.grading import Conditions
from grader.model import Verdict
from tests.integration.conftest import TINY_CATALOGUE
from tests.integration.test_class import NOW, RIGHT

pytest.importorskip("distributed", reason="Dask is not installed; it is in the extra `classroom`")
WHY_NOT = sandbox.why_not_bubblewrap()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap does not work here: {WHY_NOT}")
PATIENCE = 120.0
GUARDLESS = "import sys\n\nprint(f'Hello, {sys.argv[-1]}!')\n"
SLOW = f"import time\n\ntime.sleep(0.4)\n{RIGHT}"
SLOWER = SLOW + "\n"
REPOSITORY = Path(__file__).parents[2]


def until(met, what):
    """Wait until something is so; give what it is."""
    deadline = time.monotonic() + PATIENCE
    while not (found := met()):
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.02)
    return found


class Cluster:
    """A scheduler and workers: processes of this machine, each with a temporary folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.address = ""
        self.workers = []
        self.scheduler = None
        self.security = []
        self._count = 0

    def start_scheduler(self, host="127.0.0.1", before=(), **env):
        """Start one, at the address of the one before if there was one; `before` stands before its command."""
        told = self.folder / "scheduler.json"
        told.unlink(missing_ok=True)
        port = self.address.rpartition(":")[2] or "0"
        where = ["--host", host, "--port", port, "--scheduler-file", told, "--no-dashboard"]
        self.scheduler = self._start("scheduler", *where, before=before, **env)
        self.address = json.loads(until(lambda: told.is_file() and told.read_text(), "the scheduler"))["address"]

    def start_worker(self, *options, before=(), **env):
        """Start a worker; give its process; `before` stands before its command."""
        own = ["--no-dashboard", "--nthreads", "1", "--no-nanny", "--local-directory", self.folder]
        self.workers.append(self._start("worker", self.address, *own, *options, before=before, **env))
        return self.workers[-1]

    def _start(self, what, *arguments, before, **env):
        self._count += 1
        name = f"{what}-{self._count}"
        temporary = self.folder / name
        temporary.mkdir()
        log = (self.folder / f"{name}.log").open("wb")
        argv = [*before, sys.executable, "-m", "dask", what, *map(str, arguments), *self.security]
        variables = {**os.environ, "TMPDIR": str(temporary), **env}
        streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        process = subprocess.Popen(argv, env=variables, cwd=self.folder, **streams)
        log.close()
        process.temporary, process.log = temporary, Path(log.name)
        return process

    def workers_with(self, digest):
        """The living workers whose judge is at that content now."""
        living = [worker for worker in self.workers if worker.poll() is None]
        return [worker for worker in living if any(f"{digest}.zip" in files for *_, files in os.walk(worker.temporary))]

    def logs(self):
        """What the processes said."""
        return "\n".join(f"{path.name}: {path.read_text()[-3000:]}" for path in sorted(self.folder.glob("*.log")))

    def close(self):
        """End all of it, the scheduler last."""
        for processes in (self.workers, [self.scheduler]):
            for process in processes:
                process.terminate()
            for process in processes:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                process.kill()
                process.wait()
        self.workers = []


@pytest.fixture
def cluster(kata, tmp_path):  # noqa: ARG001 - ends after this one, and looks for what is left
    """A scheduler without workers; gone when the test is over, before it is looked for what runs have left."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    started = Cluster(folder)
    started.start_scheduler()
    yield started
    started.close()


def hand_in(opened, answers):
    """Note submissions in a course; gives their digests by student."""
    (exercise,) = opened.exercises
    book, store, digests = ledger.open_(opened.ledger), Store(opened.submissions), {}
    for student, text in answers.items():
        folder = opened.folder / "incoming" / student
        folder.mkdir(parents=True)
        (folder / "hello.py").write_text(text)
        digests[student] = store.put(folder, exercise)
        book.receive(Received(student, exercise.slug, digests[student], NOW, "by hand"))
    book.close()
    return digests


@pytest.fixture(scope="module")
def serial(make_kata, tmp_path_factory):
    """What the command gives for all that is handed in here, one after the other on this machine, by digest."""
    folder = tmp_path_factory.mktemp("serial")
    (folder / "temporary").mkdir()
    kata = make_kata(folder, folder / "temporary")
    assert kata("--catalog", TINY_CATALOGUE, "class", "init", "Term").returncode == 0
    opened = course.open_(folder, catalog.load(TINY_CATALOGUE))
    hand_in(opened, {**answers(12), "slow": SLOW, "slower": SLOWER})
    seen = kata("--catalog", TINY_CATALOGUE, "class", "grade", "--jobs", "1")
    assert seen.returncode == 0, seen.stderr
    return gradings(opened.ledger)


@pytest.fixture
def a_class(kata, tiny, cluster, serial):
    """A course with the tiny catalogue; gives the command, what was handed in, and what counts."""
    arguments = ("--catalog", tiny, "class")
    assert kata(*arguments, "init", "Term").returncode == 0
    opened = course.open_(kata.cwd, catalog.load(tiny))

    def run(*more, **options):
        return kata(*arguments, "grade", "--dask", cluster.address, *more, **options)

    def is_as_here(digests):
        """Whether the ledger is what grading these submissions on this machine gives."""
        return run.gradings() == {digest: serial[digest] for digest in digests.values()}

    run.hand_in, run.is_as_here = functools.partial(hand_in, opened), is_as_here

    def start_until_busy(digest):
        """Start a run, and wait until a worker has that content; gives the run and the workers that have it."""
        process = kata.start(*arguments, "grade", "--dask", cluster.address)
        return process, until(lambda: cluster.workers_with(digest), "the slow one is graded")

    def assert_ends_as_here(process, digests):
        """A run ends with status 0, and the ledger is what grading on this machine gives."""
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said + cluster.logs()
        assert is_as_here(digests)

    run.start = lambda: kata.start(*arguments, "grade", "--dask", cluster.address)
    run.start_until_busy, run.assert_ends_as_here = start_until_busy, assert_ends_as_here
    run.gradings = lambda: gradings(opened.ledger)
    return run


def gradings(path):
    """What counts, by content: everything but the times."""
    book = ledger.open_(path)
    found = {
        each.digest: (each.catalogue, each.tool, each.python, each.sandbox, each.score, each.verdict, each.report)
        for each in book.gradings().values()
    }
    book.close()
    return found


def answers(count):
    """As many different submissions, some of them wrong."""
    return {f"s{number}": f"{GUARDLESS if number % 3 == 0 else RIGHT}# {number}\n" for number in range(count)}


def test_same_ledger(a_class, cluster):
    """Two workers, one with two threads, grade as this machine does; a second run finds nothing to do."""
    cluster.start_worker()
    cluster.start_worker("--nthreads", "2")
    digests = a_class.hand_in(answers(12))
    seen = a_class()
    assert (seen.returncode, seen.stdout, seen.stderr) == (0, "12 graded, 0 ungraded.\n", ""), cluster.logs()
    assert a_class().stdout == "0 graded, 0 ungraded.\n"
    assert a_class.is_as_here(digests)


def test_worker_killed(a_class, cluster):
    """A worker that is killed amid a run costs nothing but time: what it had is graded by others."""
    digests = a_class.hand_in({**answers(10), "slow": SLOW, "slower": SLOWER})
    for _ in range(2):
        cluster.start_worker()
    run, (victim, *_) = a_class.start_until_busy(digests["slow"])
    victim.send_signal(signal.SIGKILL)
    a_class.assert_ends_as_here(run, digests)


def test_restarted_by_its_nanny(a_class, cluster):
    """Where the only worker's process is killed and its nanny starts another one, the run goes on."""
    digests = a_class.hand_in({**answers(4), "slow": SLOW})
    worker = cluster.start_worker("--nanny")
    run, _ = a_class.start_until_busy(digests["slow"])
    os.kill(parent_of_judge(worker.pid), signal.SIGKILL)
    a_class.assert_ends_as_here(run, digests)


def parent_of_judge(pid):
    """The process below that one which has a judge."""
    for child in children(pid):
        if b"remote_judge" in Path(f"/proc/{child}/cmdline").read_bytes():
            return pid
        if found := parent_of_judge(child):
            return found
    return None


def children(pid):
    """Of all its threads."""
    found = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, listed.read_text().split())
    return found


def test_kills_every_worker(a_class, cluster):
    """What kills each worker that has it is ungraded, named, and graded by the next run; all others are graded."""
    digests = a_class.hand_in({**answers(6), "killer": SLOW})
    cluster.start_worker()
    cluster.start_worker()
    run, killed = a_class.start(), 0
    while run.poll() is None:
        for worker in cluster.workers_with(digests["killer"]):
            worker.kill()
            worker.wait()
            killed += 1
            cluster.start_worker()
        time.sleep(0.02)
    out, said = run.communicate()
    assert (run.returncode, out) == (3, "6 graded, 1 ungraded.\n"), said + cluster.logs()
    assert "ungraded: greeting of killer;" in said
    assert "workers died" in said
    assert killed >= 3
    assert digests["killer"] not in a_class.gradings()
    assert a_class().stdout == "1 graded, 0 ungraded.\n"
    assert a_class.is_as_here(digests)


def test_asked_again(tiny, cluster, tmp_path, monkeypatch):
    """Who had not answered when one round of grading was over is asked again in the next one."""
    monkeypatch.setattr(dask_coordinator, "_WORKER_TIMEOUT", 15.0)
    slow_start = tmp_path / "slow start"
    slow_start.mkdir()
    hook = "import sys, time\nif 'grader.classroom.batch.remote_judge' in sys.orig_argv:\n    time.sleep(3)\n"
    (slow_start / "sitecustomize.py").write_text(hook)
    (exercise,) = catalog.load(tiny).exercises
    (tmp_path / "answer").mkdir()
    (tmp_path / "answer/hello.py").write_text(RIGHT)
    store = Store(tmp_path / "submissions")
    there, lost = grading.Task(exercise, store.put(tmp_path / "answer", exercise)), grading.Task(exercise, "0" * 64)
    conditions = Conditions(interpreters.current(), "bubblewrap")
    quick = cluster.start_worker()
    cluster.start_worker(PYTHONPATH=str(slow_start))
    until(lambda: all("Registered to" in each.log.read_text() for each in cluster.workers), "all workers")
    with dask_coordinator.dask_graders(cluster.address, tiny, print) as graders:
        assert [attempt.verdict for _, attempt in graders([lost], store, conditions)] == [Verdict.UNGRADED]
        quick.kill()
        quick.wait()
        assert [attempt.verdict for _, attempt in graders([there], store, conditions)] == [Verdict.PASSED]


def test_judge_killed(a_class, cluster):
    """A judge that is killed, as where memory runs out, costs its worker nothing; the content is tried again."""
    digests = a_class.hand_in({**answers(2), "slow": SLOW})
    worker = cluster.start_worker()
    run, _ = a_class.start_until_busy(digests["slow"])
    (judge,) = [pid for pid in children(worker.pid) if b"remote_judge" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(judge, signal.SIGKILL)
    a_class.assert_ends_as_here(run, digests)


def test_scheduler_comes_back(a_class, cluster):
    """Where the scheduler is killed and another one started at its address, the run goes on by itself."""
    digests = a_class.hand_in({**answers(6), "slow": SLOW})
    cluster.start_worker()
    run, _ = a_class.start_until_busy(digests["slow"])
    cluster.scheduler.kill()
    cluster.scheduler.wait()
    cluster.start_scheduler()
    cluster.start_worker()
    a_class.assert_ends_as_here(run, digests)


def test_scheduler_stays_away(a_class, cluster):
    """Where it doesn't come back, the run ends with a sentence; what was graded stays, and the next does the rest."""
    digests = a_class.hand_in({**answers(6), "slow": SLOW})
    cluster.start_worker()
    run, _ = a_class.start_until_busy(digests["slow"])
    cluster.scheduler.kill()
    cluster.scheduler.wait()
    _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 3, said + cluster.logs()
    assert "has gone away" in said
    assert "Traceback" not in said
    before = a_class.gradings()
    cluster.start_scheduler()
    cluster.start_worker()
    assert a_class().returncode == 0
    after = a_class.gradings()
    assert {digest: after[digest] for digest in before} == before
    assert a_class.is_as_here(digests)


def test_interrupted(a_class, cluster):
    """Ctrl-C ends the run at once; what was graded stays, the cluster forgets the rest, and another run does it."""
    digests = a_class.hand_in({**answers(6), "slow": SLOW})
    cluster.start_worker()
    run, _ = a_class.start_until_busy(digests["slow"])
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=PATIENCE)
    assert run.returncode == 130, said
    assert said == "kata: Interrupted; what was done stays, and the same command does the rest.\n"
    assert a_class().returncode == 0
    assert a_class.is_as_here(digests)


def test_misfits(a_class, cluster, tmp_path):
    """Workers that would grade otherwise get nothing: each is named with what differs, and the others do the work."""
    old = cluster.start_worker("--name", "old", PYTHONPATH=str(other_version(tmp_path)))
    open_ = cluster.start_worker("--name", "open", PATH=f"{without_bubblewrap(tmp_path)}:{os.environ['PATH']}")
    alien = cluster.start_worker("--name", "alien", PYTHONPATH=str(without_us(tmp_path)))
    until(lambda: all("Registered to" in each.log.read_text() for each in (old, open_, alien)), "all workers")
    a_class.hand_in(answers(6))
    seen = a_class()
    assert (seen.returncode, a_class.gradings()) == (3, {}), seen.stderr + cluster.logs()
    assert "None of the workers" in seen.stderr
    for says in (f"It has import-kata 0.0.1, not {__version__}", "bubblewrap sandbox does not work", "no import-kata"):
        assert seen.stderr.count(says) == 1, seen.stderr
    cluster.start_worker()
    seen = a_class()
    assert (seen.returncode, seen.stdout) == (0, "6 graded, 0 ungraded.\n"), seen.stderr + cluster.logs()
    assert [worker.poll() for worker in (old, open_, alien)] == [None, None, None]


def other_version(folder):
    """A folder from which import-kata comes in another version."""
    place = folder / "other"
    place.mkdir()
    for path in (REPOSITORY / "grader").rglob("*.py"):
        copy = place / path.relative_to(REPOSITORY)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    initial = place / "grader/__init__.py"
    initial.write_text(initial.read_text().replace(__version__, "0.0.1"))
    return place


def without_bubblewrap(folder):
    """A folder whose `bwrap` doesn't work."""
    place = folder / "open"
    place.mkdir()
    (place / "bwrap").write_text("#!/bin/sh\nexit 1\n")
    (place / "bwrap").chmod(0o755)
    return place


def without_us(folder):
    """A folder from which something else of our package's name comes."""
    place = folder / "without"
    (place / "grader").mkdir(parents=True)
    (place / "grader/__init__.py").write_text("")
    return place


def other_dask(folder):
    """A folder that says that Dask is of another version."""
    installed = metadata.distribution("distributed")
    place = folder / "dask of old" / "distributed-1.2.dist-info"
    place.mkdir(parents=True)
    (place / "entry_points.txt").write_text(installed.read_text("entry_points.txt"))
    (place / "METADATA").write_text("Metadata-Version: 2.1\nName: distributed\nVersion: 1.2\n")
    return place.parent


def test_other_dask(a_class, cluster, tmp_path):
    """A worker or a scheduler with another version of Dask is named, and not used."""
    a_class.hand_in(answers(2))
    cluster.start_worker(PYTHONPATH=str(other_dask(tmp_path)))
    seen = a_class()
    assert seen.returncode == 3
    assert "is left out: It has distributed 1.2 instead of" in seen.stderr
    cluster.close()
    cluster.start_scheduler(PYTHONPATH=str(tmp_path / "dask of old"))
    seen = a_class()
    assert seen.returncode == 3
    assert "has distributed 1.2 instead of" in seen.stderr


def test_encrypted(a_class, cluster, tmp_path):
    """With Dask's own settings for TLS a class is graded at a `tls://` address; without them a sentence says so."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kata", "-days", "2"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    files = ["--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key]
    cluster.close()
    cluster.address, cluster.security = "", ["--protocol", "tls", *map(str, files)]
    cluster.start_scheduler()
    cluster.start_worker()
    a_class.hand_in(answers(2))
    assert cluster.address.startswith("tls://")
    seen = a_class()
    assert seen.returncode in (2, 3), seen.stderr
    assert "TLS" in seen.stderr
    variables = {"CA_FILE": certificate, "CLIENT__CERT": certificate, "CLIENT__KEY": key}
    settings = {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(path) for name, path in variables.items()}
    seen = a_class(env=settings)
    assert (seen.returncode, seen.stdout) == (0, "2 graded, 0 ungraded.\n"), seen.stderr + cluster.logs()


def test_nobody_there(a_class, cluster, kata, tiny):
    """Where no scheduler is, or none could be, a sentence says so."""
    a_class.hand_in(answers(1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
    seen = kata("--catalog", tiny, "class", "grade", "--dask", f"tcp://127.0.0.1:{port}")
    assert seen.returncode == 3
    assert "There is no Dask scheduler at" in seen.stderr
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes calls, and says nothing
        port = silent.getsockname()[1]
        seen = kata("--catalog", tiny, "class", "grade", "--dask", f"tcp://127.0.0.1:{port}")
    assert seen.returncode == 3
    assert "Dask scheduler" in seen.stderr
    seen = kata("--catalog", tiny, "class", "grade", "--dask", "carrier-pigeon://loft")
    assert seen.returncode == 2
    assert "Give an address like" in seen.stderr
    seen = kata("--catalog", tiny, "class", "grade", "--jobs", "2", "--dask", cluster.address)
    assert seen.returncode == 2

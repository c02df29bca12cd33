"""What a class costs: as many submissions as are asked for, received and graded, in sizes that lie far apart.

Each submission is a solution, an alternative or a catalogued mistake of 01 to 04 as another learner would have written
it, and no two are equal. They are graded by `kata class grade` and, taking turns with that, by the judge alone: the
same archives, the same workers, no ledger. Small sizes are graded slice by slice until they add up to a hundred, so
that all sizes are about alike submissions. Seconds don't travel from one machine to another, ratios do.

    python benchmarks/classroom.py                  # 10, 100 and 1,000, with one and with two workers
    python benchmarks/classroom.py 10 100 --dask    # the same on a Dask scheduler and worker of this machine, too
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grader import catalog
from grader.authoring.variants import variants_of
from grader.catalog import Exercise
from grader.classroom.batch import grading
from grader.classroom.records import course, ledger
from grader.classroom.records.store import Store
from grader.environment import interpreters
from grader.workers import pool

sys.path.insert(0, str(Path(__file__).parent))
from perturbing import PERTURBATIONS

EXERCISES = ("01", "02", "03", "04")
SEED = 5
_LARGE = 100
"""From so many on the start of a command counts for little."""
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
MOST = {"overhead": 1.1, "growth": 1.1}


@dataclass
class Measured:
    """What runs with as many submissions took, added up."""

    size: int
    jobs: int
    who: str
    """`class`, `judge` (the judge alone) or `dask`."""
    seconds: float = 0.0
    """From the start of the command to its end."""
    processor: float = 0.0
    """Seconds, of all its processes."""
    settled: float = 0.0
    """Seconds from the end of the first few gradings to that of the last."""
    counted: int = 0
    """How many gradings ended in `settled`."""
    submissions: int = 0
    receiving: float = 0.0
    """Seconds of `kata class receive`."""
    ledger: int = 0
    """Bytes of the largest ledger."""
    memory: dict[str, int] = field(default_factory=Counter)
    """Peak kilobytes: of the command (`coordinator`), of its largest `worker`, of what belongs to a Dask cluster."""

    @property
    def cost(self) -> float:
        """Seconds for a submission, once workers have started."""
        return self.settled / max(1, self.counted)


class Submissions:
    """As many different ones as are asked for, below a folder for each exercise and person."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        python = interpreters.current()
        chosen = catalog.load().find(EXERCISES)
        kinds = [variant for each in chosen for variant in variants_of(each, [python]) if variant.label != "stub"]
        ways = list(itertools.product(kinds, PERTURBATIONS))
        random.Random(SEED).shuffle(ways)
        self.of: list[tuple[Exercise, str]] = []
        for number, (kind, way) in zip(range(count), itertools.cycle(ways), strict=False):
            student = f"s{number:05}"
            target = folder / kind.exercise.slug / student
            target.parent.mkdir(parents=True, exist_ok=True)
            laid = kind.lay_out(target)
            if laid != target:
                shutil.copytree(laid, target)
            PERTURBATIONS[way](kind.exercise, target, number % 3)
            _sign(kind.exercise, target, number)
            self.of.append((kind.exercise, student))

    def hand_in(self, first: int, last: int, target: Path) -> list[str]:
        """Lay some of them out as an instructor gets them: a folder for each exercise; gives these exercises."""
        for exercise, student in self.of[first:last]:
            shutil.copytree(self.folder / exercise.slug / student, target / exercise.slug / student)
        return sorted({exercise.slug for exercise, _ in self.of[first:last]})


def _sign(exercise: Exercise, project: Path, number: int) -> None:
    """Make a project differ from all others, by a comment."""
    own = [project / name for name in exercise.about.learner if name.endswith(".py") and (project / name).is_file()]
    if not own:
        sys.exit(f"{project}: no Python file of the learner's to sign")
    with own[0].open("ab") as stream:
        stream.write(f"\n# Handed in by number {number}.\n".encode())


@contextmanager
def watched(roots: dict[str, int]) -> Iterator[Counter[str]]:
    """Look at the peak memory of processes, by name, and of the workers and judges that they started."""
    seen: Counter[str] = Counter()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            for name, root in roots.items():
                seen[name] = max(seen[name], _peak(root))
                for pid, said in _below(root):
                    inner = "judge" if b"remote_judge" in said else "worker"
                    seen[inner] = max(seen[inner], _peak(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _below(pid: int) -> Iterator[tuple[int, bytes]]:
    """The processes of ours below one, and their command lines; what runs in a sandbox is none."""
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in map(int, listed.read_text().split()):
                said = Path(f"/proc/{child}/cmdline").read_bytes()
                if any(word in said for word in (b"grader", b"classroom.py", b"dask", b"multiprocessing")):
                    yield child, said
                    yield from _below(child)
        except OSError:
            continue


def _peak(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def kata(folder: Path, *arguments: str | Path) -> list[str]:
    """The command line of `kata class` for a course."""
    return [sys.executable, "-m", "grader", "class", "--course", str(folder), *map(str, arguments)]


def run(argv: Sequence[str], measured: Measured | None = None, others: dict[str, int] | None = None) -> float:
    """Run a command to its end; gives the seconds that it took. It must succeed."""
    began, before = time.perf_counter(), os.times()
    process = subprocess.Popen(argv, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with process, watched({"coordinator": process.pid, **(others or {})}) as seen:
        said, _ = process.communicate()
    seconds, after = time.perf_counter() - began, os.times()
    if process.returncode:
        sys.exit(f"{argv}: status {process.returncode}: {said.decode()[-2000:]}")
    if measured is not None:
        measured.seconds += seconds
        measured.processor += after.children_user + after.children_system
        measured.processor -= before.children_user + before.children_system
        for name, kilobytes in seen.items():
            measured.memory[name] = max(measured.memory[name], kilobytes)
    return seconds


def received(submissions: Submissions, first: int, last: int, folder: Path) -> float:
    """A course that has taken in some submissions; gives the seconds that this took."""
    run(kata(folder, "init", "A class"))
    students = [student for _, student in submissions.of[first:last]]
    (folder / course.ROSTER).write_text("id\n" + "".join(f"{student}\n" for student in students))
    incoming = folder / "incoming"
    exercises = submissions.hand_in(first, last, incoming)
    return sum(run(kata(folder, "receive", incoming / slug, "--exercise", slug)) for slug in exercises)


def by_class(folder: Path, measured: Measured, *how: str, others: dict[str, int] | None = None) -> None:
    """Grade a course as an instructor does, and see from its ledger when each grading ended."""
    run(kata(folder, "grade", *how), measured, others)
    with closing(sqlite3.connect(folder / course.LEDGER)) as book:
        rows = book.execute("SELECT (julianday(graded_at)) * 86400 FROM graded ORDER BY id").fetchall()
        most = book.execute("SELECT count(*) FROM (SELECT DISTINCT exercise, digest FROM received)").fetchone()[0]
    if len(rows) != most:
        sys.exit(f"{folder}: {len(rows)} gradings of {most} contents")
    _settled(measured, [row[0] for row in rows])
    measured.ledger = max(measured.ledger, (folder / course.LEDGER).stat().st_size)


def _settled(measured: Measured, ends: Sequence[float]) -> None:
    skipped = min(2 * measured.jobs, len(ends) - 1)
    measured.settled += ends[-1] - ends[skipped - 1]
    measured.counted += len(ends) - skipped
    measured.submissions += len(ends)


def by_judge(folder: Path, measured: Measured) -> None:
    """Grade a course's submissions, and do nothing with what comes of it."""
    told = folder / "ends.json"
    run([sys.executable, __file__, "--alone", str(folder), "--jobs", str(measured.jobs)], measured)
    _settled(measured, json.loads(told.read_text()))


def alone(folder: Path, jobs: int) -> None:
    """The judge alone, in a process of its own."""
    loaded = catalog.load()
    opened = course.open_(folder, loaded)
    book = ledger.open_(opened.ledger)
    store, python = Store(opened.submissions), interpreters.current()
    works = grading.ungraded_tasks(opened, book)
    book.close()
    requests = [pool.Request(store.path(work.digest), work.exercise, python) for work in works]
    hidden = (loaded.folder / "exercises", loaded.folder / "solutions", Path(catalog.__file__).parents[1])
    with closing(
        pool.grade_as_completed(requests, tier=grading.strict_tier("auto"), hidden=hidden, jobs=jobs)
    ) as ended:
        ends = [time.time() for _ in ended]
    (folder / "ends.json").write_text(json.dumps(ends))


@contextmanager
def cluster(folder: Path, threads: int) -> Iterator[tuple[str, dict[str, int]]]:
    """A scheduler and a worker on this machine; gives the address and the processes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    host, _, port = address.partition(":")
    dask = [sys.executable, "-m", "dask"]
    quiet = {"env": CLEAN, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen([*dask, "scheduler", "--host", host, "--port", port, "--no-dashboard"], **quiet)
    own = ["--nthreads", str(threads), "--no-dashboard", "--local-directory", str(folder)]
    worker = subprocess.Popen([*dask, "worker", f"tcp://{address}", *own], **quiet)
    try:
        _until_there(host, int(port))
        yield f"tcp://{address}", {"scheduler": scheduler.pid, "nanny": worker.pid}
    finally:
        for process in (worker, scheduler):
            process.terminate()
            process.wait()


def _until_there(host: str, port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the Dask scheduler does not start")


def measure(
    submissions: Submissions, size: int, jobs: int, temporary: Path, *, turns: int, dask: bool
) -> list[Measured]:
    """Grade as many as there are in one or several courses of one size, by all contestants, who take turns."""
    found = [Measured(size, jobs, who) for who in ("class", "judge", *(["dask"] if dask else []))]
    by_name = {each.who: each for each in found}
    for turn in range(turns):
        folder = Path(tempfile.mkdtemp(dir=temporary)) / "course"
        by_name["class"].receiving += received(submissions, turn * size, (turn + 1) * size, folder)
        contestants: list[Callable[[], None]] = [
            lambda folder=folder: by_class(_copy(folder, "class"), by_name["class"], "--jobs", str(jobs)),
            lambda folder=folder: by_judge(_copy(folder, "judge"), by_name["judge"]),
        ]
        for contestant in contestants if turn % 2 else reversed(contestants):
            contestant()
        if dask:
            with cluster(folder.parent, jobs) as (address, others):
                by_class(_copy(folder, "dask"), by_name["dask"], "--dask", address, others=others)
        shutil.rmtree(folder.parent)
    for each in found:
        print(_line(each), file=sys.stderr, flush=True)
    return found


def _copy(folder: Path, name: str) -> Path:
    return shutil.copytree(folder, folder.parent / name)


def _line(each: Measured) -> str:
    peaks = ", ".join(f"{name} {kilobytes / 1024:.0f} MB" for name, kilobytes in each.memory.items() if kilobytes)
    rate = f"{1 / each.cost:6.2f} a second, {each.processor / each.submissions:.3f} s of processor each"
    return f"{each.size:5} x {each.jobs} {each.who:6} {rate}; {peaks}"


def rows(found: Sequence[Measured]) -> Iterator[tuple[str, float, float | None]]:
    """What is to be seen in it: words, a number, and at most how much it should be."""
    by_key = {(each.size, each.jobs, each.who): each for each in found}
    for (size, jobs, who), each in by_key.items():
        what = f"{size} submissions, {jobs} worker{'s' * (jobs > 1)}"
        if who == "class":
            yield f"{what}: a second", 1 / each.cost, None
            yield f"{what}: seconds to receive one", each.receiving / each.submissions, None
            yield f"{what}: bytes of ledger for one", each.ledger / size, None
        if who == "judge":
            other = by_key[size, jobs, "class"]
            most = MOST["overhead"] if size >= _LARGE else None
            yield f"{what}: time of the class against the judge alone", other.seconds / each.seconds, most
            yield f"{what}: the same, of processors", other.processor / each.processor, most
        if who == "dask":
            yield f"{what}: time by Dask against without", each.cost / by_key[size, jobs, "class"].cost, None
        for name, kilobytes in each.memory.items():
            if kilobytes and who != "judge":
                yield f"{what}: peak MB of the {name}{' (Dask)' * (who == 'dask')}", kilobytes / 1024, None
    yield from _growth(found)


def _growth(found: Sequence[Measured]) -> Iterator[tuple[str, float, float | None]]:
    for jobs, who in sorted({(each.jobs, each.who) for each in found}):
        sizes = sorted((each.size, each) for each in found if (each.jobs, each.who) == (jobs, who))
        for (small, few), (large, many) in itertools.pairwise(sizes):
            what = f"cost of one of {large} against one of {small}, {jobs} worker{'s' * (jobs > 1)}, {who}"
            yield what, many.cost / few.cost, MOST["growth"] if who != "judge" else None


def main() -> None:
    """Measure, print a table, save JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, help="how many submissions (default: 10 100 1000)")
    parser.add_argument("--jobs", nargs="+", type=int, default=[1, 2], help="with how many workers")
    parser.add_argument("--dask", action="store_true", help="on a Dask scheduler and worker of this machine, too")
    parser.add_argument("--enough", type=int, default=100, help="submissions to which runs of a size add up at least")
    parser.add_argument("--output", type=Path, default=Path("class.json"), help="where to save the numbers")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone is not None:
        alone(arguments.alone, arguments.jobs[0])
        return
    turns = {size: max(1, arguments.enough // size) for size in sorted(arguments.sizes or [10, 100, 1000])}
    with tempfile.TemporaryDirectory(prefix="kata-class-") as name:
        submissions = Submissions(Path(name) / "submissions", max(size * turns[size] for size in turns))
        found = [
            measured
            for size, jobs in itertools.product(turns, arguments.jobs)
            for measured in measure(submissions, size, jobs, Path(name), turns=turns[size], dask=arguments.dask)
        ]
    seen = list(rows(found))
    print("| what | measured | at most | met |\n|---|--:|--:|---|")
    for what, number, most in seen:
        met = "" if most is None else "yes" if number <= most else "**no**"
        print(f"| {what} | {number:.3g} | {most or ''} | {met} |")
    content = [{"what": what, "measured": number, "at_most": most} for what, number, most in seen]
    arguments.output.write_text(json.dumps({"cores": os.cpu_count(), "rows": content}, indent=2) + "\n")


if __name__ == "__main__":
    main()

"""What grading costs, as ratios to what else could be done.

Contestants of a row take turns in one run, and the row shows the median of the ratios taken pair by pair: seconds don't
travel from one machine to another, ratios do. `--quick` does fewer rounds and leaves out what needs a network.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import first_minutes

from grader import __version__, catalog, grading, sandbox
from grader.environment import interpreters, toolchain, virtualenvs
from grader.judge import execution
from grader.judge.execution import AT_ONCE
from grader.model import Attempt, Command, Execution
from grader.workers import pool

HERE = Path(__file__).resolve().parent
CLEAN = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
INDEX = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "REQUESTS_"))}


@dataclass(frozen=True)
class Row:
    """One measured ratio and what it should be."""

    what: str
    ratio: float
    target: float
    unit: str = "x"
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target


class Bench:
    """Everything the contestants need, made once."""

    def __init__(self, temporary: Path) -> None:
        self.temporary = temporary
        self.python = interpreters.current()
        self.ours = catalog.load()
        self.own = catalog.load(HERE / "catalogue")
        self.eight = self.own.exercises[0]
        self.confinement = sandbox.choose()
        self.virtualenv = virtualenvs.create(self.python, temporary / "bare")
        toolchain.prepare(self.python)
        self.submission = temporary / "submission"
        shutil.copytree(self.eight.reference, self.submission)
        shutil.copy(HERE / "contestants/in_process/test_tally.py", self.submission)
        # Of its own, with nothing in it but pytest.
        self.pytest = virtualenvs.create(self.python, temporary / "pytest").python
        install = ["install", "-q", "--no-compile", "pytest"]
        self.run([sys.executable, "-m", "pip", "--python", self.pytest, *install], env=CLEAN | INDEX)
        for _ in range(2):
            self.run([self.pytest, "-m", "pytest", "-q"], cwd=self.submission)

    def run(self, argv: Sequence[str | Path], cwd: Path | None = None, env: dict[str, str] | None = None) -> float:
        """Seconds that a command takes; it must succeed."""
        began = time.perf_counter()
        done = subprocess.run([str(word) for word in argv], cwd=cwd, env=env or CLEAN, capture_output=True, check=False)
        seconds = time.perf_counter() - began
        if done.returncode:
            sys.exit(f"{argv}: status {done.returncode}: {(done.stdout + done.stderr).decode()[-2000:]}")
        return seconds

    def bare_starts(self, count: int) -> float:
        """Seconds for starting so many interpreters of a virtualenv, one after the other."""
        began = time.perf_counter()
        for _ in range(count):
            subprocess.run([self.virtualenv.python, "-c", "pass"], env={}, check=True)
        return time.perf_counter() - began

    def in_process(self) -> float:
        """A: a cold pytest of the eight checks in process, in an environment that is ready."""
        return self.run([self.pytest, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=self.submission)

    def attempt(self, exercise: catalog.Exercise, confinement: sandbox.Sandbox | None = None) -> float:
        """Seconds for a warm attempt of a reference solution."""
        began = time.perf_counter()
        attempt = grading.grade(
            exercise.reference, exercise, interpreter=self.python, sandbox=confinement or self.confinement
        )
        _must_pass(attempt)
        return time.perf_counter() - began

    def cold(self, *arguments: str | Path, catalogue: Path | None = None) -> float:
        """Seconds for a `kata grade` from a cold start."""
        where: list[str | Path] = ["--catalog", catalogue] if catalogue else []
        return self.run([sys.executable, "-m", "grader", *where, "grade", *arguments, "--fail-under", "100"])

    def naive(self) -> float:
        """A virtualenv with pip, pytest installed into it, and the eight checks."""
        folder = Path(tempfile.mkdtemp(dir=self.temporary)) / "venv"
        seconds = self.run([self.python.executable, "-m", "venv", folder])
        seconds += self.run([folder / "bin/pip", "install", "-q", "pytest"], env=CLEAN | INDEX)
        return seconds + self.run([folder / "bin/python", "-m", "pytest", "-q"], cwd=self.submission)

    def check50(self) -> float:
        """check50 with the same eight checks."""
        home = self.temporary / "check50"
        if not home.exists():
            self.run([self.python.executable, "-m", "venv", home])
            self.run([home / "bin/pip", "install", "-q", "check50"], env=CLEAN | INDEX)
        checks = HERE / "contestants/check50_checks"
        out = self.temporary / "check50.json"
        argv: list[str | Path] = [home / "bin/check50", "--dev", checks, "-o", "json", "--output-file", out]
        seconds = self.run(argv, cwd=self.submission)
        if not all(found["passed"] for found in json.loads(out.read_text())["results"]):
            sys.exit(f"check50: {out.read_text()}")
        return seconds

    def packaging_by_hand(self) -> float:
        """`build`, a virtualenv with pip, `pip install`, and pytest with as many checks as 05 has."""
        exercise = self.ours.find(["setup_py"])[0]
        project = Path(tempfile.mkdtemp(dir=self.temporary)) / "project"
        shutil.copytree(exercise.stub, project)
        shutil.copytree(exercise.reference, project, dirs_exist_ok=True)
        seconds = self.run([sys.executable, "-m", "build", "--wheel", "-q", project], env=CLEAN | INDEX)
        (wheel,) = (project / "dist").glob("*.whl")
        folder = project.parent / "venv"
        seconds += self.run([self.python.executable, "-m", "venv", folder])
        seconds += self.run([folder / "bin/pip", "install", "-q", "pytest", wheel], env=CLEAN | INDEX)
        return seconds + self.run([folder / "bin/python", "-m", "pytest", "-q"], cwd=self.submission)


class Counting:
    """A sandbox that counts the interpreters it is asked to start."""

    def __init__(self, inner: sandbox.Sandbox) -> None:
        self.tier = inner.tier
        self.folder = inner.folder
        self.at_once = inner.at_once
        self._inner = inner
        self.count = 0

    def run(self, command: Command, *meter: sandbox.Meter) -> Execution:
        """Count and run."""
        self.count += 1
        return self._inner.run(command, *meter)

    def stop(self) -> None:
        """Stop the inner one."""
        self._inner.stop()

    def close(self) -> None:
        """Close the inner one."""
        self._inner.close()


def _must_pass(attempt: Attempt) -> None:
    if attempt.score != attempt.max_score:
        lost = [check.message for check in attempt.checks if check.message]
        sys.exit(f"{attempt.exercise}: {attempt.verdict} {attempt.reason} {lost}")


def compare(one: Callable[[], float], other: Callable[[], float], rounds: int) -> float:
    """The median of the ratios of two contestants that take turns; the first turn of each doesn't count."""
    one(), other()
    return statistics.median([one() / other() for _ in range(rounds)])


def rows(bench: Bench, *, quick: bool) -> Iterator[Row]:
    """All measurements, best known first."""
    few, some, many = (2, 5, 10) if quick else (3, 15, 40)
    third, fifth = bench.ours.find(["init_exports"])[0], bench.ours.find(["setup_py"])[0]

    def warm() -> float:
        return bench.attempt(bench.eight)

    def cold_eight() -> float:
        return bench.cold("eight_checks", "--solutions", catalogue=HERE / "catalogue")

    launcher = compare(lambda: _launch(bench), lambda: bench.bare_starts(1), many)
    yield Row("one sandboxed start, against a bare interpreter start", launcher, 2.0)
    yield Row(
        "warm attempt, 8 checks, 8 executions, against the bare starts of those 8",
        compare(warm, lambda: bench.bare_starts(8), many),
        1.8,
    )
    yield Row(
        "warm attempt, against A, a cold pytest of the same 8 checks in process",
        compare(warm, bench.in_process, some),
        0.7,
    )
    yield Row(
        "warm attempt of 03, its observations shared, against A",
        compare(lambda: bench.attempt(third), bench.in_process, some),
        0.5,
    )
    yield Row("cold `kata grade` of one exercise, against A", compare(cold_eight, bench.in_process, some), 1.1)
    if not quick:
        yield Row("warm attempt, against venv + pip install pytest + pytest", compare(warm, bench.naive, few), 1 / 35)
        yield Row("warm attempt, against check50 with the same 8 checks", compare(warm, bench.check50, some), 1 / 4.5)
        by_hand = compare(lambda: bench.attempt(fifth), bench.packaging_by_hand, few)
        yield Row("warm attempt of 05, against build + venv + pip install + pytest", by_hand, 1 / 25)
        learner = Path(tempfile.mkdtemp(dir=bench.temporary))
        for found in first_minutes.measured(bench.run, bench.bare_starts, learner, CLEAN, INDEX, few):
            yield Row(*found)
    started = _interpreters_started(bench)
    whole = compare(lambda: bench.cold("--solutions", "--jobs", "2"), lambda: bench.bare_starts(started), some)
    yield Row(
        f"cold `kata grade --solutions`, two workers, against the bare starts of its {started} interpreters", whole, 1.2
    )
    both = _throughput(bench, 2, many)
    yield Row("two workers, against one, in attempts a second", both / _throughput(bench, 1, many), 1.65, at_least=True)
    yield Row(
        "the same, against one that makes its executions one at a time",
        both / _throughput(bench, 1, many, at_once=1),
        1.65,
        at_least=True,
    )
    yield from _long_run(bench, third, 100 if quick else 1000)


def _launch(bench: Bench) -> float:
    empty = bench.temporary / "empty"
    argv = (str(bench.virtualenv.python), "-c", "pass")
    command = Command(argv, empty, {}, reads=bench.virtualenv.reads, scratch=(empty,))
    began = time.perf_counter()
    if bench.confinement.run(command).status:
        sys.exit("a sandboxed interpreter did not start")
    return time.perf_counter() - began


def _interpreters_started(bench: Bench) -> int:
    counting = Counting(bench.confinement)
    for exercise in bench.ours.exercises:
        bench.attempt(exercise, counting)
    return counting.count


def _throughput(bench: Bench, jobs: int, count: int, at_once: int = AT_ONCE) -> float:
    """Attempts a second, from the end of the first few on: how long workers take to start is another matter."""
    execution.AT_ONCE = at_once
    exercises = [bench.eight] * (count + 2 * jobs)
    requests = [pool.Request(exercise.reference, exercise, bench.python) for exercise in exercises]
    ends: list[float] = []
    pool.grade_all(requests, tier="auto", hidden=(), jobs=jobs, done=lambda _: ends.append(time.perf_counter()))
    execution.AT_ONCE = AT_ONCE
    return count / (ends[-1] - ends[2 * jobs - 1])


def _long_run(bench: Bench, exercise: catalog.Exercise, count: int) -> Iterator[Row]:
    """Many attempts in one process: does each cost the same, and does memory grow?"""
    # A shared machine is faster or slower from one minute to the next, so each has a bare start beside it.
    costs = [bench.attempt(exercise) / bench.bare_starts(1) for _ in range(count)]
    edge = max(10, count // 10)
    growth = statistics.median(costs[-edge:]) / statistics.median(costs[:edge])
    yield Row(f"cost of an attempt after {count}, against the first, in bare starts", growth, 1.1)
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        yield Row(f"memory of a worker after {count} attempts", int(peak.split()[1]) / 1024, 90, " MB")


def table(found: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | target | met |", "|---|--:|--:|---|"]
    for row in found:
        target = f"{'at least' if row.at_least else 'at most'} {_shown(row.target, row.unit)}"
        lines.append(f"| {row.what} | {_shown(row.ratio, row.unit)} | {target} | {'yes' if row.met else '**no**'} |")
    return "\n".join(lines)


def _shown(value: float, unit: str) -> str:
    if unit == "x" and value < 0.25:  # noqa: PLR2004 - small ratios read better as fractions
        return f"1/{1 / value:.1f}"
    return f"{value:.2f}x" if unit == "x" else f"{value:.0f}{unit}"


def main() -> None:
    """Measure, print a table, save JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and nothing that needs a network")
    parser.add_argument("--output", type=Path, default=Path("bench.json"), help="where to save the numbers")
    arguments = parser.parse_args()
    for name in [name for name in os.environ if name.startswith(("PYTHON", "PYTEST"))]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="kata-bench-") as temporary:
        bench = Bench(Path(temporary))
        found = []
        for row in rows(bench, quick=arguments.quick):
            print(f"{_shown(row.ratio, row.unit):>8}  {row.what}", file=sys.stderr, flush=True)
            found.append(row)
    print(table(found))
    content = {
        "version": __version__,
        "python": bench.python.version,
        "sandbox": bench.confinement.tier,
        "cores": os.cpu_count(),
        "rows": [{"what": row.what, "ratio": row.ratio, "target": row.target, "met": row.met} for row in found],
    }
    arguments.output.write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main()

"""The attacks: small programs in `programs/`, each with a sentence; and the arena where each is tried and judged.

A program says `BREACH: …` on stdout where it got what it should not get. It knows where to look: the names in `PRELUDE`
stand for the judge, its catalogue, files and sockets of the host. Those of `building/` are a setup.py. Those of
`beside/` are put beside the learner's files under their own names, without the underscore that hides them from our own
tools. All others are put on top of a file of the learner's. Some name the exercises that they are made for. Liars do,
and the points that they are known to get: for more statements than it takes to solve what those points are for.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from grader import catalog, sandbox
from grader.environment import interpreters, toolchain
from grader.judge.preparation import prepare
from grader.model import Command, Limits
from grader.sandbox._memory import homes

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
WALL = 2.0
"""Seconds that a program may run when it is tried by itself."""
BUILD_WALL = 4.0
GRACE = 1.0
"""Seconds after its limit within which the judge must have control again."""
SECONDS_TO_DIE = 5.0
PATIENCE = 300.0

MAIN_FILES = {
    "01_path_appending": "bin/report.py",
    "02_main_guard": "tally.py",
    "03_init_exports": "harbour/__init__.py",
    "04_relative_imports": "pilotage/__init__.py",
}
"""The file of each exercise that everything in it runs or imports."""
BUILT_EXERCISE = "05_setup_py"
LIARS_WALL = 4
"""Seconds that an execution may take in exercises that liars are made for."""
HONEST = "90_honest"
"""A copy of an exercise, with its usual limits, whose solution is graded beside each attack."""

PRELUDE = """
def breach(what):
    import os

    os.write(1, f"BREACH: {what}\\n".encode("utf-8", "replace"))


def refused(what, attempt):
    try:
        attempt()
    except BaseException:
        return
    breach(what)


def system_call(what, number, *arguments):
    import ctypes
    import os

    if os.uname().machine != "x86_64":
        return  # the numbers are that architecture's
    plain = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    found = ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *plain)
    if found != -1:
        breach(what)
        if found == 0 and what.startswith("clone"):
            os._exit(0)


"""


@dataclass(frozen=True)
class Attack:
    """One hostile program."""

    group: str
    name: str
    says: str
    source: str

    @property
    def made_for(self) -> dict[str, str]:
        """The exercises that it is made for, if not for any, and the file in each that it goes on top of or beside."""
        return dict(re.findall(r"^Made for (\w+): (\S+)\.$", self.says, re.MULTILINE))

    @property
    def known(self) -> dict[str, int]:
        """The points that a liar is known to get, by exercise."""
        found = re.findall(r"^Known: (\d+) points in (\w+)\.$", self.says, re.MULTILINE)
        return {name: int(points) for points, name in found}

    @property
    def exercises(self) -> tuple[str, ...]:
        """Those that it is graded as."""
        if self.made_for:
            return tuple(self.made_for)
        if self.group == "building":
            return (BUILT_EXERCISE,)
        # What costs its whole time, or doesn't care for points, is graded once, where executions are few.
        return tuple(MAIN_FILES) if self.group in ("beside", "cheating", "reporting") else ("03_init_exports",)


@dataclass
class Finding:
    """What came of an attack."""

    attack: Attack
    late: float = 0.0
    """Seconds after its limit until the judge had control."""
    gains: dict[str, int] = field(default_factory=dict)
    """Points beyond those of the stub, by exercise."""
    faults: list[str] = field(default_factory=list)
    """Whatever should not be so."""

    @property
    def gained(self) -> int:
        """All points beyond those of the stubs."""
        return sum(self.gains.values())


def load() -> tuple[Attack, ...]:
    """All attacks, by group and name."""
    found = []
    for path in sorted((HERE / "programs").glob("*/*.py")):
        source = path.read_text(encoding="utf-8")
        found.append(Attack(path.parent.name, path.stem, ast.get_docstring(ast.parse(source)) or "", source))
    return tuple(found)


class Arena:
    """A catalogue with short limits, an honest submission, and things of the host that no attack may reach.

    Args:
        folder: an empty one for all of it.
        opened: closes what is open in the end.
    """

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        self._folder = folder
        self._catalogue = folder / "catalogue"
        self._lay_out()
        self._outside = folder / "outside"
        self._outside.mkdir(mode=0o777)
        self._outside.chmod(0o777)
        (self._outside / "canary.txt").write_text("canary")
        name = f"kata-{os.getpid()}"
        listening = opened.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
        for address in (f"\0{name}", str(self._outside / "socket")):
            local = opened.enter_context(closing(socket.socket(socket.AF_UNIX)))
            local.bind(address)
            local.listen()
        self._outside.joinpath("socket").chmod(0o777)
        self._python = interpreters.current()
        self._prelude = PRELUDE + "".join(
            f"{name} = {value!r}\n"
            for name, value in {
                "JUDGE": os.getpid(),
                "SECRET": str(self._catalogue / "solutions" / "01_path_appending/reference/bin/report.py"),
                "CATALOGUE": str(self._catalogue),
                "REPOSITORY": str(REPOSITORY),
                "JUDGES_HOME": str(Path.home()),
                "OUTSIDE": str(self._outside),
                "PORT": listening.getsockname()[1],
                "SOCKET": name,
                "PREFIX": str(self._python.prefix),
                "TOOLCHAIN": str(toolchain.prepare(self._python).path),
            }.items()
        )
        (folder / "temporary").mkdir()
        workspace = self._workspace("stubs")
        for path in (self._catalogue / "exercises").iterdir():
            if path.name != HONEST:
                shutil.copytree(path / "stub", workspace / path.name)
        graded = self._grade(workspace)
        self._honest = graded.pop(HONEST)
        assert self._honest["score"] == 100, self._honest
        self._stub_scores = {name: report["score"] for name, report in graded.items()}

    def meet(self, attack: Attack) -> Finding:
        """Try an attack by itself and as a submission, and see what came of it."""
        finding = Finding(attack)
        before, files = confined() | groups(), self._snapshot()
        self._build_alone(finding) if attack.group == "building" else self._run_alone(finding)
        self._submit(finding)
        if left := self._left(before):
            finding.faults.append(f"{len(left)} processes or cgroups are left")
        if any((self._folder / "temporary").iterdir()):
            finding.faults.append("temporary files are left")
            shutil.rmtree(self._folder / "temporary", ignore_errors=True)
            (self._folder / "temporary").mkdir()
        if self._snapshot() != files:
            finding.faults.append("a file of the host was changed")
        if finding.late > GRACE:
            finding.faults.append(f"the judge had control {finding.late:.1f} s after the limit")
        for name in finding.gains.keys() | attack.known.keys():
            gained, known = finding.gains.get(name, 0), attack.known.get(name, 0)
            if gained != known:
                finding.faults.append(f"{gained} points were gained in {name}, and {known} are known")
            if known and statements(attack.source) <= to_solve(name):
                finding.faults.append(f"{name} takes more statements to solve than to lie about")
        return finding

    def _left(self, before: set[int | Path]) -> set[int | Path]:
        """Processes and cgroups that came since and stay; the dying get a few seconds."""
        deadline = time.monotonic() + SECONDS_TO_DIE
        left = (confined() | groups()) - before
        while left and time.monotonic() < deadline:
            time.sleep(0.05)
            left &= confined() | groups()
        return left

    def _lay_out(self) -> None:
        left_out = shutil.ignore_patterns("__pycache__")
        liars = {name for attack in load() for name in attack.made_for}
        limits = dict.fromkeys(sorted(liars), LIARS_WALL) | dict.fromkeys((*MAIN_FILES, BUILT_EXERCISE), 1)
        for part in ("exercises", "solutions"):
            for name in limits:
                shutil.copytree(REPOSITORY / part / name, self._catalogue / part / name, ignore=left_out)
            shutil.copytree(REPOSITORY / part / "02_main_guard", self._catalogue / part / HONEST, ignore=left_out)
        for name, wall in limits.items():
            settings = self._catalogue / "exercises" / name / "exercise.toml"
            text = settings.read_text(encoding="utf-8")
            rest = re.sub(r"^\[limits\]\n(.+\n)*", "", text, flags=re.MULTILINE)
            settings.write_text(f"{rest}\n[limits]\nwall = {wall}\nbuild_wall = {BUILD_WALL:.0f}\n", encoding="utf-8")

    def _workspace(self, name: str) -> Path:
        """A new folder with the honest submission in it."""
        workspace = self._folder / "workspaces" / name
        shutil.copytree(self._catalogue / "solutions" / HONEST / "reference", workspace / HONEST)
        return workspace

    def _program(self, attack: Attack) -> str:
        return f"{self._prelude}\n{attack.source}"

    def _run_alone(self, finding: Finding) -> None:
        project = self._folder / "alone" / finding.attack.group / finding.attack.name
        project.mkdir(parents=True)
        (project / "attack.py").write_text(self._program(finding.attack), encoding="utf-8")
        with closing(sandbox.choose("bubblewrap", hidden=(self._catalogue, REPOSITORY / "grader"))) as confinement:
            empty, home = confinement.folder / "empty", confinement.folder / "home"
            command = Command(
                argv=(str(self._python.executable), "-B", str(project / "attack.py"), sandbox.REPORT),
                cwd=empty,
                env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"},
                reads=(self._python.prefix, project),
                scratch=(empty, home),
                limits=Limits(wall=WALL),
                report=True,
            )
            seen = confinement.run(command)
        finding.late = max(0.0, seen.seconds - WALL)
        finding.faults += _breaches(seen.stdout.decode("utf-8", "replace"))

    def _build_alone(self, finding: Finding) -> None:
        attack = finding.attack
        project = self._project(attack, BUILT_EXERCISE, self._folder / "alone" / attack.group / attack.name)
        (exercise,) = catalog.load(self._catalogue).find([BUILT_EXERCISE])
        with closing(sandbox.choose("bubblewrap", hidden=(self._catalogue, REPOSITORY / "grader"))) as confinement:
            build = prepare(
                project, exercise, confinement.folder, interpreter=self._python, sandbox=confinement
            ).build_wheel()
        if build.seen is not None:
            finding.late = max(0.0, build.seen.execution.seconds - BUILD_WALL)
            finding.faults += _breaches(build.seen.stdout)

    def _project(self, attack: Attack, exercise: str, folder: Path) -> Path:
        shutil.copytree(self._catalogue / "exercises" / exercise / "stub", folder)
        files = {BUILT_EXERCISE: "setup.py"} | MAIN_FILES | attack.made_for
        file = folder / files[exercise]
        if attack.group == "beside":
            for place in {folder, file.parent}:
                (place / f"{attack.name[:-1]}.py").write_text(self._program(attack), encoding="utf-8")
            return folder
        instead = attack.group == "building" or not file.exists()
        rest = "" if instead else file.read_text(encoding="utf-8")
        file.write_text(f"{self._program(attack)}\n{rest}", encoding="utf-8")
        return folder

    def _submit(self, finding: Finding) -> None:
        attack = finding.attack
        workspace = self._workspace(f"{attack.group}-{attack.name}")
        for name in attack.exercises:
            self._project(attack, name, workspace / name)
        graded = self._grade(workspace)
        if graded.pop(HONEST) != self._honest:
            finding.faults.append("the honest submission beside it got another report")
        for name, report in graded.items():
            finding.faults += _breaches(json.dumps(report))
            if report["verdict"] != "failed":
                finding.faults.append(f"{name} is {report['verdict']}: {report.get('reason')}")
            elif (gained := report["score"] - self._stub_scores[name]) > 0:
                finding.gains[name] = gained
            finding.faults += _unfit(name, report)

    def _grade(self, workspace: Path) -> dict[str, dict]:
        """Reports by exercise: what somebody who runs the command gets."""
        argv = ["--catalog", self._catalogue, "grade", "--workspace", workspace, "--sandbox", "bubblewrap"]
        argv += ["--jobs", "2", "--format", "json", *(path.name for path in sorted(workspace.iterdir()))]
        done = subprocess.run(
            [sys.executable, "-m", "grader", *map(str, argv)],
            cwd=REPOSITORY,
            env={**os.environ, "TMPDIR": str(self._folder / "temporary")},
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
        if done.returncode or done.stderr:
            raise RuntimeError(f"kata grade: status {done.returncode}: {done.stderr.decode()}")
        report = json.loads(done.stdout)
        return {f"{each['number']:02}_{each['exercise']}": each for each in report["exercises"]}

    def _snapshot(self) -> dict[Path, bytes]:
        places = [Path("/"), Path("/usr"), Path("/etc"), self._folder, self._catalogue, REPOSITORY, self._python.prefix]
        planted = [place for place in places if (place / "planted.txt").exists()]
        kept = [path for path in self._outside.iterdir() if path.is_file()]
        return {path: path.read_bytes() for path in (*kept, *(place / "planted.txt" for place in planted))}


def statements(source: str) -> int:
    """How many there are, but for docstrings."""
    return sum(
        isinstance(node, ast.stmt) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in ast.walk(ast.parse(source))
    )


def to_solve(exercise: str) -> int:
    """How many more or other statements the solution has than the stub."""
    tables = []
    for folder in (f"solutions/{exercise}/reference", f"exercises/{exercise}/stub"):
        sources = [path.read_text(encoding="utf-8") for path in (REPOSITORY / folder).rglob("*.py")]
        nodes = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
        tables.append(Counter(ast.unparse(node) for node in nodes if not hasattr(node, "body")))
    solved, given = tables
    # What the reference folder doesn't repeat is given, and not missing.
    return (solved - given).total()


def _breaches(text: str) -> Iterator[str]:
    yield from dict.fromkeys(re.findall(r"BREACH: [^\n\"\\]*", text))


def _unfit(name: str, report: dict) -> Iterator[str]:
    """What should not be in a report that somebody reads."""
    for check in report["checks"]:
        if check["outcome"] not in ("passed", "failed", "timeout"):
            yield f"{name}: {check['id']} is {check['outcome']}: {check['message']}"
        message = check["message"] or ""
        if check["outcome"] != "passed" and not message.strip():
            yield f"{name}: {check['id']} says nothing"
        shown = [message, *(text for step in check["transcript"] for text in (step["stdout"], step["stderr"]))]
        if not all(char.isprintable() or char in "\n\t" for text in shown for char in text):
            yield f"{name}: {check['id']} shows characters that are not printable"
        if f'File "{REPOSITORY}/grader' in message:
            yield f"{name}: {check['id']} shows a traceback of ours"


def confined() -> set[int]:
    """Processes of our sandboxes, and orphans: bubblewrap, what waits for a judge's end, all in another pid namespace.

    Those that another Python has under way, such as tests that run at the same time, are its own business.
    """
    parents, found = {}, set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                status, line = (entry / "status").read_text(), (entry / "cmdline").read_bytes()
            except OSError:
                continue
            facts = dict(line.split(":", 1) for line in status.splitlines())
            parents[int(entry.name)] = int(facts["PPid"]), line
            if facts["State"].split()[0] == "Z":  # ended; its parent has yet to notice
                continue
            if len(facts["NSpid"].split()) > 1 or b"bwrap" in line or b"KATA_" in line:
                found.add(int(entry.name))
    return {pid for pid in found if not _is_a_strangers(pid, found, parents)}


def groups() -> set[Path]:
    """Cgroups of executions without a process in them; one with processes is in use, by whoever these belong to."""
    home = homes.find()
    found = [] if isinstance(home, str) else [path for folder in home.folders for path in folder.glob("kata-*-*")]
    return {path for path in found if not _holds_any(path)}


def _holds_any(group: Path) -> bool:
    try:
        return bool((group / "cgroup.procs").read_text())
    except OSError:
        return True  # it is just being removed


def _is_a_strangers(pid: int, found: set[int], parents: dict[int, tuple[int, bytes]]) -> bool:
    while pid in found:
        pid = parents[pid][0]
    if pid == 1 or b"python" not in parents.get(pid, (0, b""))[1]:
        return False  # nobody's
    while pid not in (0, os.getpid()):
        pid = parents.get(pid, (0, b""))[0]
    return pid == 0

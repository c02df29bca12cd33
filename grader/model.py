"""The words of the project as frozen dataclasses and enums; no I/O here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path


class Outcome(StrEnum):
    """What became of one check."""

    PASSED = "passed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    """The learner's code did not end in time."""
    ERROR = "error"
    """The judge's fault, never the learner's."""
    SKIPPED = "skipped"


class Verdict(StrEnum):
    """What became of one exercise."""

    PASSED = "passed"
    """Full marks."""
    FAILED = "failed"
    UNGRADED = "ungraded"
    """Our fault: there is no score, and never a zero."""


class Ending(StrEnum):
    """How an execution came to its end."""

    EXITED = "exited"
    TIMEOUT = "timeout"
    """Killed at its wall limit."""
    OUTPUT = "output"
    """Killed for writing more than its cap to one of its streams."""
    MEMORY = "memory"
    """Killed because all its processes together held more memory than allowed."""
    BUDGET = "budget"
    """Killed because all executions of the attempt together took more time than allowed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one execution may use."""

    wall: float = 10.0
    """Seconds by the clock, starting up included."""
    cpu: int = 20
    """Seconds of processor time for each process."""
    memory: int = 1 << 30
    """Bytes: of data in each process, and of resident memory in all together."""
    processes: int = 64
    file_size: int = 32 << 20
    """Bytes in any one file."""
    disk: int = 64 << 20
    """Bytes in each scratch folder."""
    open_files: int = 256
    output: int = 1 << 20
    """Bytes on each of stdout and stderr."""
    report: int = 1 << 20
    """Bytes on the report channel."""


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """What all executions of one attempt may use together, builds included."""

    wall: float = 60.0
    """Seconds by the clock, added up: two executions of a second each take two, also side by side."""
    cpu: float = 30.0
    """Seconds of processor time."""


@dataclass(frozen=True, slots=True)
class Command:
    """One program to run on the learner's side. Paths are the same inside and outside of a sandbox."""

    argv: tuple[str, ...]
    cwd: Path
    env: dict[str, str]
    stdin: bytes = b""
    reads: tuple[Path, ...] = ()
    """Folders that the program may read."""
    scratch: tuple[Path, ...] = ()
    """Folders that are empty and writable when it starts and gone when it ends; nothing else can be changed."""
    limits: Limits = field(default_factory=Limits)
    report: bool = False
    """Whether a report channel is open; its descriptor's number replaces the argument `{report}`."""
    sealed: bool = False
    """Whether a sandbox has no /proc: there a process could read and change memory, its own and its parent's."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One process of the learner's side, and what was seen of it. Everything in here is hostile."""

    command: Command
    ending: Ending
    status: int
    """The exit status; 128 + N if signal N ended it."""
    stdout: bytes
    stderr: bytes
    report: bytes
    """What came over the report channel."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Step:
    """An execution as a report shows it: text is made harmless and free of the judge's paths."""

    command: str
    cwd: str
    status: int | None
    stdout: str
    stderr: str
    number: int = field(default=0, compare=False)
    """Among the executions of the attempt in a virtualenv of its own, from 1; 0 for others, such as the toolchain's."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one attempt."""

    id: str
    title: str
    outcome: Outcome
    max_points: int
    message: str | None = None
    transcript: tuple[Step, ...] = ()

    @property
    def points(self) -> int:
        """The points earned: all or none."""
        return self.max_points if self.outcome is Outcome.PASSED else 0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The catalogued mistake that an attempt matches, in the words of its misconception."""

    mistake: str
    says: str


WAITS = "needs this first: "
"""How the message of a check begins that has nothing to say before a cause is fixed."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something went wrong, found by looking at what happened: true of any program, whatever the exercise."""

    kind: str
    """Its name, for programs that read reports; `docs/diagnosis.md` lists them."""
    says: str
    """What went wrong, in a sentence, with the file and the line where there is one."""
    shows: str = ""
    """The line of the source, with a caret below it where Python has one; or what was printed."""
    why: str = ""
    """Why Python does that, in a sentence or two."""
    try_it: str = ""
    """A command that shows it, or what to do next."""
    link: str = ""
    """Where the Python documentation has more."""
    checks: tuple[str, ...] = ()
    """The checks that were lost by it, by their names; none: it is said of the whole project."""

    @property
    def text(self) -> str:
        """All of it in lines."""
        shown = "".join(f"\n    {line}" for line in self.shows.split("\n")) if self.shows else ""
        ways = [f"{verb:<6}{text}" for verb, text in (("try", self.try_it), ("read", self.link)) if text]
        return "\n".join([f"{self.says}{shown}", *filter(None, [self.why]), *ways])


@dataclass(frozen=True, slots=True)
class Attempt:
    """One grading of one project."""

    exercise: str
    number: int
    title: str
    weight: int
    verdict: Verdict
    score: int | None
    """None where the verdict is `ungraded`."""
    max_score: int
    digest: str
    """SHA-256 of the graded files, as hexadecimal digits."""
    checks: tuple[CheckResult, ...]
    reason: str | None = None
    """Why it is ungraded."""
    diagnosis: Diagnosis | None = None
    causes: tuple[Cause, ...] = ()
    """What was found of a failed attempt, the first to fix first."""
    seconds: float = 0.0
    version: int = 1
    """Of the exercise."""


@dataclass(frozen=True, slots=True)
class Run:
    """The attempts of one submission under one interpreter in one sandbox."""

    python: str
    """The interpreter's full version."""
    sandbox: str
    attempts: tuple[Attempt, ...]
    score: Fraction | None
    """Percent, exact; None where nothing could be graded."""
    verdict: Verdict
    seconds: float = 0.0

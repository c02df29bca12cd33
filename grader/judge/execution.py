"""What the judge sees of the learner's side: executions, and all that belongs to one attempt."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from grader.display import Scrubber, decode, shorten
from grader.environment import toolchain
from grader.environment.virtualenvs import Virtualenv
from grader.errors import BudgetError
from grader.judge import outputs
from grader.judge.budget import Budget, Turns
from grader.judge.draws import Draws
from grader.judge.probes import bodies, sealing
from grader.model import AttemptLimits, Command, Ending, Execution, Limits, Step
from grader.sandbox import Sandbox

AT_ONCE = 2
"""Executions of one attempt that run at the same time, where the sandbox runs as many."""
_PATIENCE = 2
"""Executions that may use up their whole time before the others get less."""
_HURRIED_WALL = 3.0
"""Seconds; still a hundred times what an honest one takes."""
_BRIEF_LINES = 8
_KEPT = 8
"""Texts of an execution that are kept as they are shown: its streams come first."""
WORKSHOP = 'cd "$WORK"'
"""How the learner's line for a workshop begins, after the lines that make it."""


class Shown(NamedTuple):
    """Text of an execution as people see it: harmless, and its middle left out if it is long."""

    whole: str
    brief: str
    """In a few lines, for a message."""


@dataclass(frozen=True)
class Seen:
    """One execution, as text. All of it is hostile; what is shown goes through `show`."""

    execution: Execution
    command: str
    """What to paste into a shell to see the same; `$PROJECT` stands for the learner's folder."""
    cwd: str
    scrub: Scrubber = field(repr=False)
    number: int = field(default=0, compare=False)
    """See `Step`."""
    key: sealing.Key | None = field(default=None, repr=False, compare=False)
    """Opens the report of a probe."""
    unsealed: Command | None = field(default=None, repr=False, compare=False)
    """Of a probe the same lines as a program, where `see` prints."""
    _shown: dict[str, Shown] = field(default_factory=dict, repr=False, compare=False)
    """What was shown before: text of megabytes takes a while to go through."""

    @property
    def ending(self) -> Ending:
        """How it ended."""
        return self.execution.ending

    @property
    def status(self) -> int:
        """Its exit status; 128 + N after signal N."""
        return self.execution.status

    @cached_property
    def stdout(self) -> str:
        """What it printed, line ends as newlines."""
        return decode(self.execution.stdout)

    @cached_property
    def stderr(self) -> str:
        """What it complained of."""
        stderr = decode(self.execution.stderr)
        return bodies.without_our_frames(stderr) if self.execution.command.report else stderr

    @cached_property
    def value(self) -> object:
        """What the probe reported.

        Raises:
            LearnerError: nothing, or not one JSON value, or somebody else reported.
        """
        if self.key is None:
            raise TypeError("Only a probe or a workshop reports a value.")
        return sealing.opened(self.execution.report, self.key)

    @property
    def lines(self) -> list[str]:
        """The lines that it printed; space at their ends, and at the ends of the whole, is left out."""
        return outputs.lines_of(self.stdout)

    @property
    def printed(self) -> str:
        """What it printed, in words for a message."""
        return outputs.in_words(self.stdout)

    @property
    def json(self) -> Any:
        """The JSON value that it printed; None if that isn't just one."""
        return outputs.decoded(self.stdout)

    def shown_as(self, *lines: str) -> Seen:
        """The same execution of a workshop, where the learner reads other lines than those that ran.

        Args:
            lines: for a shell, to be run in the copy; they do the same, and are shorter or stop earlier.
        """
        made, found, _ = self.command.partition(WORKSHOP)
        if not found:
            raise ValueError("shown_as() is for what was seen in a workshop.")
        return replace(self, command="\n".join([made + WORKSHOP, *lines]))

    def step(self) -> Step:
        """The execution as a report shows it."""
        status = self.status if self.ending is Ending.EXITED else None
        out, err = self.show(self.stdout).whole, self.show(self.stderr).whole
        return Step(self.command, self.cwd, status, out, err, self.number)

    def show(self, text: str) -> Shown:
        """Text that came from it, fit to show; what it printed is gone through once, however many checks show it."""
        text = text.strip("\n")
        shown = self._shown.get(text)
        if shown is None:
            # Made harmless and then cut: a path that is cut first is no longer known for one of ours.
            harmless = self.scrub(text)
            shown = Shown(shorten(harmless), shorten(harmless.strip(), lines=_BRIEF_LINES))
            if len(self._shown) < _KEPT:
                self._shown[text] = shown
        return shown


class LearnersSide:
    """All that belongs to one attempt: its folders, its virtualenv, and the sandbox that its executions run in.

    Args:
        root: the attempt's folder, ours alone.
        virtualenv: a fresh one.
        sandbox: where executions run.
        limits: of an ordinary execution.
        build_limits: of a build.
        digest: of the graded files; what is random for this attempt follows from it.
        attempt_limits: of all executions together.
    """

    def __init__(
        self,
        root: Path,
        virtualenv: Virtualenv,
        sandbox: Sandbox,
        limits: Limits,
        build_limits: Limits,
        digest: str,
        attempt_limits: AttemptLimits = AttemptLimits(),  # noqa: B008 - it can't be changed
    ) -> None:
        self.root = root
        self.virtualenv = virtualenv
        self.limits = limits
        self.build_limits = build_limits
        self.digest = digest
        self.budget = Budget(attempt_limits)
        self.remarks: tuple[str, ...] = ()
        """What the learner has to know of the project before any check, as sentences."""
        self.edited: tuple[str, ...] = ()
        """The given files that the learner changed, and that were put back."""
        self.lacking = ""
        """What to say where none of the learner's files is in the project, so that nothing is run; empty otherwise."""
        self.noticed: Callable[[Seen], None] = lambda _: None
        """Told of each execution when it has ended; threads of ours call it."""
        self.builds_apart = False
        """Whether each build is a start of its own, so that one of them can be run again."""
        self._sandbox = sandbox
        self._turns = Turns(min(AT_ONCE, sandbox.at_once or AT_ONCE))
        self._numbers = itertools.count(1)
        self._executions = itertools.count(1)
        self._once = threading.Lock()
        self._overdue = 0
        interpreter = virtualenv.interpreter
        self.scrub = Scrubber(
            [
                (interpreter.prefix, "$PYTHON"),
                (root, "$KATA"),
                (root / "project", "$PROJECT"),
                (root / "empty", "$EMPTY"),
                (root / "home", "$HOME"),
                (virtualenv.path, "$VENV"),
            ]
        )

    @cached_property
    def _toolchain(self) -> Virtualenv:
        return toolchain.prepare(self.virtualenv.interpreter)

    @property
    def toolchain(self) -> Virtualenv:
        """The virtualenv that has setuptools."""
        with self._once:
            self.scrub.name(self._toolchain.path, "$TOOLCHAIN")
            return self._toolchain

    def folder(self, kind: str) -> Path:
        """A new folder's path, where nothing is yet."""
        path = self.root / kind / str(next(self._numbers))
        path.parent.mkdir(exist_ok=True)
        return path

    def varied(self, name: str) -> Draws:
        """Random draws that are the same for the same submission and name, and others after any edit.

        So a report is repeatable, and a constant copied from one report doesn't score in the next.
        """
        return Draws(f"{self.digest} {name}")

    def execute(
        self, command: Command, *, shown: str, key: sealing.Key | None = None, unsealed: Command | None = None
    ) -> Seen:
        """Run a command when it is its turn, and as long as the attempt's budget lasts.

        Args:
            command: what to run.
            shown: the same for the learner's shell.
            key: see `Seen`.
            unsealed: see `Seen`.

        Raises:
            BudgetError: there was not enough left of the budget for all of it.
        """
        with self._turns.turn():
            if self.budget.spent:
                raise BudgetError(self.budget.spent)
            execution = self._sandbox.run(self._hurried(command), self.budget.meter())
            self._overdue += execution.ending is Ending.TIMEOUT
        if execution.ending is Ending.BUDGET:
            raise BudgetError(self.budget.spent)
        number = next(self._executions) if Path(command.argv[0]).is_relative_to(self.root) else 0
        seen = Seen(execution, self.scrub(shown), self.scrub(str(command.cwd)), self.scrub, number, key, unsealed)
        self.noticed(seen)
        return seen

    def _hurried(self, command: Command) -> Command:
        """Code that never ends is mostly code that never ends anywhere: don't wait for it ten times over."""
        if self._overdue < _PATIENCE:
            return command
        return replace(command, limits=replace(command.limits, wall=min(command.limits.wall, _HURRIED_WALL)))

    def stop(self) -> None:
        """Kill what runs; for when the whole grading is to end."""
        self._sandbox.stop()

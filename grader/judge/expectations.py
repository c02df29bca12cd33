"""What a check expects of what it saw, and the message if it isn't so.

A message holds what was expected and what came instead; then the rationale, which is the next question to ask oneself
and never the answer; and at its end what was run, in a form to paste into a shell.
"""

from __future__ import annotations

import contextvars
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from grader.display import shorten
from grader.environment import testing
from grader.errors import LearnerError, ToolchainError
from grader.judge.building import Build, Installed, SourceBuild
from grader.judge.execution import Seen
from grader.judge.outputs import Ran, in_words, lines_of
from grader.model import Ending, Outcome, Step

if TYPE_CHECKING:
    from grader.judge.projects import Project

transcript: contextvars.ContextVar[list[Step]] = contextvars.ContextVar("transcript")
"""The executions that the check under way has looked at."""

_CAME_TO_AN_END = {
    Ending.TIMEOUT: "it did not end in time and was stopped",
    Ending.OUTPUT: "it printed more than {output:,} bytes and was stopped",
    Ending.MEMORY: "its processes held more than {memory:,} bytes of memory and were stopped",
}
_PROJECT_FILES = ("pyproject.toml", "setup.py")
"""What tells pip and build that a folder is a project."""


class Unmet(Exception):  # noqa: N818 - not an error: a finding about the learner's work
    """The learner's work isn't as a check expects.

    Args:
        message: for the learner.
        outcome: `failed` or `timeout`.
    """

    def __init__(self, message: str, outcome: Outcome = Outcome.FAILED) -> None:
        super().__init__(message)
        self.outcome = outcome


class Skipped(Exception):  # noqa: N818 - not an error: a finding about the machine
    """A check can't be made on this machine; its message is the reason."""


def skip(reason: str) -> NoReturn:
    """Leave out a check for want of something that the machine lacks; it counts neither for nor against anybody.

    Called in an observation, it leaves out all checks that look at it. What decides must not run learner code, or a
    learner could leave out whatever they can't do.

    Args:
        reason: a sentence for the learner.
    """
    raise Skipped(reason)


def require_pytest(project: Project) -> None:
    """Leave out a check where the pytest for the learner's side isn't there, and can't be fetched."""
    try:
        testing.prepare(project.virtualenv.interpreter)
    except ToolchainError as error:
        skip(str(error))


class Expectation:
    """Expectations of one execution, one after the other: `expect(seen, "why").status(0).stdout("2 vessels")`.

    Args:
        seen: the execution.
        why: the rationale.
        withhold: whether the message keeps what was expected to itself.
    """

    def __init__(self, seen: Seen, why: str, *, withhold: bool = False) -> None:
        self._seen = seen
        self._why = why
        self._withhold = withhold
        _record(seen)
        if seen.ending is not Ending.EXITED:
            limits = seen.execution.command.limits
            came = _CAME_TO_AN_END[seen.ending].format(output=limits.output, memory=limits.memory)
            outcome = Outcome.TIMEOUT if seen.ending is Ending.TIMEOUT else Outcome.FAILED
            self._unmet("it ends by itself", came, outcome)

    def status(self, wanted: int) -> Expectation:
        """It ended with that exit status."""
        return self.that(f"exit status {wanted}", self._seen.status == wanted, f"exit status {self._seen.status}")

    def stdout(self, *wanted: str) -> Expectation:
        """It printed just these lines; space at the ends of lines and of the whole doesn't count."""
        lines = lines_of("\n".join(wanted))
        return self.that("\n".join(lines), self._seen.lines == lines, self._seen.printed)

    def silent(self) -> Expectation:
        """It printed nothing, neither to stdout nor to stderr."""
        said = self._seen.stdout + self._seen.stderr
        return self.that("no output at all", not said, in_words(said))

    def complains(self) -> Expectation:
        """It said something on stderr and nothing on stdout."""
        self.that("nothing on stdout", not self._seen.stdout.strip(), self._seen.printed)
        return self.that("a message on stderr", bool(self._seen.stderr.strip()), "nothing on stderr")

    def reported(self, shape: Any = Any) -> Any:
        """The probe's value; not there if the code under test ended the process or broke out.

        Args:
            shape: the type that it must have (a dataclass, a TypedDict, `dict[str, list[str]]` …). Code that runs
                beside a probe can report anything in its place, and a check must not stumble over that.
        """
        try:
            return msgspec.convert(self._seen.value, shape)
        except LearnerError as error:
            self._unmet("these lines run without an error", f"{error}; exit status {self._seen.status}")
        except msgspec.ValidationError as error:
            self._unmet("a report of the kind that these lines make", f"another one: {error}")

    def that(self, wanted: str, met: bool, came: object) -> Expectation:
        """Anything else: `wanted` in words, whether it is so, and what came."""
        if not met:
            self._unmet(wanted, came)
        return self

    def equal(self, what: str, wanted: object, came: object) -> Expectation:
        """Two values are equal, as Python compares them, so True equals 1 without a shape; `what` names them."""
        return self.that(f"{what} is {wanted!r}", wanted == came, f"{what} is {came!r}")

    def reports(self, what: str, wanted: object) -> Expectation:
        """The probe's value is equal to this one, as `equal` has it; `what` names it."""
        return self.equal(what, wanted, self.reported())

    def none(self, wanted: str, found: Collection[object], came: str = "", *, between: str = ", ") -> Expectation:
        """There are none of these: `expect(seen, why).none("no driver run", runs, "run: ")`.

        Args:
            wanted: in words.
            found: what there is of them all the same.
            came: words before the list of what there is.
            between: what separates its items.
        """
        return self.that(wanted, not found, came + between.join(map(str, found)))

    def ended(self, what: str, ran: Ran, status: int = 0) -> Expectation:
        """A program that ran in a workshop ended with that exit status; `what` names it."""
        return self.that(f"{what} ends with status {status}", ran.status == status, ran)

    def _unmet(self, wanted: str, came: object, outcome: Outcome = Outcome.FAILED) -> NoReturn:
        seen = self._seen
        rows = [] if self._withhold else [("expected", self._harmless(wanted))]
        rows.append(("got", seen.show(str(came)).whole))
        if seen.stderr.strip():
            rows.append(("stderr", seen.show(seen.stderr).brief))
        raise Unmet(_message(rows, self._why, self._harmless(seen.command, lines=60)), outcome)

    def _harmless(self, text: str, lines: int = 24) -> str:
        # Shown and then cut: a path that is cut first is no longer known for one of ours.
        return shorten(self._seen.scrub(text), lines=lines)


def expect(seen: Seen | Build | SourceBuild | Installed, why: str, *, withhold: bool = False) -> Expectation:
    """Begin to say what a check expects of an execution; see `Expectation`.

    Args:
        seen: an execution; or a build or an installed project, for which that itself is expected to have gone well.
        why: the rationale.
        withhold: whether the message keeps what was expected to itself.
    """
    if isinstance(seen, Build):
        return _expect_built(seen, "wheel", len(seen.wheels), why, withhold=withhold)
    if isinstance(seen, SourceBuild):
        return _expect_built(seen, "source distribution", len(seen.sdists), why, withhold=withhold)
    if isinstance(seen, Installed):
        raise TypeError("expect() takes what was run in an installed environment; use expect_installed() for itself.")
    return Expectation(seen, why, withhold=withhold)


def _expect_built(build: Build | SourceBuild, what: str, count: int, why: str, *, withhold: bool) -> Expectation:
    if build.seen is None:
        raise Unmet(_message([("got", build.trouble)], why))
    expected = Expectation(build.seen, why, withhold=withhold).status(0)
    expected.that(f"one {what}", count == 1 and not build.trouble, build.trouble or f"{count} {what}s")
    # The hook builds a folder with a setup.cfg alone; pip and build, by which learners try it, don't call it for that.
    named = any((build.project / name).is_file() for name in _PROJECT_FILES)
    expected.that(f"a project, which has {' or '.join(_PROJECT_FILES)}", named, "a folder with neither of them")
    if isinstance(build, Build):
        asked, python = str(build.wheels[0].metadata["Requires-Python"] or ""), build.project.virtualenv.interpreter
        expected.that(f"one for Python {python.version}", _takes(asked, python.version), f"Requires-Python: {asked}")
    return expected


def _takes(requires_python: str, version: str) -> bool:
    """Whether pip would build and install a project that asks for these Pythons."""
    if not requires_python:
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # slow, and most checks don't need it

    try:
        return SpecifierSet(requires_python).contains(version, prereleases=True)
    except InvalidSpecifier:
        return True


def expect_installed(installed: Installed, why: str) -> None:
    """The project could be installed."""
    if installed.trouble:
        rows = [("expected", "it installs"), ("got", installed.trouble)]
        raise Unmet(_message(rows, why, "\n".join(installed.recipe)))


def _record(seen: Seen) -> None:
    steps = transcript.get(None)
    if steps is not None and (step := seen.step()) not in steps:  # a check may look at it again, and ask otherwise
        steps.append(step)


def _message(rows: list[tuple[str, str]], why: str, ran: str = "") -> str:
    width = max(len(label) for label, _ in rows) + 2
    shown = ["\n".join(_hanging(label, text, width)) for label, text in rows]
    return "\n".join([*shown, "", why, *(["", *_hanging("ran", ran, len("with: "))] if ran else [])])


def _hanging(label: str, text: str, width: int) -> list[str]:
    first, *rest = text.split("\n")
    return [f"{label + ':':<{width}}{first}", *(" " * width + line for line in rest)]

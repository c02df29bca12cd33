"""Build a learner's project, and install what was built into a fresh virtualenv, far from its source."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from grader.environment import builds, sdists, virtualenvs, wheels
from grader.environment import testing as pytest_environments
from grader.environment.virtualenvs import Virtualenv
from grader.errors import PackagingError
from grader.judge.environments import Environment
from grader.judge.execution import Seen
from grader.model import Command
from grader.sandbox import REPORT

if TYPE_CHECKING:
    from grader.judge.projects import Project

_Came = TypeVar("_Came")


class PlannedBuild(Generic[_Came]):
    """Something that is to be built.

    Args:
        project: what to build it of.
        hook: of PEP 517.
        by_hand: the command for the learner.
        came: makes what checks look at, of the project, what was seen, the files and what is wrong with them.
    """

    def __init__(
        self,
        project: Project,
        hook: str,
        by_hand: str,
        came: Callable[[Project, Seen | None, dict[str, bytes], str], _Came],
    ) -> None:
        self.side = side = project.side
        self._project = project
        self._came = came
        self._copy, self._out = side.folder("builds"), side.folder("out")
        side.scrub.name(self._copy, f"${project.variable}")
        side.scrub.name(self._out, "$OUT")
        self._shown = "\n".join([*project.recipe, f'cd "$(mktemp -d)" && {by_hand} "${project.variable}"'])
        self._words: tuple[str, ...] = ()
        self.trouble = project.absence
        """Why nothing can be built; empty if it can begin."""
        if self.trouble:
            return
        version = side.toolchain.interpreter.version
        try:
            self._words = builds.build_order(project.path, self._copy, self._out, version=version, hook=hook)
        except PackagingError as error:
            self.trouble = side.scrub(str(error))

    def build(self) -> _Came:
        """Build it."""
        if self.trouble:
            return self._came(self._project, None, {}, self.trouble)
        return self.result_of(self.side.execute(self.command(), shown=self._shown))

    def result_of(self, seen: Seen, told: builds.BuildReply | None = None) -> _Came:
        """What came of it.

        Args:
            seen: the execution.
            told: what it said of this build, if it made others as well.
        """
        if told is not None:
            execution = replace(seen.execution, stdout=told.stdout, stderr=told.stderr, report=told.report)
            scrub = self.side.scrub
            seen = replace(seen, execution=execution, command=scrub(self._shown), cwd=scrub(str(self._copy)))
        try:
            return self._came(self._project, seen, builds.built_files(seen.execution.report), "")
        except PackagingError as error:
            return self._came(self._project, seen, {}, self.side.scrub(str(error)))

    def command(self, *others: PlannedBuild[Any]) -> Command:
        """What builds this, and others."""
        plans, tools, home = (self, *others), self.side.toolchain, self.side.root / "home"
        folders = [folder for plan in plans for folder in (plan._copy, plan._out)]
        return Command(
            argv=(str(tools.python), *builds.arguments(REPORT, *(plan._words for plan in plans))),
            cwd=self._copy,
            env=self._project.base_environment(home),
            reads=(*tools.reads, *(plan._project.path for plan in plans)),
            scratch=(*folders, home),
            limits=self.side.build_limits,
            report=True,
        )


def build_together(*plans: PlannedBuild[Any]) -> tuple[Any, ...]:
    """Make several builds, by one start of the build tools, which takes longer than a build.

    What fails there is built again by itself: nothing is to be blamed for another, or cut short by it.

    Args:
        plans: such as `project.wheel()`.
    """
    together = [plan for plan in plans if not plan.trouble] if hasattr(os, "fork") else []
    came: dict[PlannedBuild[Any], Any] = {}
    if len(together) > 1 and not together[0].side.builds_apart:
        first, *others = together
        seen = first.side.execute(first.command(*others), shown="")
        told = builds.read_replies(seen.execution.report) if seen.status == 0 else []
        if len(told) == len(together):
            pairs = zip(together, told, strict=True)
            came = {plan: plan.result_of(seen, its) for plan, its in pairs if its is not None}
    return tuple(came[plan] if plan in came else plan.build() for plan in plans)


@dataclass(frozen=True)
class _BuildResult:
    """What was built, or not."""

    project: Project = field(repr=False)
    seen: Seen | None
    """The build's execution; None where it could not even begin."""


@dataclass(frozen=True)
class Build(_BuildResult):
    """A build and what came of it."""

    wheels: tuple[wheels.Wheel, ...]
    trouble: str
    """Why there is no readable wheel; empty if nothing is wrong with them."""

    @property
    def shipped(self) -> tuple[str, ...]:
        """The files that its one wheel brings to whoever installs it; none if there isn't just one."""
        return tuple(self.wheels[0].shipped) if len(self.wheels) == 1 else ()

    @property
    def listed(self) -> str:
        """What its one wheel holds, in words for a message."""
        return "a wheel with " + (", ".join(self.shipped) or "nothing in it")

    @classmethod
    def of(cls, project: Project, seen: Seen | None, built: dict[str, bytes], trouble: str) -> Self:
        """What came of it, with the wheels that were built."""
        folder = project.side.folder("taken")
        return cls(project, seen, tuple(wheels.read(path) for path in wheels.save(built, folder)), trouble)

    def install(self, *others: Build, variable: str = "VENV", testing: bool = False) -> Installed:
        """Install the one wheel, and those of other builds, into a fresh virtualenv; no project can be seen there.

        Nothing is raised for a wheel that can't be installed: the environment says so.

        Args:
            others: whose wheels are installed, too.
            variable: what the learner reads for the virtualenv's path, where there are several.
            testing: whether pytest is there, too; see `require_pytest`.

        Raises:
            ToolchainError: pytest is to be there, and can't be had.
        """
        side, builds = self.project.side, (self, *others)
        create = pytest_environments.create if testing else virtualenvs.create
        virtualenv = create(side.virtualenv.interpreter, side.folder("installed"))
        side.scrub.name(virtualenv.path, f"${variable}")
        projects = " ".join([*(f'"${build.project.variable}"' for build in builds), *(["pytest"] if testing else [])])
        recipe = (
            *dict.fromkeys(line for build in builds for line in build.project.recipe),
            f'{variable}="$(mktemp -d)" && python -m venv "${variable}"',
            f'"${variable}/bin/python" -m pip install {projects}',
            f'PATH="${variable}/bin:$PATH"',
        )
        troubles = filter(None, [build._install_into(virtualenv) for build in builds])
        return Installed(side, virtualenv, trouble=next(troubles, ""), recipe=recipe)

    def _install_into(self, virtualenv: Virtualenv) -> str:
        """Install the one wheel; says why that can't be."""
        if len(self.wheels) != 1:
            return self.trouble or "There is not exactly one wheel to install."
        try:
            wheels.install(self.wheels[0], virtualenv)
        except PackagingError as error:
            return self.project.side.scrub(str(error))
        return self.trouble


@dataclass(frozen=True)
class SourceBuild(_BuildResult):
    """A build of a source distribution, and what came of it."""

    sdists: tuple[sdists.Sdist, ...]
    trouble: str
    """See `Build`."""

    @classmethod
    def of(cls, project: Project, seen: Seen | None, built: dict[str, bytes], trouble: str) -> Self:
        """What came of it, with the source distributions that were built."""
        return cls(project, seen, sdists.unpack(built, project.side.folder("taken")), trouble)

    def build_wheel(self) -> Build:
        """Build a wheel from what the one source distribution holds, far from the project that it is of.

        Nothing is raised where there isn't one: the build says so.
        """
        if len(self.sdists) != 1:
            trouble = self.trouble or "There is not exactly one source distribution to build from."
            return Build(self.project, None, (), trouble)
        recipe = (
            *self.project.recipe,
            'OUT="$(mktemp -d)" SDIST="$(mktemp -d)"',
            f'python -m build --sdist --outdir "$OUT" "${self.project.variable}"',
            'tar -xzf "$OUT"/*.tar.gz -C "$SDIST" --strip-components 1',
        )
        return replace(self.project, path=self.sdists[0].path, variable="SDIST", recipe=recipe).build_wheel()


@dataclass(frozen=True)
class Installed(Environment):
    """A fresh virtualenv with the project installed, far from its source."""

    trouble: str = field(kw_only=True)
    """Why it could not be installed; empty if it was."""

"""What checks run things in: the learner's project, copies of it, and virtualenvs where it is installed."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from grader.environment import builds, sdists, virtualenvs, wheels
from grader.environment.virtualenvs import Virtualenv
from grader.errors import LearnerError, PackagingError, ran_out
from grader.judge import probes
from grader.judge.environments import Environment
from grader.judge.seeing import Seen
from grader.model import Command
from grader.sandbox import REPORT

_Built = TypeVar("_Built")


@dataclass(frozen=True)
class Project(Environment):
    """The learner's project, or a copy of it."""

    path: Path = field(kw_only=True)
    variable: str = field(default="PROJECT", kw_only=True)
    """What the learner reads for its path."""

    def __truediv__(self, name: str) -> Path:
        """A path in the project."""
        return self.path / name

    @property
    def folders(self) -> tuple[Path, ...]:
        """The project itself."""
        return (self.path,)

    def copy(
        self, name: str = "copy", *, inside: str = "", note: str = "", change: Callable[[Path], None] | None = None
    ) -> Project:
        """A fresh copy of the project in another place.

        Args:
            name: of the folder that it becomes; spaces are welcome.
            inside: a path in that folder where the project goes, if not the folder itself.
            note: what `change` does, in words for the learner.
            change: given the folder of the copy, changes it. It runs in the judge, on a tree that is hostile: write
                files of names that the check chose, into folders that it made, and follow nothing that was there.
        """
        top = self.side.folder("copies") / name
        target = top / inside
        shutil.copytree(self.path, target)
        if change is not None:
            self._change(top, change)
        self.side.scrub.name(top, "$COPY")
        place = f'COPY="$(mktemp -d)"/{shlex.quote(name)}'
        into = f'"$COPY"/{shlex.quote(inside)}' if inside else '"$COPY"'
        recipe: tuple[str, ...] = (f'{place} && mkdir -p {into} && cp -R "${self.variable}"/. {into}',)
        if note:
            recipe = (*recipe, f"# in the copy: {note}")
        return replace(self, path=top, variable="COPY", recipe=(*self.recipe, *recipe))

    def _change(self, top: Path, change: Callable[[Path], None]) -> None:
        try:
            change(top)
        except OSError as error:
            # A file of the learner's may stand where a folder has to be, or the other way round.
            if ran_out(error):
                raise
            where = self.side.scrub(str(error.filename or top)).replace(self.side.scrub(str(top)), "the project", 1)
            raise LearnerError(f"{where} is in the way of what has to be put there: {error.strerror}.") from error

    def part(self, name: str) -> Project:
        """The project that lies in a folder of this one: what is built and run is that folder alone."""
        variable = f"{self.variable}/{name}"
        return replace(self, path=self.path / name, variable=variable)

    def workshop(
        self, body: str, *arguments: str | Path, env: dict[str, str | Path] | None = None, long: bool = False
    ) -> Seen:
        """Run a few lines of Python in a writable copy of the project, which is gone afterwards.

        For whatever takes several steps on files that an earlier step wrote. Beside `see`, the lines have
        `run(*words, cwd=None, env={})`, which runs a program and gives a dictionary of its `status`, `stdout` and
        `stderr`; the word "python" stands for the interpreter. Learner code should run in there by `run` only: then it
        can't get at who reports.

        Args:
            body: the lines; the current folder is the copy.
            arguments: `sys.argv[1:]` for the body.
            env: see `python`.
            long: whether it may take as long as a build.
        """
        work = self.side.root / "work"
        self.side.scrub.name(work, "$WORK")
        body = probes.with_run(body)
        python: list[str | Path] = [self.virtualenv.python, "-B"]
        return replace(self, recipe=(*self.recipe, f'WORK="$(mktemp -d)" && cp -R "${self.variable}"/. "$WORK"'))._run(
            [*python, *probes.furnished(self.path, body, REPORT), *arguments],
            cwd=work,
            env=env or {},
            shown=[*python, "-c", probes.by_hand(body), *arguments],
            report=True,
            limits=self.side.build_limits if long else None,
            scratch=(work,),
        )

    def in_toolchain(self) -> Project:
        """The same project, run in a virtualenv that has setuptools."""
        return replace(self, virtualenv=self.side.toolchain, recipe=(*self.recipe, "# in a virtualenv with setuptools"))

    def build_wheel(self) -> Build:
        """Build a wheel in a fresh copy inside of the sandbox, by the project's own build backend.

        Nothing is raised for a project that can't be built: the build says so.
        """
        return Build(self, *self._build("build_wheel", "python -m pip wheel --no-deps", self._read_wheels))

    def build_sdist(self) -> SourceBuild:
        """Build a source distribution, just as `build_wheel` does a wheel."""
        return SourceBuild(self, *self._build("build_sdist", "python -m build --sdist --outdir .", self._read_sdists))

    def _read_wheels(self, contents: dict[str, bytes]) -> tuple[wheels.Wheel, ...]:
        return tuple(wheels.read(path) for path in wheels.save(contents, self.side.folder("taken")))

    def _read_sdists(self, contents: dict[str, bytes]) -> tuple[sdists.Sdist, ...]:
        return sdists.unpack(contents, self.side.folder("taken"))

    def _build(
        self, hook: str, by_hand: str, read: Callable[[dict[str, bytes]], tuple[_Built, ...]]
    ) -> tuple[Seen | None, tuple[_Built, ...], str]:
        """Run a hook of the build backend; the fields of a build that has no others."""
        copy, out, home = self.side.folder("builds"), self.side.folder("out"), self.side.root / "home"
        self.side.scrub.name(copy, f"${self.variable}")
        self.side.scrub.name(out, "$OUT")
        shown = "\n".join([*self.recipe, f'cd "$(mktemp -d)" && {by_hand} "${self.variable}"'])
        tools = self.side.toolchain
        try:
            arguments = builds.hook_arguments(self.path, out, REPORT, version=tools.interpreter.version, hook=hook)
        except PackagingError as error:
            return None, (), self.side.scrub(str(error))
        command = Command(
            argv=(str(tools.python), *arguments),
            cwd=copy,
            env=self._base_environment(home),
            reads=(*tools.reads, self.path),
            scratch=(copy, out, home),
            limits=self.side.build_limits,
            report=True,
        )
        seen = self.side.execute(command, shown=shown)
        try:
            return seen, read(builds.built_files(seen.execution.report)), ""
        except PackagingError as error:
            return seen, (), self.side.scrub(str(error))


@dataclass(frozen=True)
class Build:
    """A build and what came of it."""

    project: Project = field(repr=False)
    seen: Seen | None
    """The build's execution; None where it could not even begin."""
    wheels: tuple[wheels.Wheel, ...]
    trouble: str
    """Why there is no readable wheel; empty if nothing is wrong with them."""

    def install(self, *others: Build, variable: str = "VENV") -> Installed:
        """Install the one wheel, and those of other builds, into a fresh virtualenv; no project can be seen there.

        Nothing is raised for a wheel that can't be installed: the environment says so.

        Args:
            others: whose wheels are installed, too.
            variable: what the learner reads for the virtualenv's path, where there are several.
        """
        side, builds = self.project.side, (self, *others)
        virtualenv = virtualenvs.create(side.virtualenv.interpreter, side.folder("installed"))
        side.scrub.name(virtualenv.path, f"${variable}")
        projects = " ".join(f'"${build.project.variable}"' for build in builds)
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
class SourceBuild:
    """A build of a source distribution, and what came of it."""

    project: Project = field(repr=False)
    seen: Seen | None
    """See `Build`."""
    sdists: tuple[sdists.Sdist, ...]
    trouble: str
    """See `Build`."""

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

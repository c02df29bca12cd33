"""What checks run things in: the learner's project, and copies of it."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.environment import testing
from grader.errors import LearnerError, ran_out
from grader.judge import project_files
from grader.judge.building import Build, PlannedBuild, SourceBuild
from grader.judge.environments import Argument, Environment
from grader.judge.execution import Seen
from grader.judge.file_changes import edit, put
from grader.judge.probes import bodies, sealing
from grader.model import Command
from grader.sandbox import REPORT


@dataclass(frozen=True)
class Project(Environment):
    """The learner's project, or a copy of it."""

    path: Path = field(kw_only=True)
    variable: str = field(default="PROJECT", kw_only=True)
    """What the learner reads for its path."""
    importable: tuple[str, ...] = field(default=(), kw_only=True)
    """See `on_path`."""

    def __truediv__(self, name: str) -> Path:
        """A path in the project."""
        return self.path / name

    @property
    def folders(self) -> tuple[Path, ...]:
        """The project itself.

        Raises:
            LearnerError: it is a part of the learner's project, and not there.
        """
        if self.absence:
            raise LearnerError(self.absence)
        return (self.path,)

    @property
    def absence(self) -> str:
        """Why nothing can be run or built here: a part of the project isn't there; empty if all is well."""
        name = self.variable.partition("/")[2]
        return project_files.lacking(self.path, name) if name else ""

    @property
    def variables(self) -> dict[str, str | Path]:
        """PYTHONPATH, if anything of the project is on it."""
        places = [str(self / name) for name in self.importable]
        return {"PYTHONPATH": os.pathsep.join(places)} if places else {}

    def on_path(self, *names: str) -> Project:
        """The same project, on PYTHONPATH when something is run: `project.on_path().probe("import report")`.

        A workshop's own lines don't get it: what reports there must not import from the learner's folders.

        Args:
            names: folders or archives in it, in this order, or absolute paths; by default its own folder.
        """
        return replace(self, importable=names or (".",))

    def inner(self, file: object) -> str:
        """The path of a file from the project's folder, with slashes; empty if it lies elsewhere or is no path."""
        folder = str(self.path) + os.sep
        return file[len(folder) :].replace(os.sep, "/") if isinstance(file, str) and file.startswith(folder) else ""

    def copy(
        self,
        name: str = "copy",
        *,
        inside: str = "",
        note: str = "",
        files: Mapping[str, str | bytes] | None = None,
        edits: Mapping[str, tuple[str, str]] | None = None,
        change: Callable[[Path], None] | None = None,
    ) -> Project:
        """A fresh copy of the project's plain files and folders in another place.

        Args:
            name: of the folder that it becomes; spaces are welcome.
            inside: a path in that folder where the project goes, if not the folder itself.
            note: what is changed there, in words for the learner, in one line or more.
            files: the content of files that are put there, by their paths from the folder of the copy; whatever the
                learner has in the way of one goes.
            edits: the old and the new text in files that are there, by their paths.
            change: given the folder of the copy, makes other changes, after those. It runs in the judge, on a tree that
                is hostile: write files of names that the check chose, into folders that it made, and follow nothing
                that was there.
        """
        top = self.side.folder("copies") / name
        target = top / inside
        shutil.copytree(self.path, target, ignore=_not_plain)
        with self._changing(top):
            put(top, files or {})
            edit(top, edits or {})
            if change is not None:
                change(top)
        self.side.scrub.name(top, "$COPY")
        place = f'COPY="$(mktemp -d)"/{shlex.quote(name)}'
        into = f'"$COPY"/{shlex.quote(inside)}' if inside else '"$COPY"'
        recipe: tuple[str, ...] = (f'{place} && mkdir -p {into} && cp -R "${self.variable}"/. {into}',)
        if note:
            recipe = (*recipe, "\n# ".join(f"# in the copy: {note}".split("\n")))
        return replace(self, path=top, variable="COPY", recipe=(*self.recipe, *recipe))

    @contextmanager
    def _changing(self, top: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # A file of the learner's may stand where a folder has to be, or the other way round.
            if ran_out(error):
                raise
            if error.errno != errno.EEXIST and (wrong := project_files.trouble(error, self.side.root)):
                raise LearnerError(wrong) from error
            where = self.side.scrub(str(error.filename or top)).replace(self.side.scrub(str(top)), "the project", 1)
            raise LearnerError(f"{where} is in the way of what has to be put there: {error.strerror}.") from error

    def part(self, name: str) -> Project:
        """The project that lies in a folder of this one: what is built and run is that folder alone.

        Where the folder is missing, builds say so, and a check that looks at something run there fails with that.
        """
        variable = f"{self.variable}/{name}"
        return replace(self, path=self.path / name, variable=variable)

    def workshop(
        self,
        body: str,
        *arguments: Argument,
        given: Mapping[str, sealing.Value] | None = None,
        env: dict[str, str | Path] | None = None,
        long: bool = False,
    ) -> Seen:
        """Run a few lines of Python in a writable copy of the project, which is gone afterwards.

        For whatever takes several steps on files that an earlier step wrote. Beside `see`, the lines have
        `run(*words, cwd=None, env={})`, which runs a program and gives a dictionary of its `status`, `stdout` and
        `stderr`; the word "python" stands for the interpreter. Learner code runs in there by `run` only: the lines
        themselves can import the standard library and nothing else, so that nothing of the learner's reports.

        Args:
            body: the lines; the current folder is the copy.
            arguments: `sys.argv[1:]` for the body.
            given: see `probe`.
            env: see `python`.
            long: whether it may take as long as a build.
        """
        work, given, env, key = self.side.root / "work", given or {}, env or {}, sealing.new_key()
        self.side.scrub.name(work, "$WORK")
        body = bodies.with_run(body)
        python: list[Argument] = [self.virtualenv.python, "-B"]
        stdin = sealing.sealed(
            bodies.furnished(self.path, body, bodies.first_line(given)),
            key,
            self.virtualenv.interpreter,
            given=given,
            search_path=str(env["PYTHONPATH"]) if "PYTHONPATH" in env else None,
            site=False,
            alone=True,
        )
        limits = self.side.build_limits if long else self.side.limits

        def command(*words: str, env: Mapping[str, str | Path]) -> Command:
            made = self.command([*python, *words, *arguments], cwd=work, env=dict(env), scratch=(work,))
            return replace(made, limits=limits)

        inner = {name: value for name, value in env.items() if name != "PYTHONPATH"}
        shown = replace(self, recipe=(*self.recipe, f'WORK="$(mktemp -d)" && cp -R "${self.variable}"/. "$WORK"'))
        return self.side.execute(
            replace(
                command(*sealing.arguments(REPORT, self.virtualenv.interpreter), env=inner), stdin=stdin, report=True
            ),
            shown=shown.by_hand([*python, "-c", bodies.by_hand(body, given, env), *arguments], work, env),
            key=key,
            unsealed=command("-c", bodies.furnished_by_hand(self.path, body, given, env), env=env),
        )

    def in_toolchain(self) -> Project:
        """The same project, run in a virtualenv that has setuptools."""
        return replace(self, virtualenv=self.side.toolchain, recipe=(*self.recipe, "# in a virtualenv with setuptools"))

    def with_pytest(self) -> Project:
        """The same project, run in a fresh virtualenv that has pytest and nothing else; see `require_pytest`.

        Raises:
            ToolchainError: pytest can't be had.
        """
        virtualenv = testing.create(self.virtualenv.interpreter, self.side.folder("testing"))
        self.side.scrub.name(virtualenv.path, "$TESTING")
        recipe = (
            *self.recipe,
            'TESTING="$(mktemp -d)" && python -m venv "$TESTING"',
            '"$TESTING/bin/python" -m pip install pytest',
            'PATH="$TESTING/bin:$PATH"',
        )
        return replace(self, virtualenv=virtualenv, recipe=recipe)

    def within(self, environment: Environment) -> Project:
        """The same project, run in the virtualenv of something that was installed."""
        recipe = tuple(dict.fromkeys((*self.recipe, *environment.recipe)))
        return replace(self, virtualenv=environment.virtualenv, recipe=recipe)

    def wheel(self) -> PlannedBuild[Build]:
        """A wheel that is to be built in a fresh copy inside of the sandbox, by the project's own build backend."""
        return PlannedBuild(self, "build_wheel", "python -m pip wheel --no-deps", Build.of)

    def sdist(self) -> PlannedBuild[SourceBuild]:
        """A source distribution that is to be built, just as `wheel` is."""
        return PlannedBuild(self, "build_sdist", "python -m build --sdist --outdir .", SourceBuild.of)

    def build_wheel(self) -> Build:
        """Build a wheel.

        Nothing is raised for a project that can't be built: the build says so.
        """
        return self.wheel().build()

    def build_sdist(self) -> SourceBuild:
        """Build a source distribution, just as `build_wheel` does a wheel."""
        return self.sdist().build()


def _not_plain(folder: str, _: list[str]) -> list[str]:
    """Links, pipes and the like: no project comes with any, but in the `process` tier its own code can make some."""
    with os.scandir(folder) as entries:
        return [each.name for each in entries if each.is_symlink() or not (each.is_file() or each.is_dir())]

"""A virtualenv in which checks run things, and the same as a line for the learner's shell."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, TypeAlias

from grader.environment.virtualenvs import Virtualenv
from grader.judge.draws import Draws
from grader.judge.execution import LearnersSide, Seen
from grader.judge.probes import bodies, sealing, steps
from grader.model import Command
from grader.sandbox import REPORT

_PLAIN = re.compile(r"(/[\w .+,@%=:/-]*)?")
"""What may follow a variable inside double quotes."""


Argument: TypeAlias = str | int | float | Path
"""A word of a command line; a number is written as Python writes it."""


@dataclass(frozen=True)
class Environment:
    """A virtualenv in which to run things; `Project` and `Installed` are the two kinds that checks meet."""

    side: LearnersSide = field(repr=False)
    virtualenv: Virtualenv = field(repr=False)
    recipe: tuple[str, ...] = field(default=(), kw_only=True)
    """Shell lines that make what is run here, for the learner to repeat."""
    neighbours: tuple[Virtualenv, ...] = field(default=(), repr=False, kw_only=True)
    """Virtualenvs that executions may read besides their own."""

    def beside(self, *others: Environment) -> Self:
        """The same, where executions can read the virtualenvs of others, to put them on PYTHONPATH."""
        recipes = [*(other.recipe for other in others), self.recipe]
        recipe = tuple(dict.fromkeys(line for each in recipes for line in each))
        return replace(self, recipe=recipe, neighbours=tuple(other.virtualenv for other in others))

    def varied(self, name: str) -> Draws:
        """Random draws, the same for the same submission and name, and others after any edit.

        So a report is repeatable, and a constant copied from one report doesn't score in the next.
        """
        return self.side.varied(name)

    @property
    def folders(self) -> tuple[Path, ...]:
        """What executions may read beyond the virtualenv."""
        return ()

    @property
    def variables(self) -> dict[str, str | Path]:
        """What executions have in their environment before a check names more."""
        return {}

    def python(
        self,
        *arguments: Argument,
        cwd: Path | None = None,
        env: dict[str, str | Path] | None = None,
        stdin: str = "",
    ) -> Seen:
        """Run the virtualenv's interpreter, without writing bytecode.

        Args:
            arguments: of the interpreter; a `Path` or a number is given as text.
            cwd: the current directory; by default a folder that is empty and unrelated.
            env: variables beyond PATH, HOME, LANG and PYTHONHASHSEED, which are all that there are.
            stdin: what it reads there; by default nothing.
        """
        return self._run([self.virtualenv.python, "-B", *arguments], cwd=cwd, env=env or {}, stdin=stdin)

    def script(self, name: str, *arguments: Argument, cwd: Path | None = None) -> Seen:
        """Run an installed command."""
        return self._run([self.virtualenv.scripts / name, *arguments], cwd=cwd, env={})

    def probe(
        self,
        body: str,
        *arguments: Argument,
        given: Mapping[str, sealing.Value] | None = None,
        cwd: Path | None = None,
        env: dict[str, str | Path] | None = None,
        options: Sequence[str] = (),
    ) -> Seen:
        """Run a few lines of Python that end with `see(value)`; the value is what checks look at.

        They run one statement at a time, each with the names that it reads. A statement either asks learner code for
        something or stores it, and not both: what has been stored is then out of its reach. The learner is shown the
        very lines, so they should read well.

        Args:
            body: the lines; `see` takes one value of plain types.
            arguments: `sys.argv[1:]` for the body, which learner code can read from the start; see `given`.
            given: values of plain types by the names that the lines have for them; each is in reach of learner code
                from the statement that uses it.
            cwd: see `python`.
            env: see `python`.
            options: of the interpreter.
        """
        given, env, key = given or {}, self.variables | (env or {}), sealing.new_key()
        before: list[Argument] = [self.virtualenv.python, "-B", *options]
        hand = [*before, "-c", bodies.by_hand(body, given, env), *arguments]
        stdin = sealing.sealed(
            steps.split(bodies.dedent(body), bodies.first_line(given)),
            key,
            self.virtualenv.interpreter,
            given=given,
            search_path=str(env["PYTHONPATH"]) if "PYTHONPATH" in env else None,
            site="-S" not in options,
        )
        inner = {name: value for name, value in env.items() if name != "PYTHONPATH"}
        command = self.command(
            [*before, *sealing.arguments(REPORT, self.virtualenv.interpreter), *arguments], cwd=cwd, env=inner
        )
        return self.side.execute(
            replace(command, stdin=stdin, report=True, sealed=True),
            shown=self.by_hand(hand, cwd, env),
            key=key,
            unsealed=self.command(hand, cwd=cwd, env=env),
        )

    def _run(self, argv: Sequence[Argument], *, cwd: Path | None, env: dict[str, str | Path], stdin: str = "") -> Seen:
        env = self.variables | env
        command = replace(self.command(argv, cwd=cwd, env=env), stdin=stdin.encode())
        return self.side.execute(command, shown=self.by_hand(argv, cwd, env))

    def command(
        self,
        argv: Sequence[Argument],
        *,
        cwd: Path | None = None,
        env: dict[str, str | Path],
        scratch: tuple[Path, ...] = (),
    ) -> Command:
        """What runs a program of the virtualenv; see `python`."""
        empty, home = self.side.root / "empty", self.side.root / "home"
        variables = {name: str(value) for name, value in env.items()}
        return Command(
            argv=tuple(str(argument) for argument in argv),
            cwd=cwd or empty,
            env=self.base_environment(home) | variables,
            reads=(*self.virtualenv.reads, *self.folders, *(each.path for each in self.neighbours)),
            scratch=(empty, home, *scratch),
            limits=self.side.limits,
        )

    def base_environment(self, home: Path) -> dict[str, str]:
        """All variables that an execution has unless a check names more."""
        path = os.pathsep.join(
            [str(self.virtualenv.scripts), *(() if sys.platform == "win32" else ("/usr/bin", "/bin"))]
        )
        # With a fixed seed a set prints the same way twice, and so does the report.
        return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}

    def by_hand(self, argv: Sequence[Argument], cwd: Path | None, env: dict[str, str | Path]) -> str:
        """The same for the learner's shell."""
        program = Path(str(argv[0])).name
        words = [program.removesuffix(".exe"), *(self._quote(argument) for argument in argv[1:])]
        variables = [f"{name}={self._quote(value)}" for name, value in env.items()]
        where = 'cd "$(mktemp -d)"'
        if cwd is not None and cwd != self.side.root / "empty":
            where = f"cd {self._quote(cwd)}"
        return "\n".join([*self.recipe, " ".join([where, "&&", *variables, *words])])

    def _quote(self, word: Argument) -> str:
        """A word for the shell, where paths of the attempt are variables."""
        return "".join(_quoted(name, rest) for name, rest in self.side.scrub.pieces(str(word))) or "''"


def _quoted(name: str, rest: str) -> str:
    if not name:
        return shlex.quote(rest) if rest else ""
    if _PLAIN.fullmatch(rest):
        return f'"{name}{rest}"'
    return f'"{name}"{shlex.quote(rest)}'

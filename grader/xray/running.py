"""The import x-ray of one execution: the life of an attempt, with one of its commands run again under the recorder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader import intake
from grader.catalog import Exercise
from grader.display import visible
from grader.environment.interpreters import Interpreter
from grader.environment.virtualenvs import Virtualenv
from grader.errors import UsageError
from grader.judge.building import Installed
from grader.judge.checking import running
from grader.judge.environments import Environment
from grader.judge.execution import Seen
from grader.judge.preparation import prepare
from grader.judge.projects import Project
from grader.model import CheckResult, Command, Outcome
from grader.sandbox import Sandbox
from grader.xray import commands
from grader.xray.tree.imports import Process, Xray, all_loads
from grader.xray.tree.recorder_lines import lines_of
from grader.xray.tree.tree_builder import processes


@dataclass(frozen=True)
class _ChosenCommand:
    """The command to look at."""

    command: Command
    shown: str
    check: CheckResult | None = None


def xray(
    folder: Path,
    exercise: Exercise,
    *,
    words: Sequence[str],
    interpreter: Interpreter,
    sandbox: Sandbox,
    everything: bool = False,
) -> Xray:
    """Look at the imports of one command.

    Args:
        folder: the project, or an archive of it; nothing in it is changed.
        exercise: what it is a project of.
        words: the command; none: that of the first check that failed, or else of the first check.
        interpreter: runs the learner's code.
        sandbox: confines it.
        everything: whether the standard library's own import statements are of interest, too.

    Raises:
        UsageError: there is no such command, or none whose imports can be looked at.
        IntakeError: the project can't be taken in.
        InfrastructureError: ours failed.
    """
    with tempfile.TemporaryDirectory(prefix="kata-", dir=sandbox.folder, ignore_cleanup_errors=True) as temporary:
        root = Path(temporary).resolve()
        project = prepare(folder, exercise, root, interpreter=interpreter, sandbox=sandbox)
        chosen = _command_of_words(project, words) if words else _command_of_check(exercise, project)
        virtualenv = _virtualenv_of(project, chosen.command)
        seen = commands.run(project.side, virtualenv, chosen.command, shown=chosen.shown, everything=everything)
        made = _to_xray(exercise, chosen, seen, interpreter, sandbox)
        edited = intake.said_of_edited(project.side.edited)
        made.trouble[:0] = (*filter(None, [edited]), *project.side.remarks)
        return made


def _to_xray(
    exercise: Exercise, chosen: _ChosenCommand, seen: Seen, interpreter: Interpreter, sandbox: Sandbox
) -> Xray:
    lines, whole = lines_of(seen.execution.report)
    found = processes(lines, seen.scrub)
    step, check = seen.step(), chosen.check
    return Xray(
        exercise=exercise.slug,
        number=exercise.number,
        title=exercise.about.title,
        python=interpreter.version,
        sandbox=sandbox.tier,
        check=None if check is None else check.title,
        outcome=None if check is None else check.outcome.value,
        command=step.command,
        cwd=step.cwd,
        status=step.status,
        stdout=step.stdout,
        stderr=step.stderr,
        processes=found,
        trouble=list(_trouble(chosen.command, found, whole=whole)),
    )


def _trouble(command: Command, found: Sequence[Process], *, whole: bool) -> Iterator[str]:
    if not found and commands.leaves_out_site(command.argv[1:]):
        yield "With -S Python leaves out `site`, which starts the recorder: nothing could be seen. Try it without -S."
    elif not found:
        yield "The recorder was not started, so nothing could be seen: is this a Python program, and did it start?"
    if not whole:
        yield commands.UNREADABLE
    if any(load.name == "subprocess" for process in found[:1] for load in all_loads(process.steps)):
        yield "If it started a Python of another virtualenv, or one with -S, that could not be seen."


def _command_of_check(exercise: Exercise, project: Project) -> _ChosenCommand:
    """The last command that the first failed check looked at; if nothing failed, the first check's."""
    ran: list[Seen] = []
    project.side.noticed = ran.append
    checks = running.run(exercise, project)
    usable = {seen.number: seen for seen in ran if seen.number and _can_be_traced(project, _command(seen))}
    failed = [check for check in checks if check.outcome in (Outcome.FAILED, Outcome.TIMEOUT)]
    for check in failed or checks:
        for step in reversed(check.transcript):
            if step.number in usable:
                return _ChosenCommand(_command(usable[step.number]), step.command, check)
    raise UsageError(
        f"No check of {exercise.slug} that {'failed' if failed else 'is there'} runs a program of yours: they build "
        f"it, or did not get so far. Name a command: kata xray {exercise.slug} -- python …"
    )


def _command(seen: Seen) -> Command:
    """What to run again: of a probe its lines as a program, where `see` prints."""
    return seen.unsealed or seen.execution.command


def _can_be_traced(project: Project, command: Command) -> bool:
    """Whether it is Python, or a script of the virtualenv that was really installed."""
    return commands.can_be_traced(command, _virtualenv_of(project, command))


def _virtualenv_of(project: Project, command: Command) -> Virtualenv:
    """Whose program it is."""
    return Virtualenv(Path(command.argv[0]).parents[1], project.virtualenv.interpreter)


def _command_of_words(project: Project, words: Sequence[str]) -> _ChosenCommand:
    """The command of somebody's own, as it would run in the project's folder."""
    given, rest = commands.split_variables(words)
    variables: dict[str, str | Path] = {**given}
    where: Environment = project
    if not commands.PYTHON.fullmatch(rest[0]):
        where = _installed(project, rest[0])
    program = where.virtualenv.python if where is project else where.virtualenv.scripts / rest[0]
    argv: list[str | Path] = [program, *rest[1:]]
    command = where.command(argv, cwd=project.path, env=variables)
    command = replace(command, reads=(*command.reads, project.path))
    return _ChosenCommand(command, where.by_hand(argv, project.path, variables))


def _installed(project: Project, name: str) -> Installed:
    """Where the project is installed, and has a command of that name."""
    if name.endswith(".py") or len(Path(name).parts) > 1:
        raise UsageError(f"A command begins with python or the name of an installed one: try -- python {visible(name)}")
    installed = project.build_wheel().install()
    if installed.trouble:
        raise UsageError(f"{visible(name)} is not python, and the project can't be installed: {installed.trouble}")
    commands_there = sorted(path.name for path in installed.virtualenv.scripts.iterdir())
    if name not in commands_there:
        own = [each for each in commands_there if not commands.PYTHON.fullmatch(each)]
        if not own:
            raise UsageError(f"This project installs no commands, so there is no {visible(name)}.")
        raise UsageError(f"This project installs no command {visible(name)}, but {', '.join(map(visible, own))}.")
    return installed

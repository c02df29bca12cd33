"""Repeat what a check ran: its files are laid out in a folder that stays, and the last of its commands runs again."""

from __future__ import annotations

import math
import os
import shlex
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Exercise
from grader.environment import builds, sdists, wheels
from grader.environment.interpreters import Interpreter
from grader.errors import PackagingError, UsageError
from grader.judge.budget import Budget
from grader.judge.checking import running
from grader.judge.execution import Seen
from grader.judge.preparation import prepare
from grader.model import AttemptLimits, CheckResult, Command
from grader.sandbox import REPORT, Sandbox

_SCRIPT = "again.sh"
_PREFIX = "kata-repeat-"
_SUFFIX_OF_WHEELS = ".whl"


@dataclass(frozen=True, slots=True)
class Repetition:
    """A check, and what came when its last command ran again."""

    check: CheckResult
    """What it said, for the files as they are."""
    folder: Path
    """Where all of it is laid out; nobody else removes it."""
    script: Path | None = None
    """Runs the command once more, in a shell; None if the check ran nothing or this system has no such shell."""
    lines: str = ""
    """The same for people: what they would type, where the folder is."""
    before: Seen | None = None
    """What the check looked at last; None if it ran nothing."""
    again: Seen | None = None
    """The same, run again: of a probe its lines as a program, where `see` prints."""
    built: tuple[str, ...] | None = None
    """The files in what a build made; None if it was no build."""


def find(checks: Sequence[CheckResult], name: str | None) -> CheckResult:
    """The check that is meant: of that name, or of the only one that holds it; without a name, the first lost one.

    Args:
        checks: of an attempt.
        name: as somebody typed it, with or without `test_`; None for the first that was lost.

    Raises:
        UsageError: none or several are of that name.
    """
    if name is None:
        lost = (check for check in checks if check.points < check.max_points)
        return next((check for check in lost if check.transcript), checks[0])
    exact = [check for check in checks if name in (check.id, check.id.removeprefix("test_"))]
    found = exact or [check for check in checks if name in check.id]
    if len(found) != 1:
        what = "more than one check" if found else "no check"
        names = ", ".join(check.id for check in found or checks)
        raise UsageError(f"There is {what} named {name!r}. Name one of: {names}.")
    return found[0]


def repeat(
    folder: Path, exercise: Exercise, name: str | None, *, interpreter: Interpreter, sandbox: Sandbox
) -> Repetition:
    """Grade a project in a folder that stays, and run the last command of a check again.

    Args:
        folder: the project, or an archive of it; nothing in it is changed.
        exercise: what it is a project of.
        name: of the check; see `find`.
        interpreter: runs the learner's code.
        sandbox: confines it.

    Raises:
        UsageError: there is no such check.
        IntakeError: the project can't be taken in.
        InfrastructureError: ours failed.
    """
    return repeat_all(folder, exercise, [name], interpreter=interpreter, sandbox=sandbox)[0]


def repeat_all(
    folder: Path, exercise: Exercise, names: Sequence[str | None], *, interpreter: Interpreter, sandbox: Sandbox
) -> list[Repetition]:
    """The same for several checks, in one folder; see `repeat`."""
    root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=sandbox.folder.parent)).resolve()
    try:
        return _repeat_all(folder, exercise, names, root, interpreter, sandbox)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise


def _repeat_all(
    folder: Path,
    exercise: Exercise,
    names: Sequence[str | None],
    root: Path,
    interpreter: Interpreter,
    sandbox: Sandbox,
) -> list[Repetition]:
    project = prepare(folder, exercise, root, interpreter=interpreter, sandbox=sandbox)
    side, ran = project.side, list[Seen]()
    side.noticed, side.builds_apart = ran.append, True
    checks = running.run(exercise, project)
    made = []
    for number, check in enumerate([find(checks, name) for name in names]):
        seen = _last(check, ran)
        if seen is None:
            made.append(Repetition(check, root))
            continue
        command = seen.unsealed or seen.execution.command
        side.budget = Budget(AttemptLimits(math.inf, math.inf))  # the checks may have used up theirs
        again = side.execute(command, shown=seen.command)
        built = _built(again, root / f"built-{number}") if command.report else None
        script, lines = _write_script(check, command, root), _lines(seen, command)
        made.append(Repetition(check, root, script, lines, seen, again, built))
    return made


def _last(check: CheckResult, ran: Sequence[Seen]) -> Seen | None:
    """The last execution that a check looked at."""
    if not check.transcript:
        return None
    last = check.transcript[-1]
    # Those of the build tools have no number; of the others the learner may be shown other lines than those that ran.
    return next(
        (
            each
            for each in reversed(ran)
            if each.number == last.number and (last.number or each.command == last.command)
        ),
        None,
    )


def _built(again: Seen, folder: Path) -> tuple[str, ...]:
    """The files in what a build made, or why they can't be told."""
    try:
        files = builds.built_files(again.execution.report)
        packed = {name: content for name, content in files.items() if name.endswith(_SUFFIX_OF_WHEELS)}
        if packed:
            return tuple(name for path in wheels.save(packed, folder) for name in wheels.read(path).names)
        return tuple(name for each in sdists.unpack(files, folder) for name in each.names)
    except PackagingError as error:
        return (again.scrub(str(error)),)


def _write_script(check: CheckResult, command: Command, root: Path) -> Path | None:
    """A script for a shell that does the same: `again.sh`, or of further checks one of the check's name."""
    if os.name != "posix":
        return None
    emptied = [shlex.quote(str(each)) for each in command.scratch if each.is_relative_to(root)]
    inherited = [f"{name}={shlex.quote(value)}" for name, value in sorted(command.env.items())]
    report = f" 9> {shlex.quote(str(root / 'report'))}" if command.report else ""
    words = [shlex.quote("9" if word == REPORT else word) for word in command.argv]
    lines = [
        "#!/bin/sh",
        f"# What {check.id} ran last.",
        *([f"rm -rf {' '.join(emptied)} && mkdir -p {' '.join(emptied)} || exit"] if emptied else []),
        f"cd {shlex.quote(str(command.cwd))} || exit",
        " \\\n    ".join(["exec env -i", *inherited, f"{' '.join(words)} < {_stdin(command, root)}{report}"]),
        "",
    ]
    script = root / _SCRIPT
    if script.exists():
        script = root / f"{check.id}.sh"
    script.write_text("\n".join(lines), encoding="utf-8")
    script.chmod(0o755)
    return script


def _lines(seen: Seen, command: Command) -> str:
    if command.report:  # a build: what runs is ours, and does what pip or build would do
        way = seen.command.splitlines()[-1].rpartition(" && ")[2].rpartition(" ")[0]
        return f"{way} {shlex.quote(str(command.reads[-1]))}"
    known = {"PATH", "HOME", "LANG", "PYTHONHASHSEED"}
    variables = [f"{name}={shlex.quote(value)}" for name, value in command.env.items() if name not in known]
    program, *arguments = command.argv
    words = [Path(program).name, *map(shlex.quote, arguments)]
    return f"cd {shlex.quote(str(command.cwd))}\n{' '.join([*variables, *words])}"


def _stdin(command: Command, root: Path) -> str:
    if not command.stdin:
        return os.devnull
    file = Path(tempfile.mkstemp(prefix="stdin-", dir=root)[1])
    file.write_bytes(command.stdin)
    return shlex.quote(str(file))

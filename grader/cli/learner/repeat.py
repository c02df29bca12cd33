"""`kata repeat`."""

from __future__ import annotations

import shlex
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import click

from grader import sandbox
from grader.cli.learner.exercises import place_option
from grader.cli.learner.xray import chosen_task
from grader.cli.options import (
    GRADED,
    console,
    exercise_here,
    exercise_names,
    loaded_catalog,
    sandbox_option,
    warn_of_weaker,
)
from grader.environment import interpreters
from grader.errors import UsageError
from grader.explaining import messages
from grader.learning.guidance import repeating
from grader.learning.guidance.repeating import Repetition
from grader.model import Ending, Outcome


@click.command(
    epilog="EXERCISE is a name or number; without it, that of the project in whose folder you are. CHECK is a name "
    "like test_import, or a part of it; without it, the first check that is lost."
)
@click.argument("words", nargs=-1, metavar="[EXERCISE] [CHECK]", shell_complete=exercise_names)
@place_option
@click.option("--project", type=click.Path(path_type=Path), metavar="PATH", help="Take this folder or archive.")
@click.option("--solutions", is_flag=True, help="Take the reference solution.")
@click.option("--python", metavar="PYTHON", help="Version or path of the interpreter.")
@sandbox_option
@click.pass_context
def repeat_(
    context: click.Context,
    words: tuple[str, ...],
    workspace: Path | None,
    project: Path | None,
    solutions: bool,
    python: str | None,
    tier: str,
) -> int:
    """Run again what a check ran last, in a copy that stays.

    Your project is copied into a new folder, with all that the check changes and adds. There you find a script that
    runs the same command, as often as you like.
    """
    exercise, check = _exercise_and_check(context, words)
    task = chosen_task(context, exercise, workspace, project, solutions=solutions)
    warn_of_weaker(tier)
    interpreter = interpreters.find(python) if python else interpreters.current()
    with closing(sandbox.choose(tier, hidden=loaded_catalog(context).hidden)) as confined:
        made = repeating.repeat(task.folder, task.exercise, check, interpreter=interpreter, sandbox=confined)
    _show(made, f"{task.exercise.number:02} {task.exercise.slug}")
    return GRADED


def _exercise_and_check(context: click.Context, words: tuple[str, ...]) -> tuple[str, str | None]:
    if len(words) > 2:  # noqa: PLR2004 - an exercise and a check
        raise UsageError(f"Give an exercise and a check, not more: {' '.join(map(shlex.quote, words))}")
    here = exercise_here(context)
    if here is not None and len(words) < 2 and not (words and _names_exercise(context, words[0])):  # noqa: PLR2004 - as above
        return here, words[0] if words else None
    if not words:
        raise click.UsageError("Name an exercise, like 01 or path_appending; you are not in the folder of one.")
    return words[0], words[1] if words[1:] else None


def _names_exercise(context: click.Context, word: str) -> bool:
    try:
        return bool(loaded_catalog(context).find([word]))
    except UsageError:
        return False


def _show(made: Repetition, exercise: str) -> None:
    shown = console(sys.stdout)

    def line(text: str, style: str = "") -> None:
        shown.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    check = made.check
    passed = check.outcome is Outcome.PASSED
    line(f"{exercise}: {check.title}", "bold")
    line(f"This check is {'passed' if passed else check.outcome.value}.", "green" if passed else "red")
    message = messages.without_command(check.message or "")
    if message:
        line(f"\n{textwrap.indent(message, '    ', lambda _: True)}")
    if made.before is None or made.again is None:
        line("\nIt runs nothing of yours that could be repeated: it looks at files, or another check comes first.")
        line(f"The files: {made.folder}")
        return
    line("\nIt runs this last:", "bold")
    line(textwrap.indent(made.lines, "    "))
    if made.script is not None:
        line("\nThis runs it again, as it was run here:", "bold")
        line(f"    sh {shlex.quote(str(made.script))}")
    step = made.again.step()
    line("\nThis came:", "bold")
    for name, text in (("stdout", step.stdout), ("stderr", step.stderr)):
        if text.strip():
            line(f"  {name}", "dim")
            line(textwrap.indent(text.rstrip("\n"), "    "))
    ended = f"exit status {step.status}" if made.again.ending is Ending.EXITED else "it was stopped at a limit"
    line(f"  {ended}", "dim")
    if made.built is not None:
        line("\nThis was built:", "bold")
        line(textwrap.indent("\n".join(made.built) or "nothing", "    "))
    line(f"\nThe files stay in {made.folder} until you delete it.")

"""The report for a person at a terminal: a table, the first thing to fix, and where to go from there."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.display import as_typed
from grader.explaining import messages, places
from grader.model import WAITS, Attempt, Cause, CheckResult, Outcome, Run, Verdict
from grader.progress import usual_workspaces
from grader.reports.numbers import percent_text

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.TIMEOUT: "red",
    Outcome.ERROR: "yellow",
    Outcome.SKIPPED: "dim",
    Verdict.UNGRADED: "yellow",
}


@dataclass(frozen=True, slots=True)
class FilesToOpen:
    """What to open for an exercise."""

    readme: Path
    project: Path
    learner: tuple[str, ...]
    """The files that are the learner's to edit."""


@dataclass(frozen=True, slots=True)
class NextExercise:
    """An exercise to turn to."""

    heading: str
    files_to_open: FilesToOpen
    command: str
    """That grades it."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What somebody knows who passed an exercise."""

    text: str
    """In a few sentences."""
    link: str
    other_answers: Mapping[str, str]
    """Each with when one would choose it, by their names."""
    command: str
    """That shows one, when its name is put behind it."""


@dataclass(frozen=True, slots=True)
class NextSteps:
    """How attempts stand in the course that they are a part of."""

    changes: Mapping[str, str] = field(default_factory=dict)
    """What changed since the last attempt, in a few words, by the exercises' names."""
    next_exercise: NextExercise | None = None
    """What comes after all that was passed here."""
    learned: Learned | None = None
    """What to say of a single exercise that was passed."""
    remark: str | None = None
    """What else there is to know, as a sentence."""


def show(
    runs: Sequence[Run],
    console: Console,
    files_to_open: dict[str, FilesToOpen],
    *,
    weaker_reason: str | None = None,
    next_steps: NextSteps | None = None,
    full: bool = False,
) -> None:
    """Print the runs.

    Args:
        runs: what to print.
        console: where.
        files_to_open: what to open, by the exercises' names.
        weaker_reason: why the sandbox is a weaker one than there could be.
        next_steps: what to say of other attempts and exercises.
        full: whether every lost check is told, of every exercise, with all lines that ran.
    """
    next_steps = next_steps or NextSteps()
    for run in runs:
        console.print()
        console.print(_table(run))
        if len(run.attempts) == 1:
            _checks(run.attempts[0], console)
        _summary(run, console, weaker_reason)
        if run is runs[-1]:
            _changes(run, console, next_steps)
        to_fix = [attempt for attempt in run.attempts if attempt.verdict is not Verdict.PASSED]
        for attempt in to_fix if full else to_fix[:1]:
            _to_fix(attempt, console, files_to_open[attempt.exercise], full=full)
        if to_fix:
            continue
        if run is runs[-1] and next_steps.learned is not None:
            _learned(next_steps.learned, console)
        if run is runs[-1] and next_steps.next_exercise is not None:
            show_next_exercise(next_steps.next_exercise, console)
    if next_steps.remark is not None:
        console.print(Text(f"\n{as_typed(next_steps.remark)}"), soft_wrap=True)


def _table(run: Run) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading, justify in (
        ("#", "right"),
        ("exercise", "left"),
        ("verdict", "left"),
        ("checks", "right"),
        ("score", "right"),
    ):
        table.add_column(heading, justify=justify, header_style="dim", no_wrap=heading != "exercise")  # type: ignore[arg-type]
    for attempt in run.attempts:
        passed = sum(check.outcome is Outcome.PASSED for check in attempt.checks)
        table.add_row(
            f"{attempt.number:02}",
            Text(attempt.exercise) + Text(f"  {attempt.title}", style="dim"),
            Text(attempt.verdict, style=_style(attempt.verdict)),
            f"{passed}/{len(attempt.checks)}",
            "–" if attempt.score is None else str(attempt.score),
        )
    return table


def _checks(attempt: Attempt, console: Console) -> None:
    console.print()
    for check in attempt.checks:
        points = f"{check.points}/{check.max_points}"
        console.print(
            Text(f"  {points:>6}  ") + Text(f"{check.outcome:<9}", style=_style(check.outcome)) + Text(check.title)
        )
        if check.outcome is Outcome.SKIPPED:
            console.print(Text(f"{'':19}{check.message}", style="dim"))


def _summary(run: Run, console: Console, weaker_reason: str | None) -> None:
    line = Text("\nScore ") + Text(percent_text(run.score), style="bold") + Text(" of 100")
    console.print(line + Text(f"   Python {run.python}, sandbox {run.sandbox}", style="dim"))
    if weaker_reason is not None:
        console.print(Text(f"bubblewrap can't be used: {weaker_reason}", style="yellow"))


def _changes(run: Run, console: Console, next_steps: NextSteps) -> None:
    for attempt in run.attempts:
        if change := next_steps.changes.get(attempt.exercise):
            alone = len(run.attempts) == 1
            when = (
                "Since the last attempt" if alone else f"{attempt.number:02} {attempt.exercise} since the last attempt"
            )
            console.print(Text(f"{when}: ", style="dim") + Text(change))


def _learned(learned: Learned, console: Console) -> None:
    console.print(Text("\nYou know now", style="bold green"))
    console.print(Text(textwrap.indent(learned.text, "  ")), soft_wrap=True)
    console.print(Text("  read  ", style="dim") + Text(learned.link), soft_wrap=True)
    if learned.other_answers:
        console.print(Text("\nOther right answers", style="bold"))
        for name, says in learned.other_answers.items():
            console.print(Text(f"  {name}: ", style="cyan") + Text(says), soft_wrap=True)
        first = next(iter(learned.other_answers))
        console.print(Text("  show  ", style="dim") + Text(as_typed(f"{learned.command} {first}")), soft_wrap=True)


def show_next_exercise(exercise: NextExercise, console: Console) -> None:
    """Print which exercise to turn to: what to read, edit and run."""
    console.print(Text(f"\nNext: {exercise.heading}", style="bold"))
    _show_files(exercise.files_to_open, console)
    console.print(Text("  run   ", style="dim") + Text(as_typed(exercise.command)), soft_wrap=True)


def _to_fix(attempt: Attempt, console: Console, files_to_open: FilesToOpen, *, full: bool) -> None:
    console.print(Text(f"\nNext: {attempt.number:02} {attempt.exercise}, {attempt.title}", style="bold"))
    _show_files(files_to_open, console)
    if attempt.reason is not None:
        console.print(Text(f"\nIt could not be graded. {attempt.reason}", style="yellow"))
    for cause in attempt.causes:
        _cause(cause, attempt, console, files_to_open.project)
    if attempt.diagnosis is not None:
        console.print(Text("\nThis looks familiar: ", style="bold") + Text(attempt.diagnosis.says), soft_wrap=True)
    failed = [check for check in attempt.checks if _asks(check, attempt)]
    for check in failed if full else failed[:1]:
        _failed_check(check, console, attempt.exercise, files_to_open.project, full=full)


def _asks(check: CheckResult, attempt: Attempt) -> bool:
    """Whether a check was lost, and has more to say than that something else comes first."""
    waits = (WAITS, "needs ") if attempt.causes else WAITS
    return check.outcome in (Outcome.FAILED, Outcome.TIMEOUT) and not (check.message or "").startswith(waits)


def _cause(cause: Cause, attempt: Attempt, console: Console, project: Path) -> None:
    console.print(Text(f"\n{places.in_sentence(cause.says, project)}", style="red bold"), soft_wrap=True)
    if cause.shows:
        console.print(Text(f"\n{textwrap.indent(cause.shows, '    ')}\n"), soft_wrap=True)
    if cause.why:
        console.print(Text(cause.why), soft_wrap=True)
    titles = {check.id: check.title for check in attempt.checks}
    if len(cause.checks) > 1:
        points = sum(check.max_points for check in attempt.checks if check.id in cause.checks)
        console.print(Text(f"It costs {len(cause.checks)} checks of {len(titles)}: {points} points.", style="dim"))
    for verb, text in (("try", as_typed(cause.try_it)), ("read", cause.link)):
        if text:
            console.print(Text(f"  {verb:<5} ", style="dim") + Text(text), soft_wrap=True)


def _show_files(files_to_open: FilesToOpen, console: Console) -> None:
    console.print(_file_line("read", files_to_open.readme), soft_wrap=True)
    # Some exercises are about removing or moving files: who has done it is not to be sent there again.
    there = [name for name in files_to_open.learner if (files_to_open.project / name).exists()]
    for name in there or files_to_open.learner:
        console.print(_file_line("edit", files_to_open.project, name), soft_wrap=True)


def _failed_check(check: CheckResult, console: Console, exercise: str, project: Path, *, full: bool) -> None:
    what = "not in time" if check.outcome is Outcome.TIMEOUT else "not yet"
    console.print(
        Text(f"\n{check.title}", style="red bold") + Text(f" ({what}, {check.max_points} points)", style="red")
    )
    folder = shlex.quote(str(project.absolute()))
    given = f'PROJECT="$(mktemp -d)"  # unpack {folder} there' if project.is_file() else f"PROJECT={folder}"
    where = _option_for(project)
    repeat = None if full else as_typed(f"kata repeat {exercise} {check.id}{where}")
    message = places.in_traceback(messages.placed(check.message or "", given, repeat), project)
    # Not folded: a command to paste must stay in one piece.
    console.print(Text(textwrap.indent(message, "    ", lambda _: True)), soft_wrap=True)
    if any(step.number for step in check.transcript) and messages.concerns_imports(check):
        console.print(Text(f"    look: {as_typed(f'kata xray {exercise}{where}')}"), soft_wrap=True)


def _option_for(project: Path) -> str:
    """What a command needs to find the project, with a space before; nothing for one in the usual workspace."""
    usual = usual_workspaces(Path.cwd()) == [project.absolute().parent]
    return "" if usual else f" --project {shlex.quote(places.from_here(project))}"


def _file_line(verb: str, path: Path, name: str = "") -> Text:
    """A file to open: a path, or one of that name in a folder or an archive."""
    where = f"{name} in {places.from_here(path)}" if name and path.is_file() else places.from_here(path / name)
    return Text(f"  {verb}  ", style="dim") + Text(where)


def _style(what: Outcome | Verdict) -> str:
    return _STYLES[what]

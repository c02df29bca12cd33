"""The learner's commands beside `kata grade`: what there is, what comes next, and help."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from grader import progress
from grader.catalog import Exercise
from grader.catalog.exercise_files import Hint
from grader.cli.options import GRADED, complain, console, exercise_argument, loaded_catalog, path_names, say
from grader.errors import UsageError
from grader.explaining import places
from grader.learning.guidance import hints, paths, solutions
from grader.learning.workspace import stub_records, workspaces

place_option = click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of your projects (default: the nearest one upwards, or the one in this folder).",
)
_path_option = click.option(
    "--path", metavar="NAME", help="Only the exercises of that path, in its order.", shell_complete=path_names
)


@click.command("next")
@_path_option
@place_option
@click.pass_context
def next_(context: click.Context, path: str | None, workspace: Path | None) -> int:
    """Show the next exercise: what to read, edit and run."""
    from grader.learning.guidance import next_steps
    from grader.reports.people import terminal

    wanted = paths.exercises_on(loaded_catalog(context), path)
    place = _place(workspace)
    known = progress.load(place)
    warn_of_trouble(known)
    exercise = paths.next_exercise(wanted, known)
    if exercise is None:
        click.echo(f"All {len(wanted)} exercises are passed.")
        return GRADED
    _advise_start(place)
    terminal.show_next_exercise(next_steps.next_exercise(exercise, place), console(sys.stdout))
    state = paths.progress_text(exercise, known.entry(exercise.slug))
    say(f"\n`kata show {exercise.slug}` shows here what to read." + (f" So far: {state}." if state else ""))
    _announce_new(wanted, place)
    return GRADED


@click.command("list")
@_path_option
@place_option
@click.pass_context
def list_(context: click.Context, path: str | None, workspace: Path | None) -> int:
    """List the exercises, and how far you have come."""
    from grader.cli.learner import drawing

    loaded = loaded_catalog(context)
    wanted = paths.exercises_on(loaded, path)
    place = _place(workspace)
    known = progress.load(place)
    warn_of_trouble(known)
    shown = console(sys.stdout)
    drawing.show_exercises([(exercise, known.entry(exercise.slug)) for exercise in wanted], shown)
    passed = sum(known.entry(exercise.slug).passed(exercise.about.version) for exercise in wanted)
    shown.print(f"\n{passed} of {len(wanted)} passed.", style="bold")
    _advise_start(place)
    for each in paths.load(loaded) if path is None else ():
        shown.print(f"--path {each.name:<13} {each.about}", style="dim", soft_wrap=True)
    _announce_new(wanted, place)
    return GRADED


@click.command("show")
@exercise_argument
@place_option
@click.pass_context
def show_(context: click.Context, exercise: str, workspace: Path | None) -> int:
    """Show what an exercise asks for, and how far you have come."""
    from grader.cli.learner import drawing

    found = find_exercise(context, exercise)
    place = _place(workspace)
    known = progress.load(place)
    warn_of_trouble(known)
    drawing.show_readme(found, console(sys.stdout))
    click.echo("\nYour files:")
    for name in found.about.learner:
        path = place / found.name / name
        click.echo(f"  {places.from_here(path)}" + ("" if path.is_file() else "  (not there)"))
    entry = known.entry(found.slug)
    parts = [
        paths.progress_text(found, entry),
        _counted(entry.attempts, "attempt"),
        _counted(len(hints.read_hints(found, entry.hints)), "hint"),
    ]
    click.echo(f"\nSo far: {', '.join(part for part in parts if part) or 'not tried yet'}.")
    _advise_start(place)
    return GRADED


@click.command("hint")
@exercise_argument
@click.option("--again", is_flag=True, help="Show the hints that you have read.")
@click.option("--level", type=click.IntRange(1, hints.LEVELS), help="Show the hint of this level instead of the next.")
@place_option
@click.pass_context
def hint_(context: click.Context, exercise: str, again: bool, level: int | None, workspace: Path | None) -> int:
    """Give a hint: a question, then the concept, then nearly code.

    It is about the first check that failed in your last grading. Hints are counted, but cost no points.
    """
    found, place = find_exercise(context, exercise), workspaces.find_existing(workspace)
    if again:
        read = hints.read_hints(found, progress.load(place).entry(found.slug).hints)
        for each in read:
            _print_hint(each)
        if not read:
            say(f"You have read no hint on {found.name} yet; `kata hint {found.slug}` gives one.")
        return GRADED
    given = hints.give(found, place, level=level)
    if given.hint is None:
        click.echo(_why_no_hint(found, place))
        return GRADED
    _print_hint(given.hint)
    if not given.trouble:
        say(f"\n`kata hint {found.slug}` gives the next hint, `--again` shows those that you have read.")
        return GRADED
    further = given.hint.level + 1
    more = f" `kata hint {found.slug} --level {further}` shows the next hint." if further <= hints.LEVELS else ""
    complain(f"{given.trouble} So this hint is not remembered.{more}")
    return GRADED


def _why_no_hint(exercise: Exercise, workspace: Path) -> str:
    entry = progress.load(workspace).entry(exercise.slug)
    if entry.outcomes and not entry.lost:
        return f"{exercise.name} lost no check when it was graded last. `--again` shows the hints that you have read."
    return f"There is no further hint on {exercise.name}. `--again` shows those that you have read."


def _print_hint(hint: Hint) -> None:
    text = click.wrap_text(hint.text.strip(), width=100, initial_indent="  ", subsequent_indent="  ")
    click.echo(f"\n{hints.heading(hint)}:\n{text}")


@click.command("solution")
@exercise_argument
@click.argument("name", metavar="[NAME]", default=solutions.REFERENCE)
@click.option("--give-up", is_flag=True, help="Show it before you have passed; this is recorded.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@place_option
@click.pass_context
def solution_(
    context: click.Context, exercise: str, name: str, give_up: bool, yes: bool, workspace: Path | None
) -> int:
    """Show your answer beside ours, as a diff.

    Ours is the reference, or the alternative of that NAME.
    """
    from grader.cli.learner import drawing

    found, place = find_exercise(context, exercise), workspaces.find_existing(workspace)
    if trouble := workspaces.finish_changes(place):
        raise UsageError(trouble)
    compared = solutions.diff_project(found, place / found.name, name)
    if not solutions.may_be_shown(found, place):
        if not give_up:
            raise UsageError(
                f"{found.name} is not passed yet. `kata hint {found.slug}` helps; with --give-up you see the solution."
            )
        if not (yes or _sure(found)):
            click.echo("Nothing is shown.")
            return GRADED
        solutions.give_up(found, place)
    drawing.show_solution(compared, console(sys.stdout))
    others = [each for each in solutions.answers(found) if each != name]
    if others:
        when = found.about.afterwards.other_answers if found.about.afterwards is not None else {}
        click.echo("\nOther answers:")
        for each in others:
            click.echo(f"  {each}" + (f": {' '.join(when[each].split())}" if each in when else ""))
        say(f"`kata solution {found.slug} {others[-1]}` shows one.")
    return GRADED


def _sure(exercise: Exercise) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("There is no terminal to ask you; add --yes if you are sure.")
    return click.confirm(f"Give up {exercise.name}, and see the solution? It is recorded, and you can still pass it.")


def _place(workspace: Path | None) -> Path:
    """The workspace that is meant; one that nobody named need not be there."""
    return workspaces.find() if workspace is None else workspaces.find_existing(workspace)


def _advise_start(workspace: Path) -> None:
    if not progress.is_workspace(workspace):
        say("There is no workspace yet; `kata start` makes one.")


def _announce_new(exercises: Sequence[Exercise], workspace: Path) -> None:
    new = stub_records.outdated(exercises, workspace) if progress.is_workspace(workspace) else ()
    if new:
        say(f"\nNew, or newer than yours: {', '.join(each.slug for each in new)}. `kata update` brings that in.")


def find_exercise(context: click.Context, name: str) -> Exercise:
    """The exercise of that name."""
    return loaded_catalog(context).find([name])[0]


def warn_of_trouble(known: progress.Progress) -> None:
    """Say what was wrong with the learner's history."""
    if known.trouble is not None:
        click.echo(f"kata: {known.trouble}", err=True)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}" if number else ""

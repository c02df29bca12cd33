"""The commands that make and change a workspace."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.catalog import Catalog
from grader.cli.learner.exercises import find_exercise, place_option
from grader.cli.options import GRADED, WRONG_USAGE, exercise_argument, interrupted, loaded_catalog, say
from grader.intake.copies import shown
from grader.learning.workspace import backups, updates, workspaces
from grader.learning.workspace.updates import ProjectUpdate
from grader.progress import is_workspace


@click.command("start")
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", required=False)
@click.pass_context
def start_(context: click.Context, folder: Path | None) -> int:
    """Make a workspace: a project for each exercise.

    DIR (default: workspace/) gets a README, settings of editors, and the stubs of all exercises. What is there already
    stays as it is.
    """
    loaded, place = loaded_catalog(context), folder or workspaces.find_for_start()
    try:
        made = workspaces.start(loaded, place)
    except KeyboardInterrupt:
        return interrupted(_begun(loaded, place, folder))
    new = f"with {len(made)} new project{'s' * (len(made) != 1)}, yours to edit" if made else "and nothing was missing"
    click.echo(f"{shown(place)} is your workspace, {new}.")
    inside = place.absolute() in (Path.cwd(), *Path.cwd().parents)
    say("`kata next`" + ("" if inside else " in there") + " says what to do first.")
    return GRADED


def _begun(loaded: Catalog, place: Path, named: Path | None) -> str:
    """What an interrupted start has made, and how it goes on."""
    again = "kata start" if named is None else f"kata start {shlex.quote(shown(place))}"
    if not is_workspace(place):
        return f"no workspace was made. `{again}` begins anew."
    there, all_ = sum((place / each.name).is_dir() for each in loaded.exercises), len(loaded.exercises)
    return f"{shown(place)} holds {there} of {all_} projects, each of them whole. `{again}` lays the others."


@click.command("update")
@place_option
@click.pass_context
def update_(context: click.Context, workspace: Path | None) -> int:
    """Bring in new exercises and new versions of stubs.

    What you have changed stays as it is.
    """
    loaded, place = loaded_catalog(context), workspaces.find_existing(workspace)
    done: list[ProjectUpdate] = []
    try:
        updates.update(loaded, place, done.append)
    except KeyboardInterrupt:
        _print_updates(done)
        return interrupted(f"{len(done)} projects were seen to, the others are as they were.")
    _print_updates(done)
    if not any(each.is_worth_reporting for each in done):
        click.echo(f"All {len(done)} projects are up to date.")
    return WRONG_USAGE if any(each.trouble for each in done) else GRADED


def _print_updates(done: list[ProjectUpdate]) -> None:
    for each in done:
        for sentence in updates.sentences(each):
            click.echo(sentence, err=each.trouble is not None)


@click.command("reset")
@exercise_argument
@click.option("--given", "only_given", is_flag=True, help="Put back only the given files.")
@place_option
@click.pass_context
def reset_(context: click.Context, exercise: str, only_given: bool, workspace: Path | None) -> int:
    """Start an exercise again from its stub.

    Your files are kept; `kata restore` brings them back.
    """
    found, place = find_exercise(context, exercise), workspaces.find_existing(workspace)
    done = updates.reset(found, place, only_given=only_given)
    if only_given:
        restored = ", ".join(map(shown, done.changed))
        click.echo(f"Restored in {found.name}: {restored}." if restored else f"No given file of {found.name} differs.")
        _print_backup(done)
        return GRADED
    click.echo(f"{found.name} is like its stub now." if done.changed else f"{found.name} is like its stub already.")
    _print_backup(done)
    return GRADED


@click.command("restore")
@exercise_argument
@click.argument("number", type=click.IntRange(1), metavar="[N]", required=False)
@click.option("--list", "only_list", is_flag=True, help="List the copies that there are.")
@place_option
@click.pass_context
def restore_(context: click.Context, exercise: str, number: int | None, only_list: bool, workspace: Path | None) -> int:
    """Bring back what a command replaced.

    That is the copy of that number, or the latest. What is there now is kept, too.
    """
    found, place = find_exercise(context, exercise), workspaces.find_existing(workspace)
    if only_list:
        for kept in backups.list_backups(place, found.slug):
            click.echo(f"{kept.number:>4}  {kept.when:<16}  before `kata {kept.why}`  {kept.folder}")
        return GRADED
    done, kept = updates.restore(found, place, number)
    click.echo(f"{found.name} is as it was kept in copy {kept.number}{'' if done.changed else ' already'}.")
    _print_backup(done)
    return GRADED


def _print_backup(done: ProjectUpdate) -> None:
    if done.backup is not None:
        say(f"What was there is kept: `kata restore {done.exercise.slug} {done.backup}` brings it back.")

"""Bring a workspace up to date, or one project back to how it was, and lose nothing of the learner's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader import progress
from grader.catalog import Catalog, Exercise
from grader.errors import UsageError
from grader.intake.copies import shown
from grader.learning.workspace import backups, journal, project_files, stub_records, workspaces
from grader.learning.workspace.backups import Kept
from grader.learning.workspace.journal import Change
from grader.learning.workspace.stub_records import Laid
from grader.learning.workspace.project_files import File, Tree


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one project."""

    exercise: Exercise
    laid: bool = False
    """Whether it wasn't there before."""
    changed: tuple[str, ...] = ()
    """Files that were replaced, removed or added."""
    backup: int | None = None
    """The number of the copy that was kept, if something of the learner's was replaced."""
    yours: tuple[str, ...] = ()
    """Files that the learner has changed and whose stub is a new one: they were left as they are."""
    beside: Path | None = None
    """Where the new stub is, because of them."""
    passed_earlier: int | None = None
    """The version that was passed, if that isn't this one."""
    trouble: str | None = None
    """Why nothing was done."""

    @property
    def worth_saying(self) -> bool:
        """Whether anything was found or done."""
        return bool(self.laid or self.changed or self.yours or self.passed_earlier or self.trouble)


def reset(exercise: Exercise, workspace: Path) -> Done:
    """Make a project what it was laid as, from the stub of today.

    Raises:
        UsageError: it can't be done; then nothing was changed.
    """
    with workspaces.changing(workspace):
        stub = project_files.read(exercise.stub)
        return _turn(exercise, workspace, lambda _old, _laid: stub, "reset", stub_records.laid(exercise, stub))


def restore(exercise: Exercise, workspace: Path, number: int | None = None) -> tuple[Done, Kept]:
    """Make a project what it was when a copy of it was kept: the copy of that number, or the latest.

    Raises:
        UsageError: there is no such copy, or it can't be done; then nothing was changed.
    """
    with workspaces.changing(workspace):
        kept = chosen(exercise, workspace, number)
        tree = kept.tree()
        return _turn(exercise, workspace, lambda _old, _laid: tree, "restore"), kept


def chosen(exercise: Exercise, workspace: Path, number: int | None) -> Kept:
    """The copy of that number, or the latest.

    Raises:
        UsageError: there is none.
    """
    listed = backups.listed(workspace, exercise.slug)
    if not listed:
        raise UsageError(f"No copy of {exercise.name} is kept: nothing of yours was ever replaced there.")
    found = listed[-1] if number is None else next((each for each in listed if each.number == number), None)
    if found is None:
        raise UsageError(f"There is no copy {number} of {exercise.name}; `kata restore {exercise.slug} --list`.")
    return found


def update(catalog: Catalog, workspace: Path, done: Callable[[Done], None]) -> None:
    """Bring all projects up to the exercises of today, one after the other.

    Args:
        catalog: the exercises.
        workspace: holds the projects.
        done: told what became of each.

    Raises:
        UsageError: nothing at all can be done there.
    """
    entries = progress.load(workspace).entries
    with workspaces.changing(workspace):
        workspaces.lay_template(workspace)
        for exercise in catalog.exercises:
            entry = entries.get(exercise.slug)
            version = exercise.about.version
            earlier = entry.passed_version if entry and entry.passed_earlier(version) else None
            try:
                done(_update(exercise, workspace, earlier))
            except UsageError as error:
                done(Done(exercise, passed_earlier=earlier, trouble=str(error)))


def _update(exercise: Exercise, workspace: Path, earlier: int | None) -> Done:
    laid = workspaces.follow(exercise, workspace)
    stub = project_files.read(exercise.stub)
    today = stub_records.laid(exercise, stub)
    if not os.path.lexists(workspace / exercise.name):
        stub_records.record(workspace, {exercise.slug: today})
        workspaces.lay(stub, workspace, exercise.name)
        return Done(exercise, laid=True, passed_earlier=earlier)
    if laid.version > today.version:
        return Done(exercise, trouble=f"{exercise.name} is of a later version of the exercises; left as it is.")
    if laid.digest == today.digest:
        if laid != today:
            stub_records.record(workspace, {exercise.slug: today})
        return Done(exercise, passed_earlier=earlier)
    yours = _yours(exercise, project_files.take(workspace / exercise.name), laid, stub)
    beside = _lay_beside(exercise, workspace, stub) if yours else None
    merged = _turn(exercise, workspace, lambda old, was: _merged(exercise, old, was, stub), "update", today)
    return Done(exercise, False, merged.changed, merged.backup, yours, beside, earlier)


def _merged(exercise: Exercise, old: Tree, laid: Laid, stub: Tree) -> dict[str, File]:
    """The project with today's stub for what is as it was laid, and the learner's own for the rest."""
    merged = dict(old)
    for name in {*laid.files, *stub}:
        if not _is_theirs(exercise, name, old, laid, stub):
            merged.pop(name, None)
            if name in stub:
                merged[name] = stub[name]
    return merged


def _yours(exercise: Exercise, old: Tree, laid: Laid, stub: Tree) -> tuple[str, ...]:
    """The files whose stub is a new one, and that are the learner's by now."""
    return tuple(
        name
        for name in sorted({*laid.files, *stub})
        if _is_theirs(exercise, name, old, laid, stub) and _differs(name, old, stub) and _is_new(name, laid, stub)
    )


def _is_theirs(exercise: Exercise, name: str, old: Tree, laid: Laid, stub: Tree) -> bool:
    """Whether a file is what the learner made it, and not to be touched; given files never are."""
    if name in exercise.about.given:
        return False
    if name in old:
        return not laid.holds(name, old[name])
    # What they removed stays away; what no stub had before comes.
    return name in laid.files or (not laid.files and name in stub)


def _differs(name: str, old: Tree, stub: Tree) -> bool:
    return (old[name].content if name in old else None) != (stub[name].content if name in stub else None)


def _is_new(name: str, laid: Laid, stub: Tree) -> bool:
    return laid.files.get(name) != (project_files.file_digest(stub[name]) if name in stub else None)


def _lay_beside(exercise: Exercise, workspace: Path, stub: Tree) -> Path:
    """Lay the whole stub as a folder beside the project, in place of one that was laid there before."""
    name = f"{exercise.name}.new"
    key = f"{exercise.slug}.new"
    marked = project_files.file_digests(stub)
    today = Laid(name, exercise.about.version, project_files.digest(marked), marked)
    _turn_folder(exercise, workspace, name, key, lambda _old, _laid: dict(stub), "update", today)
    return workspace / name


def _turn(
    exercise: Exercise,
    workspace: Path,
    into: Callable[[Tree, Laid], Tree],
    why: str,
    today: Laid | None = None,
) -> Done:
    return _turn_folder(exercise, workspace, exercise.name, exercise.slug, into, why, today)


def _turn_folder(
    exercise: Exercise,
    workspace: Path,
    name: str,
    key: str,
    into: Callable[[Tree, Laid], Tree],
    why: str,
    today: Laid | None,
) -> Done:
    """Turn a folder of the workspace into other files; what isn't as it was laid is kept before.

    Args:
        exercise: whose folder it is.
        workspace: holds it.
        name: what it is called there.
        key: what its stub is recorded as.
        into: gives the files it is to hold, for those that it holds and what was laid.
        why: the command.
        today: what is laid by that; None: what was laid before.
    """
    laid = stub_records.load(workspace).get(key, stub_records.NOTHING)
    old = project_files.take(workspace / name)
    changes = journal.differences(old, into(old, laid))
    number = None
    if any(_is_lost(change, laid) for change in changes):
        number = backups.keep(workspace, exercise.slug, old, why, laid.version)
    journal.carry_out(workspace, name, changes, {} if today is None else {key: today})
    return Done(exercise, laid=not old, changed=tuple(change.name for change in changes), backup=number)


def _is_lost(change: Change, laid: Laid) -> bool:
    return change.before is not None and not laid.holds(change.name, change.before)


def told(done: Done) -> Iterator[str]:
    """What became of a project under `kata update`, in sentences."""
    name = done.exercise.name
    if done.trouble:
        yield f"{name}: nothing was done. {done.trouble}"
    if done.laid:
        yield f"{name}: new."
    elif done.changed:
        yield f"{name}: {_files(done.changed)} brought up to date."
    if done.beside is not None:
        stay = "stays as it is" if len(done.yours) == 1 else "stay as they are"
        yield f"{name}: your {_files(done.yours)} {stay}; the new stub is beside, in {shown(done.beside)}."
    if done.backup is not None:
        yield f"{name}: what was replaced is kept; `kata restore {done.exercise.slug} {done.backup}` brings it back."
    if done.passed_earlier:
        yield f"{name}: you passed version {done.passed_earlier}; this is version {done.exercise.about.version}."


def _files(names: tuple[str, ...]) -> str:
    most = 3
    listed = ", ".join(map(shown, names[:most]))
    return listed + (f" and {len(names) - most} more" if len(names) > most else "")

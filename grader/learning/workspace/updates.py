"""Update a workspace, reset a project, or restore a backup, and lose nothing of the learner's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from grader import progress
from grader.catalog import Catalog, Exercise
from grader.errors import UsageError
from grader.intake.copies import shown
from grader.learning.workspace import backups, transactions, project_files, stub_records, workspaces
from grader.learning.workspace.backups import Backup
from grader.learning.workspace.transactions import Change
from grader.learning.workspace.stub_records import StubRecord
from grader.learning.workspace.project_files import File, Tree


@dataclass(frozen=True, slots=True)
class ProjectUpdate:
    """What became of one project."""

    exercise: Exercise
    is_new: bool = False
    """Whether it wasn't there before."""
    changed: tuple[str, ...] = ()
    """Files that were replaced, removed or added."""
    backup: int | None = None
    """The number of the copy that was kept, if something of the learner's was replaced."""
    kept_files: tuple[str, ...] = ()
    """Files that the learner has changed and whose stub is a new one: they were left as they are."""
    new_stub: Path | None = None
    """Where the new stub is, because of them."""
    passed_earlier: int | None = None
    """The version that was passed, if that isn't this one."""
    changes: tuple[str, ...] = ()
    """What is graded in another way than in the version that was laid, as sentences."""
    renamed_from: str = ""
    """What the project's folder was called until now, if the exercise has another number since."""
    trouble: str | None = None
    """Why nothing was done."""

    @property
    def is_worth_reporting(self) -> bool:
        """Whether anything was found or done."""
        done = self.is_new or self.changed or self.kept_files or self.renamed_from
        return bool(done or self.passed_earlier or self.changes or self.trouble)


def reset(exercise: Exercise, workspace: Path, *, only_given: bool = False) -> ProjectUpdate:
    """Make a project what it was laid as, from the stub of today.

    Args:
        exercise: whose project it is.
        workspace: holds it.
        only_given: whether only the given files are put back, and all others stay as they are.

    Raises:
        UsageError: it can't be done; then nothing was changed.
    """
    with workspaces.changing(workspace):
        stub = project_files.read(exercise.stub)
        if only_given:
            given = {name: stub[name] for name in exercise.about.given if name in stub}
            return _replace_project(exercise, workspace, lambda old, _laid: _with_given(old, given), "reset")
        return _replace_project(exercise, workspace, lambda _old, _laid: stub, "reset", stub_records.record_of(exercise, stub))


def _with_given(old: Tree, given: Tree) -> dict[str, File]:
    """The project with those files put back; what stands in the way of one goes."""
    kept = {
        name: file
        for name, file in old.items()
        if not any(each.startswith(f"{name}/") or name.startswith(f"{each}/") for each in given)
    }
    return {**kept, **given}


def restore(exercise: Exercise, workspace: Path, number: int | None = None) -> tuple[ProjectUpdate, Backup]:
    """Make a project what it was when a copy of it was kept: the copy of that number, or the latest.

    Raises:
        UsageError: there is no such copy, or it can't be done; then nothing was changed.
    """
    with workspaces.changing(workspace):
        kept = find_backup(exercise, workspace, number)
        tree = kept.tree()
        return _replace_project(exercise, workspace, lambda _old, _laid: tree, "restore"), kept


def find_backup(exercise: Exercise, workspace: Path, number: int | None) -> Backup:
    """The copy of that number, or the latest.

    Raises:
        UsageError: there is none.
    """
    listed = backups.list_backups(workspace, exercise.slug)
    if not listed:
        raise UsageError(f"There is no copy of {exercise.name}: no command has replaced your files there.")
    found = listed[-1] if number is None else next((each for each in listed if each.number == number), None)
    if found is None:
        raise UsageError(f"There is no copy {number} of {exercise.name}; `kata restore {exercise.slug} --list`.")
    return found


def update(catalog: Catalog, workspace: Path, done: Callable[[ProjectUpdate], None]) -> None:
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
            before = ""
            try:
                before = workspaces.rename_if_renumbered(exercise, workspace)
                done(replace(_update(exercise, workspace, earlier), renamed_from=before))
            except UsageError as error:
                done(ProjectUpdate(exercise, passed_earlier=earlier, renamed_from=before, trouble=str(error)))


def _update(exercise: Exercise, workspace: Path, earlier: int | None) -> ProjectUpdate:
    laid = stub_records.load(workspace).get(exercise.slug, stub_records.NO_RECORD)
    stub = project_files.read(exercise.stub)
    today = stub_records.record_of(exercise, stub)
    if not os.path.lexists(workspace / exercise.name):
        stub_records.save(workspace, {exercise.slug: today})
        workspaces.lay_files(stub, workspace, exercise.name)
        return ProjectUpdate(exercise, is_new=True, passed_earlier=earlier)
    if laid.version > today.version:
        return ProjectUpdate(exercise, trouble=f"{exercise.name} is of a later version of the exercises; left as it is.")
    changes = exercise.changes_between(laid.version, today.version) if laid.version else ()
    if laid.digest == today.digest:
        if laid != today:
            stub_records.save(workspace, {exercise.slug: today})
        return ProjectUpdate(exercise, passed_earlier=earlier, changes=changes)
    yours = _learners_files(exercise, project_files.take(workspace / exercise.name), laid, stub)
    beside = _lay_beside(exercise, workspace, stub) if yours else None
    merged = _replace_project(exercise, workspace, lambda old, was: _merged(exercise, old, was, stub), "update", today)
    return ProjectUpdate(exercise, False, merged.changed, merged.backup, yours, beside, earlier, changes)


def _merged(exercise: Exercise, old: Tree, laid: StubRecord, stub: Tree) -> dict[str, File]:
    """The project with today's stub for what is as it was laid, and the learner's own for the rest."""
    merged = dict(old)
    for name in {*laid.files, *stub}:
        if not _is_learners_version(exercise, name, old, laid, stub):
            merged.pop(name, None)
            if name in stub:
                merged[name] = stub[name]
    return merged


def _learners_files(exercise: Exercise, old: Tree, laid: StubRecord, stub: Tree) -> tuple[str, ...]:
    """The files whose stub is a new one, and that are the learner's by now."""
    return tuple(
        name
        for name in sorted({*laid.files, *stub})
        if _is_learners_version(exercise, name, old, laid, stub) and _differs(name, old, stub) and _is_new_in_stub(name, laid, stub)
    )


def _is_learners_version(exercise: Exercise, name: str, old: Tree, laid: StubRecord, stub: Tree) -> bool:
    """Whether a file is what the learner made it, and not to be touched; given files never are."""
    if name in exercise.about.given:
        return False
    if name in old:
        return not laid.is_unchanged(name, old[name])
    # What they removed stays away; what no stub had before comes.
    return name in laid.files or (not laid.files and name in stub)


def _differs(name: str, old: Tree, stub: Tree) -> bool:
    return (old[name].content if name in old else None) != (stub[name].content if name in stub else None)


def _is_new_in_stub(name: str, laid: StubRecord, stub: Tree) -> bool:
    return laid.files.get(name) != (project_files.file_digest(stub[name]) if name in stub else None)


def _lay_beside(exercise: Exercise, workspace: Path, stub: Tree) -> Path:
    """Lay the whole stub as a folder beside the project, in place of one that was laid there before."""
    name = f"{exercise.name}.new"
    key = f"{exercise.slug}.new"
    marked = project_files.file_digests(stub)
    today = StubRecord(name, exercise.about.version, project_files.tree_digest(marked), marked)
    _replace_folder(exercise, workspace, name, key, lambda _old, _laid: dict(stub), "update", today)
    return workspace / name


def _replace_project(
    exercise: Exercise,
    workspace: Path,
    make_files: Callable[[Tree, StubRecord], Tree],
    command: str,
    today: StubRecord | None = None,
) -> ProjectUpdate:
    return _replace_folder(exercise, workspace, exercise.name, exercise.slug, make_files, command, today)


def _replace_folder(
    exercise: Exercise,
    workspace: Path,
    name: str,
    key: str,
    make_files: Callable[[Tree, StubRecord], Tree],
    command: str,
    today: StubRecord | None,
) -> ProjectUpdate:
    """Turn a folder of the workspace into other files; what isn't as it was laid is kept before.

    Args:
        exercise: whose folder it is.
        workspace: holds it.
        name: what it is called there.
        key: what its stub is recorded as.
        make_files: gives the files it is to hold, for those that it holds and what was laid.
        command: the command.
        today: what is laid by that; None: what was laid before.
    """
    laid = stub_records.load(workspace).get(key, stub_records.NO_RECORD)
    old = project_files.take(workspace / name)
    changes = transactions.differences(old, make_files(old, laid))
    number = None
    if any(_is_lost(change, laid) for change in changes):
        number = backups.save(workspace, exercise.slug, old, command, laid.version)
    transactions.apply(workspace, name, changes, {} if today is None else {key: today})
    return ProjectUpdate(exercise, is_new=not old, changed=tuple(change.name for change in changes), backup=number)


def _is_lost(change: Change, laid: StubRecord) -> bool:
    return change.before is not None and not laid.is_unchanged(change.name, change.before)


def sentences(done: ProjectUpdate) -> Iterator[str]:
    """What became of a project under `kata update`, in sentences."""
    name = done.exercise.name
    if done.renamed_from:
        yield f"{shown(done.renamed_from)} -> {name}: the exercise has another number now, and your folder its new name."
    if done.trouble:
        yield f"{name}: nothing{' else' if done.renamed_from else ''} was done. {done.trouble}"
    if done.is_new:
        yield f"{name}: new."
    elif done.changed:
        yield f"{name}: {_files(done.changed)} brought up to date."
    if done.new_stub is not None:
        stay = "stays as it is" if len(done.kept_files) == 1 else "stay as they are"
        yield f"{name}: your {_files(done.kept_files)} {stay}; the new stub is beside, in {shown(done.new_stub)}."
    if done.backup is not None:
        yield f"{name}: what was replaced is kept; `kata restore {done.exercise.slug} {done.backup}` brings it back."
    for change in done.changes:
        yield f"{name}: {change}"
    if done.passed_earlier:
        yield f"{name}: you passed version {done.passed_earlier}; this is version {done.exercise.about.version}."


def _files(names: tuple[str, ...]) -> str:
    most = 3
    listed = ", ".join(map(shown, names[:most]))
    return listed + (f" and {len(names) - most} more" if len(names) > most else "")

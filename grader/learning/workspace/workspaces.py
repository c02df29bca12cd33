"""Find, make and fill workspaces: a project for each exercise, and `.kata`, where we keep our own files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader import progress, storage
from grader.catalog import Catalog, Exercise
from grader.errors import UsageError
from grader.intake.copies import shown
from grader.progress import FOLDER, is_workspace
from grader.learning.workspace import transactions, project_files, stub_records
from grader.learning.workspace.stub_records import StubRecord
from grader.learning.workspace.project_files import Tree

DEFAULT = Path(progress.DEFAULT)
_MOST_NAMES = 5
"""Workspaces that are named where several lie in a folder."""
TEMPLATE = "."
"""Under this name is recorded what lies beside the projects."""
_TEMPLATE_FILES = Path(__file__).parent / "template"
"""A README and settings of editors."""


def find(start: Path | None = None) -> Path:
    """The workspace that somebody means who stands in a folder, by default the current one.

    That is the nearest folder upwards that holds a `.kata/` of ours; else `workspace/` in that folder, or the only
    workspace of another name there; else `workspace/`, which isn't there yet.

    Raises:
        UsageError: several lie in that folder, so that one has to be named.
    """
    here = Path.cwd() if start is None else start.absolute()
    found = progress.usual_workspaces(here)
    if len(found) > 1:
        names = ", ".join(f"{shown(place.name)}/" for place in found[:_MOST_NAMES])
        more = f" and {len(found) - _MOST_NAMES} more" if len(found) > _MOST_NAMES else ""
        raise UsageError(f"There are several workspaces here: {names}{more}. Change into one, or name it: --workspace DIR")
    return Path(found[0].name) if start is None and found[0].parent == here else found[0]


def find_for_start() -> Path:
    """The workspace that `kata start` makes or completes where none is named: one upwards, or `workspace/` here."""
    return progress.workspace_around(Path.cwd()) or DEFAULT


def find_existing(workspace: Path | None = None) -> Path:
    """The workspace of that name, or the one that is found.

    Raises:
        UsageError: there is none.
    """
    place = find() if workspace is None else workspace
    if is_workspace(place):
        return place
    if place.is_dir():
        raise UsageError(f"No progress is kept in {shown(place)}; `kata start {shown(place)}` changes that.")
    if workspace is not None:
        raise UsageError(f"There is no workspace {shown(place)}; `kata start` makes one.")
    raise UsageError("There is no workspace in this folder, above it or directly below it; `kata start` makes one.")


def start(catalog: Catalog, workspace: Path) -> tuple[Path, ...]:
    """Make a folder a workspace: what is there stays as it is, and what is missing is laid; gives the new projects.

    Raises:
        UsageError: it can't be written, or is a part of the catalogue.
    """
    for part in ("exercises", "solutions"):
        if workspace.resolve().is_relative_to(catalog.folder / part):
            raise UsageError(f"{shown(workspace)} belongs to the exercises themselves; start in another folder.")
    make_workspace(workspace)
    with changing(workspace):
        lay_template(workspace)
        _adopt(catalog.exercises, workspace)
        return _lay_missing(catalog.exercises, workspace)


def make_workspace(workspace: Path) -> None:
    """Make the folder, if need be, and let progress be kept in it.

    Raises:
        UsageError: it can't be made.
    """
    with _writing(workspace):
        (workspace / FOLDER).mkdir(parents=True, exist_ok=True)
    if not is_workspace(workspace):
        raise UsageError(f"{shown(workspace / FOLDER)} is not a folder; move it away and try again.")


@contextmanager
def changing(workspace: Path) -> Iterator[None]:
    """Let nobody else change the projects meanwhile, after what a killed command left has been finished.

    Raises:
        UsageError: nothing can be written there, or somebody else is changing them.
    """
    with _writing(workspace, "changed"), storage.locked(workspace / FOLDER):
        transactions.finish(workspace)
        yield


def finish_changes(workspace: Path) -> str | None:
    """Finish what a killed command left, if it left something; gives what prevents it."""
    if not (is_workspace(workspace) and transactions.unfinished(workspace)):
        return None
    try:
        with changing(workspace):
            return None
    except UsageError as error:
        return str(error)


def lay_stub(exercise: Exercise, workspace: Path) -> Path:
    """Copy a stub, unless there is something, so that it appears whole or not at all; gives its place.

    Raises:
        UsageError: it can't be written.
    """
    lay_missing((exercise,), workspace)
    return workspace / exercise.name


def lay_missing(exercises: Sequence[Exercise], workspace: Path) -> tuple[Path, ...]:
    """Lay the stubs of the exercises that have no project yet, recorded where progress is kept; gives the new projects.

    Raises:
        UsageError: they can't be written.
    """
    missing = _missing(exercises, workspace)
    if not missing:
        return ()
    if not is_workspace(workspace):
        return tuple(lay_files(project_files.read(exercise.stub), workspace, exercise.name) for exercise in missing)
    with changing(workspace):
        return _lay_missing(missing, workspace)


def _missing(exercises: Sequence[Exercise], workspace: Path) -> list[Exercise]:
    return [exercise for exercise in exercises if not os.path.lexists(workspace / exercise.name)]


def _lay_missing(exercises: Sequence[Exercise], workspace: Path) -> tuple[Path, ...]:
    for exercise in exercises:
        rename_if_renumbered(exercise, workspace)
    wanted = [(exercise, project_files.read(exercise.stub)) for exercise in _missing(exercises, workspace)]
    # Recorded first: a record without a project does no harm, but a project without one counts as the learner's.
    stub_records.save(workspace, {exercise.slug: stub_records.record_of(exercise, tree) for exercise, tree in wanted})
    return tuple(lay_files(tree, workspace, exercise.name) for exercise, tree in wanted)


def rename_if_renumbered(exercise: Exercise, workspace: Path) -> str:
    """Rename the project of an exercise that had another number before; gives its old name, empty if nothing was done."""
    laid = stub_records.load(workspace).get(exercise.slug, stub_records.NO_RECORD)
    before, now = workspace / laid.folder, workspace / exercise.name
    renumbered = laid.folder not in ("", exercise.name) and Path(laid.folder).name == laid.folder
    if not renumbered or not before.is_dir() or before.is_symlink() or os.path.lexists(now):
        return ""
    before.rename(now)
    return laid.folder


def lay_files(tree: Tree, workspace: Path, name: str) -> Path:
    """Lay files as a new folder of that name."""
    target = workspace / name
    with _writing(workspace):
        workspace.mkdir(parents=True, exist_ok=True)
        fresh = storage.fresh_name(workspace / FOLDER if is_workspace(workspace) else workspace)
        try:
            fresh.mkdir()
            project_files.write(tree, fresh)
            fresh.rename(target)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    return target


def _adopt(exercises: Sequence[Exercise], workspace: Path) -> None:
    """Take projects that nobody recorded for such as began from the stubs of today."""
    recorded = stub_records.load(workspace)
    unknown = (each for each in exercises if each.slug not in recorded and os.path.lexists(workspace / each.name))
    if found := {exercise.slug: stub_records.record_of(exercise) for exercise in unknown}:
        stub_records.save(workspace, found)


def lay_template(workspace: Path) -> None:
    """Lay the files beside the projects, and new versions of those that are as they were laid."""
    files = project_files.read(_TEMPLATE_FILES)
    recorded = stub_records.load(workspace).get(TEMPLATE, stub_records.NO_RECORD)
    for name, file in files.items():
        path = workspace / name
        try:
            present = None if path.parent.is_symlink() else storage.read(path)
        except OSError:  # something of theirs is there
            continue
        gone = present is None and name not in recorded.files
        as_laid = present is not None and recorded.is_unchanged(name, project_files.File(present))
        if (gone or as_laid) and present != file.content:
            path.parent.mkdir(exist_ok=True)
            storage.write(path, file.content, scratch=workspace / FOLDER)
    marked = project_files.file_digests(files)
    if marked != recorded.files:
        stub_records.save(workspace, {TEMPLATE: StubRecord(TEMPLATE, 0, project_files.tree_digest(marked), marked)})


@contextmanager
def _writing(workspace: Path, what: str = "made") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = shown(error.filename2 or error.filename or workspace)
        raise UsageError(f"The workspace {shown(workspace)} can't be {what}: {error.strerror} ({where}).") from error

"""Take in submissions, and match them to people of the roster by id."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader.catalog import Exercise
from grader.classroom.receiving import projects
from grader.classroom.receiving.exports import reading
from grader.classroom.receiving.recording import IntakeSummary, SubmissionRecorder
from grader.classroom.receiving.submission_files import Submission
from grader.classroom.records import roster
from grader.classroom.records.roster import Key, Person
from grader.display import visible
from grader.errors import IntakeError, UsageError
from grader.intake.learner_files import OTHER_ARCHIVES
from grader.intake.locating import SUFFIXES


def is_named_by_ids(folder: Path, people: Sequence[Person]) -> bool:
    """Whether anything in a folder has the roster's id of somebody."""
    known = {roster.key("id", person.id) for person in people}
    return any(roster.key("id", _student_id(path)) in known for path in folder.iterdir())


def take_in(
    folder: Path, people: Sequence[Person], exercises: Sequence[Exercise], recorder: SubmissionRecorder
) -> IntakeSummary:
    """Take in a folder that holds a folder or an archive for each student, named by the student's id.

    Args:
        folder: what was handed in; what is in each folder or archive, `projects.find_projects` says.
        people: the roster.
        exercises: for which it was.
        recorder: keeps and records it.

    Raises:
        UsageError: there is no such folder.
        InfrastructureError: it can't be kept or noted.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; name one that holds a folder or archive for each student.")
    known = {roster.key("id", person.id): person for person in people}
    paths = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    owners = [roster.key("id", _student_id(path)) for path in paths]
    for path, owner in zip(paths, owners, strict=True):
        if owner not in known:
            recorder.leave_out(Submission(path.name), "the roster has nobody of that id.")
        elif owners.count(owner) > 1:
            recorder.leave_out(
                Submission(path.name), "this id is there more than once, and which is meant isn't clear."
            )
        else:
            with _scratch(recorder, Submission(path.name), [known[owner]], exercises, hide=folder) as scratch:
                found = projects.find_projects(path, exercises, scratch)
                recorder.record(
                    [known[owner]],
                    _require_projects(found, exercises),
                    f"{folder.name}/{path.name}",
                    Submission(path.name),
                )
    return recorder.summary()


def take_in_export(
    path: Path,
    people: Sequence[Person],
    exercises: Sequence[Exercise],
    recorder: SubmissionRecorder,
    options: reading.ExportOptions,
    *,
    due: datetime.datetime | None = None,
) -> IntakeSummary:
    """Take in what another system gives out.

    Args:
        path: the zip as it was downloaded, or a folder into which it was unpacked.
        people: the roster.
        exercises: for which it was handed in.
        recorder: keeps and records it.
        options: how to read the export.
        due: from when on it is late; then somebody must say when it was received.

    Raises:
        UsageError: the export can't be read, or when it was received isn't known and matters.
        InfrastructureError: it can't be kept or noted.
    """
    when = recorder.when
    keyed = roster.by_key(people)
    with reading.open_export(path, options, keyed) as export:
        timeless = any(each.files and each.submitted_at is None for each in export.listing.submissions)
        if timeless and not when.is_stated and due is not None and when.at > due:
            raise UsageError(
                f"{export.kind.capitalize()} doesn't say when things were handed in, and by now all would be late;"
                " say it with --at, and with --late-at for what is marked as late. Nothing was taken in."
            )
        for name in export.listing.unrecognised:
            recorder.leave_out(
                Submission(name), f"by the rules of {export.kind.capitalize()} nobody knows whose it is."
            )
        for submission in export.listing.submissions:
            fault = submission.fault or recorder.wrong_time(submission)
            mine = fault or list(_owners(submission, keyed, people, recorder, groups=options.groups))
            if isinstance(mine, str):
                recorder.leave_out(submission, mine)
            elif mine:
                _take(export, submission, mine, exercises, recorder)
        return recorder.summary()


def _take(
    export: reading.Export,
    submission: Submission,
    owners: list[Person],
    exercises: Sequence[Exercise],
    recorder: SubmissionRecorder,
) -> None:
    source = f"{export.kind if submission.is_permanent else export.label}/{submission.source}"
    with _scratch(recorder, submission, owners, exercises) as scratch:
        export.unpack(submission, scratch / "handed")
        found = projects.find_projects(scratch / "handed", exercises, scratch)
        recorder.record(owners, _require_projects(found, exercises), source, submission)


def _owners(
    submission: Submission,
    keyed: Mapping[Key, Person],
    people: Sequence[Person],
    recorder: SubmissionRecorder,
    *,
    groups: bool,
) -> Iterator[Person]:
    """The people who handed something in; leaves out those whom the roster doesn't know, or not clearly."""
    matched: dict[str, Person] = {}
    for keys in submission.owners:
        found = {keyed[each].id: keyed[each] for each in keys if each in keyed}
        found |= {person.id: person for person in people for each in keys if _is_in(person, each)}
        alone = not any(kind == "groups" for kind, _ in keys)
        if alone and len(found) > 1:
            recorder.leave_out(submission, f"by the roster it is of {' and of '.join(sorted(found))}; fix the roster.")
        elif not found:
            called = ", ".join(sorted({f"{kind} {visible(text)}" for kind, text in keys}))
            recorder.leave_out(submission, f"the roster has nobody with {called}.")
        else:
            matched |= found
    for person in list(matched.values()) if groups else ():
        if len(person.in_groups) > 1 and not submission.team:
            recorder.leave_out(submission, f"{person.id} is in several groups, and for which it is isn't clear.")
            return
        matched |= {each.id: each for each in people if each.in_groups & person.in_groups and not submission.team}
    yield from matched.values()


def _is_in(person: Person, key: Key) -> bool:
    kind, group = key
    return kind == "groups" and group in person.in_groups


@contextmanager
def _scratch(
    recorder: SubmissionRecorder,
    what: Submission,
    owners: Sequence[Person],
    exercises: Sequence[Exercise],
    *,
    hide: Path | None = None,
) -> Iterator[Path]:
    """A folder in which to sort out what somebody handed in; what can't be taken in is left out, all of it."""
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        try:
            yield Path(temporary)
        except IntakeError as error:
            # Learners read it, too: where things lie on this machine is not theirs to know.
            why = str(error)
            for place in (f"{temporary}/handed/", f"{temporary}/", *(f"{each}/" for each in (hide,) if each)):
                why = why.replace(place, "")
            recorder.leave_out(what, why, owners, exercises[0] if len(exercises) == 1 else None)


def _require_projects(found: list[projects.Project], exercises: Sequence[Exercise]) -> list[projects.Project]:
    if not found:
        raise IntakeError(f"it holds no project called like {exercises[0].name}.")
    return found


def _student_id(path: Path) -> str:
    known = (suffix for suffix in (*SUFFIXES, *OTHER_ARCHIVES) if path.name.lower().endswith(suffix))
    suffix = max(known, key=len, default="")
    return path.name[: len(path.name) - len(suffix)] if path.is_file() else path.name

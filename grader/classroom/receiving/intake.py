"""Take in what students handed in: matched to the roster by id, never by guessing."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grader.catalog import Exercise
from grader.classroom.receiving import projects
from grader.classroom.receiving.exports import reading
from grader.classroom.receiving.submission_files import Submission
from grader.classroom.records import roster
from grader.classroom.records.ledger import Ledger, Received
from grader.classroom.records.roster import Key, Person
from grader.classroom.records.store import Store
from grader.display import visible
from grader.errors import IntakeError, UsageError
from grader.intake.archives import SUFFIXES
from grader.intake.copies import shown

_APART = datetime.timedelta(microseconds=1)
"""Between attempts of one export that has no times, so that they keep their order."""
_SAME = 1000 * _APART


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking something in."""

    new: int
    known: int
    """Handed in before, in the very same state."""
    left: tuple[str, ...]
    """What was left out, and why, as sentences."""
    late: tuple[str, ...] = ()
    """Whose work the other system calls late, by the roster's ids."""


@dataclass(frozen=True, slots=True)
class When:
    """When something was received, where the source itself doesn't say so."""

    at: datetime.datetime
    late_at: datetime.datetime | None = None
    """What the other system calls late; None: the same moment."""
    said: bool = True
    """Whether somebody said so; else it is the moment of taking in, and taking in the same again adds nothing."""


@dataclass
class Receiving:
    """Keeps and notes one thing after another."""

    ledger: Ledger
    store: Store
    when: When
    """When it was received, where the source itself doesn't say so."""
    left: list[str] = field(default_factory=list)
    late: set[str] = field(default_factory=set)
    counts: list[int] = field(default_factory=lambda: [0, 0])
    _times: dict[tuple[str, str, str, str], list[datetime.datetime]] = field(default_factory=dict)
    _last: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.ledger.received():
            self._note(each)

    def _note(self, received: Received) -> None:
        times = self._times.setdefault((received.student, received.exercise, received.digest, received.source), [])
        times.append(received.received_at)
        self._last[received.student, received.exercise] = received.digest

    def leave(self, what: str, why: object) -> None:
        """Say that something was left out."""
        self.left.append(f"{shown(what)}: {why}")

    def take(self, people: Sequence[Person], found: Sequence[projects.Project], source: str, about: Submission) -> None:
        """Keep projects, and note them for each of the people."""
        kept = [(exercise, self.store.put(path, exercise)) for exercise, path in found]
        for person in people:
            if about.late:
                self.late.add(person.id)
            for exercise, digest in kept:
                at = about.at or (self.when.late_at if about.late else None) or self.when.at
                at -= about.later * _APART
                received = Received(person.id, exercise.slug, digest, at, source, about.team)
                fresh = not self._is_known(received, exact=about.at is not None) and self.ledger.receive(received)
                self.counts[not fresh] += 1
                if fresh:
                    self._note(received)

    def _is_known(self, received: Received, *, exact: bool) -> bool:
        """Whether it was here already, whatever little or nothing its time tells."""
        times = self._times.get((received.student, received.exercise, received.digest, received.source), [])
        if exact or self.when.said:
            return any(abs(time - received.received_at) < _SAME for time in times)
        return bool(times) or self._last.get((received.student, received.exercise)) == received.digest

    def taken(self) -> Taken:
        """What came of it all."""
        return Taken(self.counts[0], self.counts[1], tuple(self.left), tuple(sorted(self.late)))


def take_in(folder: Path, people: Sequence[Person], exercises: Sequence[Exercise], receiving: Receiving) -> Taken:
    """Take in a folder that holds a folder or an archive for each student, named by the student's id.

    Args:
        folder: what was handed in; what is in each folder or archive, `projects.found` says.
        people: the roster.
        exercises: for which it was.
        receiving: where it is kept and noted.

    Raises:
        UsageError: there is no such folder.
        InfrastructureError: it can't be kept or noted.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; name one that holds a folder or archive for each student.")
    known = {roster.key("id", person.id): person for person in people}
    paths = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    owners = [roster.key("id", _student(path)) for path in paths]
    for path, owner in zip(paths, owners, strict=True):
        if owner not in known:
            receiving.leave(path.name, "the roster has nobody of that id.")
        elif owners.count(owner) > 1:
            receiving.leave(path.name, "this id is there more than once, and which is meant isn't clear.")
        else:
            with _scratch(receiving, path.name) as scratch:
                found = projects.found(path, exercises, scratch)
                receiving.take(
                    [known[owner]], _some(found, exercises), f"{folder.name}/{path.name}", Submission(path.name)
                )
    return receiving.taken()


def take_in_export(
    path: Path,
    people: Sequence[Person],
    exercises: Sequence[Exercise],
    receiving: Receiving,
    rules: reading.Rules,
    *,
    due: datetime.datetime | None = None,
) -> Taken:
    """Take in what another system gives out.

    Args:
        path: the zip, as it was downloaded.
        people: the roster.
        exercises: for which it was handed in.
        receiving: where it is kept and noted.
        rules: by which to read the export.
        due: from when on it is late; then somebody must say when it was received.

    Raises:
        UsageError: the export can't be read, or when it was received isn't known and matters.
        InfrastructureError: it can't be kept or noted.
    """
    when = receiving.when
    keyed = roster.by_key(people)
    with reading.opened(path, rules, keyed) as export:
        timeless = any(each.files and each.at is None for each in export.listed.submissions)
        if timeless and not when.said and due is not None and when.at > due:
            raise UsageError(
                f"{export.kind.capitalize()} doesn't say when things were handed in, and by now all would be late;"
                " say it with --at, and with --late-at for what is marked as late. Nothing was taken in."
            )
        for name in export.listed.left:
            receiving.leave(name, f"by the rules of {export.kind.capitalize()} nobody knows whose it is.")
        for submission in export.listed.submissions:
            mine = submission.fault or list(_owners(submission, keyed, people, receiving, groups=rules.groups))
            if isinstance(mine, str):
                receiving.leave(submission.where, mine)
            elif mine:
                _take(export, submission, mine, exercises, receiving)
        return receiving.taken()


def _take(
    export: reading.Export,
    submission: Submission,
    mine: list[Person],
    exercises: Sequence[Exercise],
    receiving: Receiving,
) -> None:
    names = exercises[0].top_names if len(exercises) == 1 else {exercise.name for exercise in exercises}
    source = f"{export.kind if submission.for_good else export.called}/{submission.where}"
    with _scratch(receiving, submission.where) as scratch:
        export.unpack(submission, scratch / "handed", names | {exercise.name for exercise in exercises})
        found = projects.found(scratch / "handed", exercises, scratch)
        receiving.take(mine, _some(found, exercises), source, submission)


def _owners(
    submission: Submission,
    keyed: Mapping[Key, Person],
    people: Sequence[Person],
    receiving: Receiving,
    *,
    groups: bool,
) -> Iterator[Person]:
    """Who handed something in; says of whom the roster doesn't know, or not clearly."""
    matched: dict[str, Person] = {}
    for keys in submission.owners:
        found = {keyed[each].id: keyed[each] for each in keys if each in keyed}
        found |= {person.id: person for person in people for each in keys if _is_in(person, each)}
        alone = not any(kind == "groups" for kind, _ in keys)
        if alone and len(found) > 1:
            receiving.leave(
                submission.where, f"by the roster it is of {' and of '.join(sorted(found))}; mend the roster."
            )
        elif not found:
            called = ", ".join(sorted({f"{kind} {visible(text)}" for kind, text in keys}))
            receiving.leave(submission.where, f"the roster has nobody with {called}.")
        else:
            matched |= found
    for person in list(matched.values()) if groups else ():
        if len(person.in_groups) > 1 and not submission.team:
            receiving.leave(submission.where, f"{person.id} is in several groups, and for which it is isn't clear.")
            return
        matched |= {each.id: each for each in people if each.in_groups & person.in_groups and not submission.team}
    yield from matched.values()


def _is_in(person: Person, key: Key) -> bool:
    kind, group = key
    return kind == "groups" and group in person.in_groups


@contextmanager
def _scratch(receiving: Receiving, what: str) -> Iterator[Path]:
    """A folder in which to sort out what somebody handed in; what can't be taken in is left out, all of it."""
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        try:
            yield Path(temporary)
        except IntakeError as error:
            receiving.leave(what, str(error).replace(f"{temporary}/handed/", "").replace(f"{temporary}/", ""))


def _some(found: list[projects.Project], exercises: Sequence[Exercise]) -> list[projects.Project]:
    if not found:
        raise IntakeError(f"it holds no project called like {exercises[0].name}.")
    return found


def _student(path: Path) -> str:
    suffix = next((suffix for suffix in SUFFIXES if path.name.endswith(suffix)), "")
    return path.name.removesuffix(suffix) if path.is_file() else path.name

"""Keep what was handed in and note it in the ledger, each attempt once, and what could not be taken in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from grader.catalog import Exercise
from grader.classroom.receiving.projects import Project
from grader.classroom.receiving.submission_files import Submission
from grader.classroom.records.ledger import Ledger, Received, Refused
from grader.classroom.records.roster import Person
from grader.classroom.records.store import Store
from grader.errors import NothingToGradeError
from grader.intake.copies import shown

_ATTEMPT_GAP = datetime.timedelta(microseconds=1)
"""Between attempts of one export that has no times, so that they keep their order."""
_CLOCKS_DIFFER = datetime.timedelta(minutes=10)
"""By which clocks of two systems may differ."""
_SAME_MOMENT = 1000 * _ATTEMPT_GAP


@dataclass(frozen=True, slots=True)
class IntakeSummary:
    """What came of taking something in."""

    new: int
    known: int
    """Handed in before, in the very same state."""
    left_out: tuple[str, ...]
    """What was left out, and why, as sentences."""
    late: tuple[str, ...] = ()
    """Whose work the other system calls late, by the roster's ids."""
    other_times: tuple[str, ...] = ()
    """What was known already, with another time than it would have now, as sentences."""


@dataclass(frozen=True, slots=True)
class ReceivedTime:
    """When something was received, where the source itself doesn't say so."""

    at: datetime.datetime
    late_at: datetime.datetime | None = None
    """What the other system calls late; None: the same moment."""
    is_stated: bool = True
    """Whether somebody said so; else it is the moment of taking in, and taking in the same again adds nothing."""


@dataclass
class SubmissionRecorder:
    """Keeps and notes one thing after another."""

    ledger: Ledger
    store: Store
    when: ReceivedTime
    """When it was received, where the source itself doesn't say so."""
    correct: bool = False
    """Whether what is known already gets the time that it would have now."""
    left_out: list[str] = field(default_factory=list)
    other_times: list[str] = field(default_factory=list)
    late: set[str] = field(default_factory=set)
    counts: list[int] = field(default_factory=lambda: [0, 0])
    _by_source: dict[tuple[str, str, str, str], list[Received]] = field(default_factory=dict)
    _last: dict[tuple[str, str], Received] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.ledger.received():
            self._note(each)

    def _note(self, received: Received) -> None:
        self._by_source.setdefault(_source(received), []).append(received)
        self._last[received.student, received.exercise] = received

    def leave_out(
        self, what: Submission, why: object, people: Sequence[Person] = (), exercise: Exercise | None = None
    ) -> None:
        """Say that something was left out, and note it.

        Args:
            what: was handed in.
            why: the reason, as a sentence.
            people: whose it is, where that is known.
            exercise: for which it was; None: for one of several.
        """
        source = shown(what.source)
        says = f"{source}, for {exercise.name}: {why}" if exercise is not None else f"{source}: {why}"
        self.left_out.append(f"{', '.join(person.called for person in people)}: {says}" if people else says)
        for student in [person.id for person in people] or [""]:
            slug = "" if exercise is None else exercise.slug
            self.ledger.refuse(Refused(source, str(why), self._moment(what), student, slug))

    def _moment(self, about: Submission) -> datetime.datetime:
        """When something was received, for all that is known."""
        at = about.submitted_at or (self.when.late_at if about.late else None) or self.when.at
        return at - about.later_attempts * _ATTEMPT_GAP

    def wrong_time(self, about: Submission) -> str:
        """What is wrong with the time at which something was handed in; empty: nothing."""
        at = about.submitted_at
        if at is None or at <= datetime.datetime.now(datetime.UTC) + _CLOCKS_DIFFER:
            return ""
        return f"by the export it was handed in at {at.isoformat()}, which is in the future."

    def record(self, people: Sequence[Person], found: Sequence[Project], source: str, about: Submission) -> None:
        """Keep projects, and note them for each of the people; leaves out those without any of the learner's files."""
        kept = []
        for each in found:
            try:
                kept.append((each.exercise, self.store.put(each.path, each.exercise, below=each.below)))
            except NothingToGradeError as error:
                self.leave_out(about, error, people, each.exercise)
        for person in people:
            if about.late:
                self.late.add(person.id)
            for exercise, digest in kept:
                received = Received(person.id, exercise.slug, digest, self._moment(about), source, about.team)
                self.counts[not self._receive(received, about)] += 1

    def _receive(self, received: Received, about: Submission) -> bool:
        """Note something, unless it is known already; gives whether it was new."""
        known = self._known(received, about)
        if known is not None:
            told = about.submitted_at is not None or self.when.is_stated
            if told and abs(known.received_at - received.received_at) >= _SAME_MOMENT:
                self._differ(known, received)
            return False
        fresh = self.ledger.receive(received)
        if fresh:
            self._note(received)
        return fresh

    def _known(self, received: Received, about: Submission) -> Received | None:
        """The same as it was noted before: by its id in its system, or as the last that this person handed in."""
        same = self._by_source.get(_source(received), [])
        at_that_time = [each for each in same if abs(each.received_at - received.received_at) < _SAME_MOMENT]
        if at_that_time:
            return at_that_time[0]
        if about.is_permanent and same:
            return same[-1]
        last = self._last.get((received.student, received.exercise))
        if about.submitted_at is not None or last is None or last.digest != received.digest:
            return None
        return last

    def _differ(self, known: Received, received: Received) -> None:
        """Say that a time would be another one now, or correct it."""
        old, new = (each.received_at.isoformat(timespec="seconds") for each in (known, received))
        if not self.correct:
            self.other_times.append(f"{received.exercise} of {received.student}: received {old}, and not {new}")
            return
        counting = [each for each in self.ledger.received() if each == replace(known, id=each.id)]
        self.ledger.void(counting, f"Its time was corrected to {new}.")
        self.ledger.receive(received)
        self._by_source[_source(known)].remove(known)
        self._note(received)

    def summary(self) -> IntakeSummary:
        """What came of it all."""
        left_out, late = tuple(self.left_out), tuple(sorted(self.late))
        return IntakeSummary(self.counts[0], self.counts[1], left_out, late, tuple(self.other_times))


def _source(received: Received) -> tuple[str, str, str, str]:
    """What the same thing has in common each time that it comes from the same source."""
    return received.student, received.exercise, received.digest, received.source

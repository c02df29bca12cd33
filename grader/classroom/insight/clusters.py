"""Group attempts that failed alike: the same exercise, the same lost checks, and the same failure of each check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from grader.classroom.records import recorded_checks
from grader.classroom.records.recorded_checks import ReportedChecks
from grader.classroom.records.standings import Standing
from grader.explaining.fingerprints import Fingerprint, fingerprint, token_kind
from grader.model import CheckResult

Key = tuple[str, str]
"""An exercise and what its cluster is called."""
_NAME_LENGTH = 10
"""Hexadecimal digits of a name: with thousands of clusters, two alike are less likely than one in 100,000."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """People whose attempts that count failed alike."""

    key: Key
    students: tuple[str, ...]
    """By the roster's ids, in its order."""
    example: ReportedChecks
    """Of the first of them."""


def key(exercise: str, checks: Iterable[CheckResult]) -> Key | None:
    """What the cluster of an attempt is called; None if no check was lost.

    It is the same for equal failures today and next year, for all students and all versions of Python: numbers, white
    space, line numbers, tracebacks and versions don't count (see `fingerprints`), since the checks draw other data for
    every submission. Where a check's message changes, so does the name.
    """
    lost = sorted(
        (check.id, _without_numbers(fingerprint(check))) for check in checks if check.outcome in recorded_checks.LOST
    )
    if not lost:
        return None
    return exercise, hashlib.sha256(msgspec.json.encode([exercise, lost])).hexdigest()[:_NAME_LENGTH]


def _without_numbers(seen: Fingerprint) -> Fingerprint:
    """A fingerprint without its numbers; the outcome and the count of executions stay."""
    how, *parts = seen
    return how, *(tuple("#" if token_kind(token) == "#" else token for token in part) for part in parts)


def group_failures(standings: Sequence[Standing]) -> tuple[Cluster, ...]:
    """The clusters of the attempts that count, the largest first."""
    students: dict[Key, list[str]] = {}
    examples: dict[Key, ReportedChecks] = {}
    named: dict[tuple[str, str], tuple[Key | None, ReportedChecks]] = {}
    for each in standings:
        if each.grading is None:
            continue
        if each.grading.content not in named:
            seen = recorded_checks.read(each.grading)
            named[each.grading.content] = key(each.exercise, seen.checks), seen
        cluster, seen = named[each.grading.content]
        if cluster is not None:
            students.setdefault(cluster, []).append(each.student)
            examples.setdefault(cluster, seen)
    found = (Cluster(cluster, tuple(those), examples[cluster]) for cluster, those in students.items())
    return tuple(sorted(found, key=lambda each: (-len(each.students), each.example.number, each.key)))

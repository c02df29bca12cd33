"""Whether a ledger is the one that was written, as far as it and what is beside it tell."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader.classroom.records.course import SUBMISSIONS
from grader.classroom.records.ledger_rows import Grading
from grader.errors import InfrastructureError


class _Told(msgspec.Struct):
    """What a report says of the score."""

    score: int | msgspec.UnsetType | None = msgspec.UNSET
    max_score: int | msgspec.UnsetType = msgspec.UNSET


def check_score(path: Path, grading: Grading) -> None:
    """Refuse a grading whose score isn't that of its own report.

    Args:
        path: the ledger's.
        grading: as it was read.

    Raises:
        InfrastructureError: one of them was changed.
    """
    try:
        told = msgspec.json.decode(grading.report, type=_Told)
        same = told.score in (msgspec.UNSET, grading.score) and told.max_score in (msgspec.UNSET, grading.max_score)
    except (msgspec.DecodeError, UnicodeDecodeError):
        same = False
    if not same:
        raise InfrastructureError(
            f"The ledger {path} is damaged: the score of grading {grading.id} ({grading.exercise}) isn't that of its"
            " own report. Put it aside, and put the last backup in its place."
        )


def check_store(path: Path) -> None:
    """Refuse to begin a ledger beside a store that holds something: then a ledger was lost.

    Args:
        path: the ledger's.

    Raises:
        InfrastructureError: that is so.
    """
    store = path.parent / SUBMISSIONS
    if (not path.exists() or not path.stat().st_size) and next(store.glob("??/*.zip"), None) is not None:
        raise InfrastructureError(
            f"There is no ledger {path}, or it is empty, but {store} holds what was handed in. Put the last backup of"
            " the ledger there: only it knows whose that is."
        )

"""The ledger: an SQLite file to which rows are only ever added. It is the only truth about who got what, and why.

    received    who handed in which content for which exercise, when, and where it came from
    refused     what could not be taken in, whose it was where that is known, and why
    runs        each time that something was taken in, so that it can be taken back
    voided      what was received and doesn't count, and why; or that it counts again: the last word holds
    graded      what a content earned: under which catalogue, tool, interpreter and sandbox, with the full report
    accepted    which grading counts from then on; a regrade counts only when somebody accepted it
    comments    what the instructor says to all who failed alike

A grading belongs to a content, not to a person: equal contents get equal grades, and are graded once. A process
that is killed leaves whole rows only, and the next one grades what is missing.
"""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.classroom.records import ledger_checks, mounts
from grader.classroom.records import ledger_tables as tables
from grader.classroom.records.ledger_rows import Comment, Grading, Received, Refused
from grader.errors import InfrastructureError

__all__ = ["Comment", "Grading", "Ledger", "Received", "Refused", "open_"]
_BUSY_TIMEOUT = 30.0
"""Seconds to wait for another process that is writing."""


_COLUMNS = "exercise, digest, catalogue, tool, python, sandbox, graded_at, verdict, score, max_score, report, seconds"
_NEWEST = f"""
SELECT {_COLUMNS}, id FROM graded WHERE id IN (SELECT max(id) FROM graded GROUP BY exercise, digest) ORDER BY id
"""  # noqa: S608 - our own words
_ACCEPTED_LAST = f"""
SELECT {_COLUMNS}, id FROM graded WHERE id IN (SELECT grading FROM accepted WHERE id IN (
    SELECT max(a.id) FROM accepted a JOIN graded g ON g.id = a.grading GROUP BY g.exercise, g.digest
)) ORDER BY id
"""  # noqa: S608 - our own words

# With `max`, SQLite takes the other columns from the row that has the maximum.
_VOIDED = "SELECT received, counts, why, max(id) FROM voided GROUP BY received"
_RECEIVED = f"""
SELECT student, exercise, digest, received_at, source, team, r.id, counts, why
FROM received r LEFT JOIN ({_VOIDED}) v ON v.received = r.id ORDER BY received_at, r.id
"""  # noqa: S608 - our own words
_AGAIN = f"""
INSERT INTO voided (received, counts, why, voided_at) SELECT r.id, 1, 'received again', ?
FROM received r JOIN ({_VOIDED}) v ON v.received = r.id
WHERE counts = 0 AND student = ? AND exercise = ? AND digest = ? AND received_at = ?
"""  # noqa: S608 - our own words
_GRADED_CONTENTS = "SELECT DISTINCT g.exercise, g.digest FROM accepted a JOIN graded g ON g.id = a.grading"


class Ledger:
    """An open ledger."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    def receive(self, received: Received) -> bool:
        """Note what was handed in; False if the very same is noted already, and counts."""
        row = (received.student, received.exercise, received.digest, _text(received.received_at), received.source)
        with self._writing() as connection:
            done = connection.execute(
                "INSERT OR IGNORE INTO received (student, exercise, digest, received_at, source, team, added_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, received.team, _now()),
            )
            again = connection.execute(_AGAIN, (_now(), *row[:4])) if done.rowcount == 0 else done
        return again.rowcount == 1

    def refuse(self, refused: Refused) -> None:
        """Note what could not be taken in; nothing, if just that is noted already."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO refused (student, exercise, source, why, received_at, added_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (refused.student, refused.exercise, refused.source, refused.why, _text(refused.received_at), _now()),
            )

    def record(self, grading: Grading, *, why: str | None = None) -> int:
        """Note what a content earned, on disk when this returns; gives the grading's number.

        Args:
            grading: what it earned.
            why: why it counts from now on; None: it doesn't, unless somebody accepts it.
        """
        with self._writing() as connection:
            done = connection.execute(
                "INSERT INTO graded (exercise, digest, catalogue, tool, python, sandbox, graded_at, verdict, score,"
                " max_score, report, seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(grading.exercise, grading.digest, grading.catalogue, grading.tool, grading.python),
                    *(grading.sandbox, _text(grading.graded_at), grading.verdict, grading.score, grading.max_score),
                    *(grading.report, grading.seconds),
                ),
            )
            number = done.lastrowid or 0
            if why is not None:
                _accept(connection, number, why)
        return number

    def accept(self, numbers: tuple[int, ...], why: str) -> None:
        """Let gradings count from now on, all or none of them."""
        with self._writing() as connection:
            for number in numbers:
                _accept(connection, number, why)

    def comment(self, comment: Comment) -> None:
        """Say something to all who failed alike; the last word for a cluster counts, and an empty one takes it back."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO comments (exercise, cluster, says, added_at) VALUES (?, ?, ?, ?)",
                (comment.exercise, comment.cluster, comment.says, _now()),
            )

    def begin_run(self, source: str) -> None:
        """Note that something is taken in from now on."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO runs (source, received_before, began_at) SELECT ?, coalesce(max(id), 0), ? FROM received",
                (source, _now()),
            )

    def last_run(self) -> tuple[str, tuple[Received, ...]] | None:
        """The last run of which anything counts: from where, and all of that; None: there is none."""
        with self._reading() as connection:
            runs = connection.execute("SELECT source, received_before FROM runs ORDER BY id DESC").fetchall()
        received = self.received()
        end = None
        for source, before in runs:
            new = tuple(each for each in received if before < each.id and (end is None or each.id <= end))
            if new:
                return source, new
            end = before
        return None

    def void(self, received: Sequence[Received], why: str) -> None:
        """Let things that were received count no longer, all or none of them; the ledger keeps both."""
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO voided (received, counts, why, voided_at) VALUES (?, 0, ?, ?)",
                [(each.id, why, _now()) for each in received],
            )

    def received(self) -> tuple[Received, ...]:
        """All that was handed in and counts, in the order in which it came."""
        return tuple(received for received, why in self._received() if why is None)

    def voided(self) -> tuple[tuple[Received, str], ...]:
        """All that was handed in and doesn't count any more, and why."""
        return tuple((received, why) for received, why in self._received() if why is not None)

    def _received(self) -> Iterator[tuple[Received, str | None]]:
        with self._reading() as connection:
            rows = connection.execute(_RECEIVED).fetchall()
        for student, exercise, digest, at, source, team, number, counts, why in rows:
            received = Received(student, exercise, digest, datetime.datetime.fromisoformat(at), source, team, number)
            yield received, why if counts == 0 else None

    def refused(self) -> tuple[Refused, ...]:
        """All that could not be taken in, in the order in which it came."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT source, why, received_at, student, exercise, id FROM refused ORDER BY id"
            ).fetchall()
        return tuple(
            Refused(source, why, datetime.datetime.fromisoformat(at), *whose) for source, why, at, *whose in rows
        )

    def gradings(self) -> dict[tuple[str, str], Grading]:
        """The grading that counts of each content that has one: of those accepted, the one accepted last."""
        return {each.content: each for each in self._graded(_ACCEPTED_LAST)}

    def graded_contents(self) -> frozenset[tuple[str, str]]:
        """The contents that have a grading that counts: an exercise and a digest each."""
        with self._reading() as connection:
            rows = connection.execute(_GRADED_CONTENTS).fetchall()
        return frozenset(rows)

    def latest(self) -> dict[tuple[str, str], Grading]:
        """The newest grading of each content, whether it counts or not."""
        return {each.content: each for each in self._graded(_NEWEST)}

    def comments(self) -> dict[tuple[str, str], str]:
        """The comments that hold now, by exercise and cluster."""
        with self._reading() as connection:
            rows = connection.execute("SELECT exercise, cluster, says FROM comments ORDER BY id").fetchall()
        last = {(exercise, cluster): says for exercise, cluster, says in rows}
        return {key: says for key, says in last.items() if says}

    @contextlib.contextmanager
    def grading_lock(self) -> Iterator[None]:
        """Keep others from grading the same class meanwhile; a process that is killed keeps nobody waiting.

        Raises:
            InfrastructureError: somebody else is at it, or no lock can be made there.
        """
        # SQLite locks alike on every system. Not the ledger itself: everybody may note and read what they like.
        path = self._path.with_name(f"{self._path.name}-grading")
        with _clear_errors(self._path):
            lock = sqlite3.connect(path, timeout=0, isolation_level=None)
        with contextlib.closing(lock):
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                says = f"This class can't be graded now: {error} ({path}). If another process grades it, wait for that."
                raise InfrastructureError(says) from error
            yield

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _graded(self, query: str) -> Iterator[Grading]:
        with self._reading() as connection:
            rows = connection.execute(query).fetchall()
        for row in rows:
            columns = [*row[:6], datetime.datetime.fromisoformat(row[6]), *row[7:]]
            grading = Grading(*columns)
            ledger_checks.check_score(self._path, grading)
            yield grading

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with _clear_errors(self._path):
            yield self._connection

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with _clear_errors(self._path), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection


def open_(path: Path) -> Ledger:
    """Open a ledger, and make it if there is none.

    Raises:
        InfrastructureError: it is damaged, of a later format, locked by somebody, can't be written, or was lost.
    """
    ledger_checks.check_store(path)
    with _clear_errors(path):
        connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT, isolation_level=None)
        try:
            # A write-ahead log needs memory that all who have the file open share, and machines share none.
            connection.execute(f"PRAGMA journal_mode = {'TRUNCATE' if mounts.is_remote(path) else 'WAL'}")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            tables.create(connection)
            tables.check(path, connection)
        except BaseException:
            connection.close()
            raise
    return Ledger(path, connection)


def _accept(connection: sqlite3.Connection, number: int, why: str) -> None:
    connection.execute("INSERT INTO accepted (grading, accepted_at, why) VALUES (?, ?, ?)", (number, _now(), why))


@contextlib.contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.OperationalError as error:
        what = str(error)
        if "locked" in what or "busy" in what:
            says = f"The ledger {path} is being written by another process; wait until it has ended, and try again."
        elif "full" in what:
            says = f"The disk of the ledger {path} is full; nothing was lost. Make room, and try again."
        else:
            says = f"The ledger {path} can't be used: {what}; nothing was lost. Fix that, and try again."
        raise InfrastructureError(says) from error
    except sqlite3.DatabaseError as error:
        says = f"The ledger {path} is damaged: {error}. Put it aside, and put the last backup in its place."
        raise InfrastructureError(says) from error


def _text(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def _now() -> str:
    return _text(datetime.datetime.now(datetime.UTC))

"""The tables of a ledger, and what a ledger of an earlier format lacks."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from grader.errors import InfrastructureError

FORMAT = 2
_TABLES: dict[int, dict[str, str]] = {
    1: {
        "received": """
            CREATE TABLE received (
                id INTEGER PRIMARY KEY, student TEXT NOT NULL, exercise TEXT NOT NULL, digest TEXT NOT NULL,
                received_at TEXT NOT NULL, source TEXT NOT NULL, team TEXT NOT NULL, added_at TEXT NOT NULL,
                UNIQUE (student, exercise, digest, received_at)
            ) STRICT""",
        "graded": """
            CREATE TABLE graded (
                id INTEGER PRIMARY KEY, exercise TEXT NOT NULL, digest TEXT NOT NULL, catalogue TEXT NOT NULL,
                tool TEXT NOT NULL, python TEXT NOT NULL, sandbox TEXT NOT NULL, graded_at TEXT NOT NULL,
                verdict TEXT NOT NULL, score INTEGER, max_score INTEGER NOT NULL, report TEXT NOT NULL,
                seconds REAL NOT NULL
            ) STRICT""",
        "accepted": """
            CREATE TABLE accepted (
                id INTEGER PRIMARY KEY, grading INTEGER NOT NULL REFERENCES graded (id), accepted_at TEXT NOT NULL,
                why TEXT NOT NULL
            ) STRICT""",
        "comments": """
            CREATE TABLE comments (
                id INTEGER PRIMARY KEY, exercise TEXT NOT NULL, cluster TEXT NOT NULL, says TEXT NOT NULL,
                added_at TEXT NOT NULL
            ) STRICT""",
    },
    2: {
        "refused": """
            CREATE TABLE refused (
                id INTEGER PRIMARY KEY, student TEXT NOT NULL, exercise TEXT NOT NULL, source TEXT NOT NULL,
                why TEXT NOT NULL, received_at TEXT NOT NULL, added_at TEXT NOT NULL,
                UNIQUE (student, exercise, source, why)
            ) STRICT""",
        "runs": """
            CREATE TABLE runs (
                id INTEGER PRIMARY KEY, source TEXT NOT NULL, received_before INTEGER NOT NULL, began_at TEXT NOT NULL
            ) STRICT""",
        "voided": """
            CREATE TABLE voided (
                id INTEGER PRIMARY KEY, received INTEGER NOT NULL REFERENCES received (id), counts INTEGER NOT NULL,
                why TEXT NOT NULL, voided_at TEXT NOT NULL
            ) STRICT""",
    },
}
"""By the format that brought them, and by their names."""
_INDEXES = {
    1: (
        "CREATE INDEX graded_content ON graded (exercise, digest)",
        "CREATE INDEX accepted_grading ON accepted (grading)",
    )
}
_APPEND_ONLY = """
CREATE TRIGGER {table}_{what} BEFORE {what} ON {table}
BEGIN SELECT RAISE(ABORT, 'the ledger is only ever added to'); END;
"""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables that aren't there yet, all or nothing; those of an earlier format stay as they are."""
    if _format(connection) in (FORMAT, None):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _format(connection)  # somebody else may have been faster
        for number in range((FORMAT if found is None else found) + 1, FORMAT + 1):
            for table, statement in _TABLES[number].items():
                connection.execute(statement)
                for what in ("UPDATE", "DELETE"):
                    connection.execute(_APPEND_ONLY.format(table=table, what=what))
            for statement in _INDEXES.get(number, ()):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def check(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a ledger that can't be used.

    Raises:
        InfrastructureError: it is of a later format.
        sqlite3.DatabaseError: it is damaged.
    """
    if _format(connection) is None:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        says = f"The ledger {path} has format {found}, and this version knows {FORMAT}; take the newest version."
        raise InfrastructureError(says)
    if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("its pages contradict each other")


def _format(connection: sqlite3.Connection) -> int | None:
    """The format of a ledger, 0 if it has no tables yet; None if this version doesn't know it."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found if 0 <= found <= FORMAT else None

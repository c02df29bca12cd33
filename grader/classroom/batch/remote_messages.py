"""The messages between a class's coordinator and the judges on other machines: JSON, checked when it is read.

A judge that grades for somebody else says first whether it would grade alike: by the same tool, the same exercises, the
same Python and the same sandbox. Until then it gets no work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import metadata

import msgspec

from grader import __version__
from grader.catalog import Exercise
from grader.model import Attempt


class Terms(msgspec.Struct, frozen=True):
    """Under which a run grades."""

    run: str
    """A word of the run's own: judges of an earlier run may know files that have changed since."""
    catalogue: str | None
    """The folder that the coordinator's exercises come from; None: those that come with the tool."""
    exercises: dict[str, str]
    """Of each exercise, by name, the digest of all that decides about its reports."""
    python: str
    """The interpreter's full version."""
    tier: str
    """The sandbox, by its name: never `auto`."""
    tool: str = __version__


class Order(msgspec.Struct, frozen=True):
    """One content to grade."""

    exercise: str
    digest: str
    """SHA-256 of its archive."""
    size: int
    """Bytes of its archive, which follow."""


class Reply(msgspec.Struct, frozen=True):
    """What a judge says: first whether it would grade alike, then what came of each order."""

    attempt: Attempt | None = None
    refused: str = ""
    """Why this machine can't do it, as a sentence; empty: it can."""
    died: str = ""
    """How judges ended over an order, as a sentence."""


def report_digest(exercise: Exercise) -> str:
    """SHA-256 of all that decides about an exercise's reports: what it is graded by, and what is known of mistakes."""
    whole = hashlib.sha256(exercise.digest.encode())
    for name in ("mistakes.toml", "signatures.json"):
        path = exercise.folder / "mistakes" / name
        content = path.read_bytes() if path.is_file() else b""
        whole.update(f" {name} {len(content)} ".encode())
        whole.update(content)
    return whole.hexdigest()


def exercise_mismatch(wanted: dict[str, str], found: dict[str, str]) -> str:
    """Which exercises differ from those wanted, as a sentence; empty if none does."""
    differ = ", ".join(sorted(name for name, known in wanted.items() if found.get(name) != known))
    return f"Its catalogue has other checks or texts for {differ}; install the same version there." if differ else ""


def dask_mismatches(here: dict[str, str], there: dict[str, str]) -> Iterator[str]:
    """Which parts of Dask have another version there, in words."""
    for name, version in here.items():
        if (found := there.get(name)) != version:
            yield f"{name} {found or 'missing'} instead of {version}"


def dask_versions() -> dict[str, str]:
    """The versions of what two machines must have alike to understand each other."""
    return {name: metadata.version(name) for name in ("dask", "distributed")}


def encode(message: Terms | Order | Reply) -> bytes:
    """A message as JSON, in one line."""
    return msgspec.json.encode(message)

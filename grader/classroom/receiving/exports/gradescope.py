"""Gradescope's "Export submissions" of a programming assignment.

There is no official description. What files show (a `submission_metadata.yml` in public, and readers of it, among them
Otter's) is a folder with `submission_metadata.yml` and one folder for each submission, unpacked already:

    submission_132970515:
      :submitters:
      - :name: Ada Lovelace
        :sid: '222334'
        :email: ada@example.org
      :created_at: 2022-09-10 23:47:27.018556000 Z
      :score: 32.0
      :status: processed
      :results: …
      :history: …

Keys are Ruby's symbols. A group has several submitters. Earlier submissions are in `:history`, without their files.

The file is somebody else's: read with a bound, as plain texts and never as objects, and only the few lines that count;
results and history may have many megabytes, and hold what programs of students wrote.
"""

from __future__ import annotations

import datetime
import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from grader.classroom.receiving.submission_files import ExportFile, Listing, Submission
from grader.classroom.records.roster import Key, key
from grader.display import visible
from grader.errors import UsageError

METADATA = "submission_metadata.yml"
MAX_METADATA_BYTES = 64 << 20
_MAX_READ_CHARACTERS = 8 << 20
"""Of the lines that count."""
_RELEVANT_FIELDS = (":submitters", ":created_at")
_FIELD = re.compile(r"  (:?\w+):(?:\s.*)?")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)")


def matches(name: ExportFile) -> bool:
    """Whether this file is what makes a zip an export of Gradescope's."""
    return name.parts == (METADATA,)


def list_submissions(names: Sequence[ExportFile], metadata: bytes) -> Listing:
    """What each person or group handed in.

    Raises:
        UsageError: the metadata are not what they should be.
    """
    told = _read_metadata(metadata)
    files: dict[str, list[tuple[int, str]]] = {}
    left = []
    for name in names:
        if len(name.parts) > 1 and name.parts[0] in told:
            files.setdefault(name.parts[0], []).append((name.position, "/".join(name.parts[1:])))
        elif name.parts != (METADATA,):
            left.append(name.path)
    return Listing(
        tuple(_submission(where, each, tuple(files.get(where, ()))) for where, each in told.items()), tuple(left)
    )


def _submission(where: str, said: Any, files: tuple[tuple[int, str], ...]) -> Submission:
    said = said if isinstance(said, dict) else {}
    submitters = said.get(":submitters")
    owners = tuple(filter(None, map(_owner, submitters))) if isinstance(submitters, list) else ()
    at = _moment(said.get(":created_at"))
    if not files:
        return Submission(where, fault="It holds no files.")
    if not owners:
        return Submission(where, fault=f"{METADATA} doesn't say who handed it in.")
    if at is None:
        return Submission(where, fault=f"{METADATA} doesn't say when it was handed in.")
    return Submission(where, files, owners, at, team=where if len(owners) > 1 else "", is_permanent=True)


def _owner(said: Any) -> frozenset[Key]:
    if not isinstance(said, dict):
        return frozenset()
    sid, email = said.get(":sid"), said.get(":email")
    found = {("gradescope", sid), ("id", sid), ("gradescope", email), ("email", email)}
    return frozenset(key(kind, text) for kind, text in found if isinstance(text, str) and text.strip() not in ("", "~"))


def _moment(said: Any) -> datetime.datetime | None:
    found = _MOMENT.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        return None
    day, time, fraction, zone = found.groups()
    zone = "+00:00" if zone in ("Z", "UTC") else zone
    try:
        return datetime.datetime.fromisoformat(f"{day}T{time}{(fraction or '')[:7]}{zone}")
    except ValueError:
        return None


def _read_metadata(metadata: bytes) -> dict[str, Any]:
    try:
        yaml: Any = importlib.import_module("yaml")  # it has no types
    except ImportError as error:
        raise UsageError('For exports of Gradescope, pip install "import-kata[classroom]".') from error
    if len(metadata) > MAX_METADATA_BYTES:
        raise UsageError(f"{METADATA} is larger than {MAX_METADATA_BYTES:,} bytes; export fewer submissions at once.")
    try:
        lines = "\n".join(_relevant_lines(metadata.decode("utf-8").split("\n")))
        if len(lines) > _MAX_READ_CHARACTERS:
            raise UsageError(f"{METADATA} tells too much; export fewer submissions at once.")
        # The base loader makes texts, lists and dictionaries of whatever it finds, and nothing else.
        told = yaml.load(lines, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        reason = visible(str(error).partition("\n")[0]) or type(error).__name__
        raise UsageError(f"{METADATA} can't be read ({reason}); export the submissions again.") from error
    if not isinstance(told, dict):
        raise UsageError(f"{METADATA} lists no submissions; export them again.")
    return {str(where): said for where, said in told.items()}


def _relevant_lines(lines: Iterable[str]) -> Iterator[str]:
    """The lines that say who and when. In YAML what belongs to a field stands deeper than its key, or is empty.

    Items of a list may stand as deep as the key that they belong to, but begin with a dash.
    """
    counts = True
    for line in lines:
        found = _FIELD.fullmatch(line.rstrip("\r"))
        if found:
            counts = found[1] in _RELEVANT_FIELDS
        elif line.strip() and not line.startswith(" "):
            counts = True
        if counts:
            yield line

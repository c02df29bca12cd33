"""Moodle's "Download all submissions" of an assignment, with or without folders.

Format: `mod/assign/classes/downloader.php` and `mod/assign/feedback/file/importziplib.php` of moodle/moodle:

    {full name}_{number}_assignsubmission_file/{path}       as folders; before Moodle 4.1 the folder ends in _
    {full name}_{number}_assignsubmission_file_{file}       without

Underscores in names are spaces there, so the first one ends the name. The number is that of the participant in this one
assignment, as in the grading worksheet ("Participant 12"); with blind marking the name is "Participant". Where groups
hand in together, name and number are the group's, and nobody's is there for those without a group. What was typed is
`…_assignsubmission_onlinetext`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.classroom.gradebooks import csv_file
from grader.classroom.gradebooks.moodle import IDENTIFIER, NUMBER
from grader.classroom.receiving.submission_files import ExportFile, Listing, Submission
from grader.classroom.records.roster import Key, key
from grader.errors import UsageError

_PREFIX = re.compile(
    r"(?P<who>[^_]*)(?:_(?P<number>[0-9]+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
_EMAIL = "Email address"


def matches(name: ExportFile) -> bool:
    """Whether a file is one that Moodle may have named."""
    return _PREFIX.fullmatch(name.parts[0]) is not None


def list_submissions(names: Sequence[ExportFile], worksheet: Mapping[str, frozenset[Key]], *, groups: bool) -> Listing:
    """What each participant, or each group, handed in.

    Args:
        names: the files of the export.
        worksheet: what the grading worksheet says of each number, see `read_worksheet`.
        groups: whether numbers are those of groups, who are listed in the roster.
    """
    files: dict[str, list[tuple[int, str]]] = {}
    about: dict[str, re.Match[str]] = {}
    left = []
    for name in names:
        found = _PREFIX.fullmatch(name.parts[0])
        inner = "/".join(name.parts[1:]) or (found["file"] if found else "")
        if found is None or not inner:
            left.append(name.path)
            continue
        top = f"{found['who']}_{found['number']}_{found['kind']}"
        about[top] = found
        files.setdefault(top, []).append((name.position, inner))
    submissions = (_submission(found, tuple(files[top]), worksheet, groups) for top, found in about.items())
    return Listing(tuple(submissions), tuple(left))


def _submission(
    found: re.Match[str], files: tuple[tuple[int, str], ...], worksheet: Mapping[str, frozenset[Key]], groups: bool
) -> Submission:
    where = found.string if not found["file"] else found.string[: found.start("file")]
    number = found["number"]
    if found["kind"] != "file":
        return Submission(where, fault="It was typed into Moodle; it holds no files.")
    if number is None:
        return Submission(where, fault="It is of those who are in no group; Moodle doesn't say who they are.")
    if groups:
        return Submission(where, files, (frozenset({key("groups", number)}),), team=f"{found['who']} {number}")
    return Submission(where, files, (worksheet.get(number, frozenset()) | {key("moodle", number)},))


def read_worksheet(path: Path) -> dict[str, frozenset[Key]]:
    """What a grading worksheet says of each participant; only there are the numbers of an assignment explained.

    Raises:
        UsageError: it can't be read, or lacks the columns, which are the English ones.
    """
    try:
        gradebook = csv_file.read(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"The worksheet {path} can't be read: {error.strerror}.") from error
    identifier = gradebook.column(IDENTIFIER)
    said = {"moodle": NUMBER, "id": NUMBER, "email": _EMAIL}
    columns = {kind: gradebook.column(heading) for kind, heading in said.items() if heading in gradebook.heading}
    if not columns:
        raise UsageError(f"The worksheet {path} has neither {NUMBER!r} nor {_EMAIL!r}: no person can be found with it.")
    found = {}
    for row in range(1, len(gradebook.rows)):
        _, number = key("moodle", gradebook.cell(row, identifier))
        texts = {kind: gradebook.cell(row, column).strip() for kind, column in columns.items()}
        found[number] = frozenset(key(kind, text) for kind, text in texts.items() if text)
    return found

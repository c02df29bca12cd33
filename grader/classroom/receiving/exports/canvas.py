"""Canvas's "Download submissions": a flat zip.

Format: `lib/content_zipper.rb` of instructure/canvas-lms. A file is called

    {name}[_LATE]_{user}_{attachment}_{file}

The name is the sortable one in small letters without punctuation, or that of a group, whose files stand under one
member only. User and attachment are Canvas's own numbers. An anonymous one is `anon_{random}` (unless somebody of the
roster is called so), and what was typed or linked ends in `_text.html` or `_link.html`. Of a file handed in again
Canvas makes `file-1.zip`, `file-2.zip`; attachments are numbered in the order in which they came.

The rules can be read in two ways where a name ends in a number, or a file begins with two: `eve_101_205_7_x.py` may be
of 101 or of 205. The first way is meant nearly always. It isn't taken where both are people of the roster, nor where
one number has two names; ids never begin with 0.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from grader.classroom.receiving.submission_files import ExportFile, Listing, Submission, without_number
from grader.classroom.records.roster import Key, key

_NUMBERS = re.compile(r"_([1-9]\d*)(?=_([1-9]\d*)_(.+)\Z)", re.DOTALL | re.ASCII)
_NAME_PATTERN = re.compile(r".*?" + _NUMBERS.pattern, re.DOTALL | re.ASCII)
_TYPED_PATTERN = re.compile(r".*_[1-9]\d*_(text|link)\.html", re.DOTALL | re.ASCII)
_ANONYMOUS_PATTERN = re.compile(r"(LATE_)?anon_.*", re.DOTALL)
_LATE = "_LATE"


@dataclass(frozen=True, slots=True)
class _Attachment:
    position: int
    path: str
    student: str
    """The name before the numbers."""
    user: str
    attachment: int
    file: str
    other_user: str
    """The next number that could be the user's, if the name can be read in another way."""

    @property
    def late(self) -> bool:
        return self.student.endswith(_LATE)


def matches(name: ExportFile) -> bool:
    """Whether a file is one that Canvas may have named."""
    return len(name.parts) == 1 and any(
        rule.match(name.parts[0]) for rule in (_NAME_PATTERN, _TYPED_PATTERN, _ANONYMOUS_PATTERN)
    )


def list_submissions(names: Sequence[ExportFile], known: Collection[Key]) -> Listing:
    """What each person handed in.

    Args:
        names: the files of the export.
        known: what the roster has, to see where a name is not clear.
    """
    attached: dict[str, list[_Attachment]] = {}
    submissions: list[Submission] = []
    left = []
    for name in names:
        whole = name.path
        read = _read(name) if len(name.parts) == 1 else None
        if not matches(name):
            left.append(whole)
        elif _ANONYMOUS_PATTERN.fullmatch(whole) and (read is None or key("canvas", read.user) not in known):
            submissions.append(
                Submission(whole, fault="Canvas left out who it is of; download it when grading isn't anonymous.")
            )
        elif read is None:
            submissions.append(Submission(whole, fault="It was typed into Canvas, or is a link; it holds no files."))
        elif read.other_user and {key("canvas", read.user), key("canvas", read.other_user)} <= set(known):
            submissions.append(
                Submission(whole, fault=f"It can be read as of {read.user} and as of {read.other_user}.")
            )
        else:
            attached.setdefault(read.user, []).append(read)
    for user, files in attached.items():
        submissions += _user_submissions(user, sorted(files, key=lambda each: each.attachment))
    return Listing(tuple(submissions), tuple(left))


def _read(name: ExportFile) -> _Attachment | None:
    found = list(_NUMBERS.finditer(name.parts[0]))
    if not found:
        return None
    first = found[0]
    return _Attachment(
        position=name.position,
        path=name.parts[0],
        student=name.parts[0][: first.start()],
        user=first[1],
        attachment=int(first[2]),
        file=first[3],
        other_user=found[1][1] if len(found) > 1 and found[1].start() == first.end() else "",
    )


def _user_submissions(user: str, files: list[_Attachment]) -> Iterator[Submission]:
    owners = (frozenset({key("canvas", user)}),)
    names = sorted({each.student.removesuffix(_LATE) for each in files})
    if len(names) > 1:
        fault = f"The number {user} stands after {len(names)} names in this export: whose files these are isn't clear."
        yield from (Submission(each.path, fault=fault) for each in files)
        return
    if len({each.attachment for each in files}) < len(files):
        yield Submission(files[0].path, fault="One attachment is there twice; download the export again.")
        return
    if len({without_number(each.file) for each in files}) == 1:  # one file, handed in again and again
        for later, each in zip(reversed(range(len(files))), files, strict=True):
            of_one = ((each.position, each.file),)
            yield Submission(each.path, of_one, owners, late=each.late, later_attempts=later, is_permanent=True)
        return
    together = tuple((each.position, each.file) for each in files)
    yield Submission(files[-1].path, together, owners, late=any(each.late for each in files), is_permanent=True)

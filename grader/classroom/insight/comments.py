"""What the instructor says to all who failed alike: `comments.toml`, by exercise and cluster.

    [path_appending]
    3f9a1c2b7d = "Compare what sys.path[0] is in both runs; we looked at that on Monday."

The file is what counts where there is one. What went out to people is noted in the ledger.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from grader import storage
from grader.classroom.insight.clusters import Key
from grader.classroom.records.course import Course
from grader.classroom.records.ledger import Comment, Ledger
from grader.display import visible
from grader.errors import UsageError

FILE = "comments.toml"


def read(course: Course, ledger: Ledger) -> dict[Key, str]:
    """The comments: those of the course's file, or where there is none, those that were noted last.

    Raises:
        UsageError: the file can't be read, or holds anything else; says all that is wrong.
    """
    path = path_of(course)
    try:
        raw = storage.read(path)
        if raw is None:
            return ledger.comments()
        content = tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} can't be read as TOML: {visible(str(error))}.") from error
    if faults := list(_faults(content, course)):
        raise UsageError("\n".join(f"{path}: {fault}" for fault in faults))
    return {(exercise, name): says.strip() for exercise, those in content.items() for name, says in those.items()}


def record(comments: Mapping[Key, str], ledger: Ledger) -> None:
    """Note what is said now where it isn't what was said last; what isn't said any more is taken back."""
    known = ledger.comments()
    for key in sorted(comments.keys() | known.keys()):
        if (says := comments.get(key, "")) != known.get(key, ""):
            ledger.comment(Comment(*key, says))


def unused(comments: Collection[Key], clusters: Collection[Key], course: Course) -> Iterator[str]:
    """What the file says to nobody, as sentences: a typo, or they have done better since."""
    if not path_of(course).exists():
        return
    for exercise, name in sorted(set(comments) - set(clusters)):
        yield f"{path_of(course)}: nobody's attempt that counts fails like {exercise}.{visible(name)}."


def comment_line(key: Key) -> str:
    """The beginning of a comment, to be finished by hand; both parts are bare keys of TOML."""
    exercise, name = key
    return f'{exercise}.{name} = ""'


def _faults(content: dict[str, object], course: Course) -> Iterator[str]:
    for exercise, those in content.items():
        if exercise not in course.by_slug:
            known = ", ".join(course.by_slug)
            yield f"{visible(repr(exercise))} isn't one of the course's exercises, which are {known}."
        elif not isinstance(those, dict):
            yield f"{exercise} is no table of clusters and comments."
        else:
            wrong = [name for name, says in those.items() if not isinstance(says, str) or not says.strip()]
            yield from (f"{exercise}.{visible(name)}: say something there, or take the line out." for name in wrong)


def path_of(course: Course) -> Path:
    """Where the comments of a course are written."""
    return course.folder / FILE

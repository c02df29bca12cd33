"""Write a release for students: stubs, instructions, perhaps hints and a self-check, ready to be a repository.

Only what is named here is ever written; of an exercise that is its stub and its README. Checks, solutions, mistakes and
the exercise's settings stay where they are.

A self-check can't be a part of the checks without giving them away. It only sees whether modules compile, without
running them, and whether given files are as they were. That saves time on the day of handing in, and gives away
nothing of a solution.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Exercise
from grader.classroom.records.course import Course
from grader.display import visible
from grader.errors import UsageError
from grader.intake.copies import left_out

INSTRUCTIONS, HINTS = "instructions", "hints"
_FILES = Path(__file__).parent / "files"
_SELF_CHECK = "self_check.py"


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
    """What is to be in it."""

    python: str
    """The version under which grades are given, like `3.12`."""
    hints: int = 0
    """The highest level of hints to hand out; 0: none."""
    self_check: bool = False


def write(course: Course, target: Path, options: ReleaseOptions) -> tuple[str, ...]:
    """Write a release, all of it or nothing; gives the names of the files.

    Args:
        course: whose exercises.
        target: a folder that is empty, or isn't there yet.
        options: what to put in it.

    Raises:
        UsageError: the folder isn't empty, or can't be written.
    """
    _check_target(target, course)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".kata-", ignore_cleanup_errors=True) as temporary:
            folder = Path(temporary) / "release"
            for name, content, executable in _release_files(course, options):
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                path.chmod(0o755 if executable else 0o644)
            if target.is_dir():
                target.rmdir()
            folder.rename(target)
    except OSError as error:
        raise UsageError(f"{target} can't be written: {error.strerror}; nothing was released.") from error
    return tuple(sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()))


def _check_target(target: Path, course: Course) -> None:
    for exercise in course.exercises:
        for own in (exercise.folder.parent, exercise.solutions.parent):
            if target.resolve().is_relative_to(own.resolve()):
                raise UsageError(f"{target} is a part of the catalogue; name a folder somewhere else.")
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise UsageError(f"{target} is not an empty folder; name a new one, so that nothing is lost or mixed.")


def _release_files(course: Course, options: ReleaseOptions) -> Iterator[tuple[str, bytes, bool]]:
    """All of it: names, contents, and whether a file is to be executable."""
    given = {}
    for exercise in course.exercises:
        for name, path in _stub_files(exercise):
            yield f"{exercise.name}/{name}", path.read_bytes(), bool(path.stat().st_mode & stat.S_IXUSR)
        yield f"{INSTRUCTIONS}/{exercise.name}.md", (exercise.folder / "README.md").read_bytes(), False
        if hints := _hints(exercise, options.hints):
            yield f"{HINTS}/{exercise.name}.md", hints.encode(), False
        given[exercise.name] = {name: _digest(exercise.stub / name) for name in exercise.about.given}
    if options.self_check:
        yield _SELF_CHECK, (_FILES / _SELF_CHECK).read_bytes(), False
        yield "self_check.json", (json.dumps(given, indent=1) + "\n").encode(), False
    yield "README.md", _readme(course, options).encode(), False
    yield ".github/workflows/check.yml", _workflow(course, options).encode(), False
    yield ".gitignore", b"__pycache__/\n*.pyc\n*.egg-info/\nbuild/\ndist/\n.venv/\n", False
    yield ".gitattributes", b"# Files stay as they are, byte for byte.\n* -text\n", False


def _stub_files(exercise: Exercise) -> Iterator[tuple[str, Path]]:
    """The files of a stub, without what tools left beside them."""
    for root, folders, files in os.walk(exercise.stub):
        folders[:] = sorted(name for name in folders if not left_out(name, folder=True, top=False))
        for name in sorted(files):
            path = Path(root) / name
            if not path.is_symlink() and path.suffix != ".pyc" and not left_out(name, folder=False, top=False):
                yield path.relative_to(exercise.stub).as_posix(), path


def _digest(path: Path) -> str:
    """As the self-check makes it: line ends may have been changed by a tool."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _hints(exercise: Exercise, level: int) -> str:
    chosen = [hint.text.strip() for hint in exercise.about.hints if hint.level <= level]
    title = f"# Hints for {exercise.about.title}\n\nRead no more of them than you need.\n"
    return title + "".join(f"\n{number}. {text}\n" for number, text in enumerate(chosen, 1)) if chosen else ""


def _readme(course: Course, options: ReleaseOptions) -> str:
    rows = "".join(f"| `{each.name}/` | {each.about.title} | {_due(course, each)} |\n" for each in course.exercises)
    hints = f"If you are stuck, there are hints in `{HINTS}/`.\n" if options.hints else ""
    looks = f"`python {_SELF_CHECK}`" if options.self_check else "The workflow in `.github/`"
    sees = "whether your modules compile" + (" and the given files are as they were" if options.self_check else "")
    return _README.format(
        title=visible(course.about.title), rows=rows, hints=hints, looks=looks, sees=sees, python=options.python
    )


def _due(course: Course, exercise: Exercise) -> str:
    due = course.due(exercise.slug)
    return due.isoformat(sep=" ", timespec="minutes") if due else "–"


def _workflow(course: Course, options: ReleaseOptions) -> str:
    folders = " ".join(exercise.name for exercise in course.exercises)
    command = f"python {_SELF_CHECK}" if options.self_check else f"python -m compileall -q -f {folders}"
    return _WORKFLOW.format(python=options.python, command=command)


_README = """\
# {title}

| folder | exercise | due |
|---|---|---|
{rows}
Each folder is a project to fix or to finish. The file of the same name in `instructions/` states all that is graded.
You may add files. Grading uses the original given files; your changes to them don't count.
{hints}
Grading runs your work under Python {python}, with other data, other folders and other working directories than yours.
{looks} sees {sees}, and nothing more.

Hand in the project's folder, packed as a zip, or all of them with their names as they are. Leave out virtual
environments and what builds made.
"""
_WORKFLOW = """\
name: check
on: [push, pull_request]

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "{python}"
      - run: {command}
"""

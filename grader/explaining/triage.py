"""What has to be fixed before any check can say something: files that can't be read, programs without an end.

Each of these is told once, and the checks that it costs ask no question of their own.
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Iterator
from pathlib import Path

from grader import intake
from grader.catalog import Exercise
from grader.display import visible
from grader.explaining.causes.scenes import ProjectFiles
from grader.judge.execution import Seen
from grader.model import Cause, CheckResult, Ending

BLOCKING = frozenset(
    (
        "missing_file", "empty_file", "not_utf8", "not_toml", "syntax_error", "mixed_indentation", "waits_for_input",
        "stops_in_debugger", "never_ends", "prints_without_end", "takes_all_memory",
    )
)  # fmt: skip
"""The kinds of causes after which no other check has anything to say."""
_ENCODINGS = "https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations"
_TOML = "https://toml.io/en/v1.0.0"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST_BYTES = 1 << 18
_ALSO = ("pyproject.toml",)
"""Files that are looked at wherever they are, since tools stop at them."""
_SHOWN_LINES = 3


def file_causes(exercise: Exercise, folder: Path) -> Iterator[Cause]:
    """What is wrong with the learner's files, whatever they are for.

    Args:
        exercise: what the project is graded as.
        folder: the project.
    """
    reset = f"kata reset {exercise.slug}"
    for name in dict.fromkeys((*exercise.about.learner, *_ALSO)):
        path = folder / name
        if not path.is_file():
            if name in exercise.about.learner and _always_there(exercise, name):
                says = f"{name} is missing: it is one of the files that you edit here."
                yield Cause("missing_file", says, try_it=f"{reset}    # brings the starting files back")
            continue
        content = _read(path)
        if not content.strip() and not name.endswith("__init__.py") and _always_filled(exercise, name):
            says = f"{name} is empty."
            yield Cause("empty_file", says, try_it=f"{reset}    # brings the starting files back")
        elif content.startswith(_UTF16):
            says = f"{name} is saved as UTF-16, and Python reads source files as UTF-8."
            why = "Some editors, and `>` in older Windows PowerShell, write UTF-16 unless they are told otherwise."
            yield Cause("not_utf8", says, "", why, "Save the file again, with the encoding UTF-8.", _ENCODINGS)
        elif name.endswith(".toml"):
            yield from _toml_causes(name, content)


def edited_given_files(exercise: Exercise, names: tuple[str, ...]) -> Iterator[Cause]:
    """What to say of given files that the learner changed: the program that was graded never saw the changes.

    Args:
        exercise: what the project is graded as.
        names: those files.
    """
    if says := intake.said_of_edited(names):
        why = "Each grading puts the given files back before it runs your program."
        command = f"kata reset {exercise.slug} --given    # restores {'them' if len(names) > 1 else 'it'}"
        yield Cause("edited_given_file", says, why=why, try_it=f"{command}, and keeps your own files")


def costs(cause: Cause, check: CheckResult) -> bool:
    """Whether a lost check was lost by the state of a file: it can say nothing without it, or names it.

    Args:
        cause: one of those.
        check: a lost check.
    """
    if cause.kind in ("missing_file", "empty_file"):
        return True
    file = cause.says.partition(" ")[0]
    said = (check.message or "", *(step.stderr for step in check.transcript))
    return any(file in text or (cause.kind == "not_utf8" and "null bytes" in text) for text in said)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError:
        return b""


def _solutions(exercise: Exercise) -> list[Path]:
    return [each for each in (exercise.reference, *exercise.alternatives) if each.is_dir()]


def _always_there(exercise: Exercise, name: str) -> bool:
    """Whether no right answer that we know does without that file; some exercises are about removing one."""
    solutions = _solutions(exercise)
    return bool(solutions) and all((each / name).is_file() for each in solutions)


def _always_filled(exercise: Exercise, name: str) -> bool:
    return _always_there(exercise, name) and all((each / name).read_bytes().strip() for each in _solutions(exercise))


def _toml_causes(name: str, content: bytes) -> Iterator[Cause]:
    try:
        tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        yield Cause("not_utf8", f"{name} is not UTF-8, as TOML has to be.", try_it="Save the file again as UTF-8.")
    except RecursionError:
        yield Cause("not_toml", f"{name} can't be read as TOML: it is nested too deeply.", link=_TOML)
    except tomllib.TOMLDecodeError as error:
        yield Cause("not_toml", f"{name} can't be read as TOML: {visible(str(error))}.", link=_TOML)


def ending_cause(seen: Seen, files: ProjectFiles, again: Seen | None) -> Cause | None:
    """Why an execution was stopped; None where it ended by itself.

    Args:
        seen: the execution.
        files: of the project.
        again: the same once more, where it said after a while what it was doing; None if that could not be had.
    """
    limits = seen.execution.command.limits
    if seen.ending is Ending.TIMEOUT:
        return _never_ends(seen, files, again, f"stopped after {limits.wall:g} s")
    printed = _first_lines(seen)
    if seen.ending is Ending.OUTPUT:
        says = f"The program printed more than {limits.output // (1 << 20)} MB, and was stopped."
        return Cause("prints_without_end", says, printed, "A loop that prints and has no end does that.")
    if seen.ending is Ending.MEMORY:
        says = f"The program took more than {limits.memory // (1 << 20)} MB of memory, and was stopped."
        return Cause("takes_all_memory", says, printed)
    return None


def _never_ends(seen: Seen, files: ProjectFiles, again: Seen | None, stopped: str) -> Cause:
    from grader.explaining.second_look import line_at_work  # of use to few attempts

    where = line_at_work(again.stderr, files) if again is not None else None
    printed = _first_lines(again if again is not None else seen)
    why = f"This is how its output begins:\n{printed}" if printed else "It had printed nothing until then."
    if where is None:
        return Cause("never_ends", f"The program did not end: {stopped}.", "", why)
    name, line, function = where
    doing = f"in `{function}`, " if function not in ("", "<module>") else "at "
    says = f"The program did not end: {stopped}, {doing}{name}, line {line}."
    return Cause("never_ends", says, files.line(name, line), why)


def _first_lines(seen: Seen) -> str:
    """How its output begins; how much of it there is differs from time to time."""
    lines = seen.show(seen.stdout).brief.splitlines()
    return "\n".join(f"  {line}" for line in lines[:_SHOWN_LINES])

"""An autograder for Gradescope: a zip with one exercise, this program as it is installed here, and how to start both.

Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/. At the root `setup.sh`, run once while the image
is built, and `run_autograder`, run for each submission, both as root. The zip is unpacked to `/autograder/source`; a
submission lies in `/autograder/submission`, results belong into `/autograder/results/results.json`.

Of the catalogue only this exercise is in it, without solutions and mistakes: what isn't there can't be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from grader.catalog import Exercise
from grader.classroom.handout import self_wheel
from grader.errors import UsageError
from grader.intake.copies import left_out

_FILES = Path(__file__).parent / "files"
_KNOWN_MISTAKES = ("mistakes/mistakes.toml", "mistakes/signatures.json")
"""In which words mistakes are known, so that a report can name them; the wrong answers themselves aren't needed."""


def write(exercise: Exercise, target: Path, *, python: str, wheels: Path | None = None) -> None:
    """Write the zip.

    Args:
        exercise: what it grades.
        target: the new file.
        python: the version under which it grades, like `3.12`.
        wheels: a folder of wheels of all that we need, so that the image is built without a package index.

    Raises:
        UsageError: the file is there already or can't be written, or there are no wheels.
    """
    name, wheel = self_wheel.build()
    setup = (_FILES / "setup.sh").read_text(encoding="utf-8").replace("@PYTHON@", python)
    files = {
        "setup.sh": (setup.encode(), True),
        "run_autograder": ((_FILES / "run_autograder.py").read_bytes(), True),
        "autograder.json": (json.dumps({"exercise": exercise.name, "python": python}).encode(), False),
        "constraints.txt": (self_wheel.make_constraints().encode(), False),
        name: (wheel, False),
    }
    files |= {
        f"catalogue/exercises/{exercise.name}/{inner}": (content, False) for inner, content in _exercise_files(exercise)
    }
    if wheels is not None:
        files |= {f"wheels/{path.name}": (path.read_bytes(), False) for path in _wheels_in(wheels)}
    try:
        with target.open("xb") as stream:
            stream.write(self_wheel.make_zip(files))
    except FileExistsError as error:
        raise UsageError(f"{target} exists already; name a new file.") from error
    except OSError as error:
        raise UsageError(f"{target} can't be written: {error.strerror}.") from error


def _exercise_files(exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    for name in ("exercise.toml", "README.md", *_KNOWN_MISTAKES):
        path = exercise.folder / name
        if path.is_file():
            yield name, path.read_bytes()
    for folder in (exercise.stub, exercise.hidden_tests):
        for path in sorted(folder.rglob("*")):
            inner = path.relative_to(exercise.folder)
            own = any(left_out(part, folder=True, top=False) for part in inner.parts[:-1])
            if path.is_file() and not path.is_symlink() and not own and path.suffix != ".pyc":
                yield inner.as_posix(), path.read_bytes()


def _wheels_in(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.whl")) if folder.is_dir() else []
    if not found:
        raise UsageError(f"{folder} holds no wheels; `pip download -d {folder} …` fetches them.")
    return found

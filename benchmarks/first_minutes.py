"""How long a learner waits from the installation to the first feedback.

Three stretches, each as a multiple of a bare interpreter start:

- *installation*: `pip install` of the wheel into a fresh virtualenv, dependencies from the package index, bytecode
  included. It holds whatever the index and the network take, which nothing here decides. Making the virtualenv, and
  building the wheel, is not in it.
- *cold*: `kata start` and `kata grade` of the first stub, right after that installation: no interpreter has been looked
  at yet, no virtualenv template is made, and none of our files was ever read from where it lies now.
- *warm*: the same two commands once more, in another folder.

The build tools, which only exercises with a build need, are in neither.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.environment import cache

SOURCES = Path(__file__).resolve().parents[1]
FIRST = "path_appending"
STARTS = 10
"""Bare starts that are measured beside each installation."""

Run = Callable[..., float]
"""See `Bench.run`."""


def measured(
    run: Run,
    bare_starts: Callable[[int], float],
    folder: Path,
    env: dict[str, str],
    network: dict[str, str],
    rounds: int,
) -> Iterator[tuple[str, float, float]]:
    """What each stretch is called, its ratio to a bare start, and what that should be at most.

    Args:
        run: gives the seconds that a command takes.
        bare_starts: gives the seconds that so many bare starts take.
        folder: an empty one.
        env: the variables for a command.
        network: more of them, for what reaches an index.
        rounds: how many installations to make.
    """
    run([sys.executable, "-m", "build", "--wheel", "--outdir", folder / "dist", SOURCES], env=env | network)
    (wheel,) = (folder / "dist").glob("*.whl")
    installed, cold, warm = [], [], []
    for _ in range(rounds):
        place = Path(tempfile.mkdtemp(dir=folder))
        run([sys.executable, "-m", "venv", place / "venv"], env=env)
        one_start = bare_starts(STARTS) / STARTS
        pip = [place / "venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
        installed.append(run(pip, env=env | network) / one_start)
        own = env | {cache.FOLDER_VARIABLE: str(place / "cache")}
        cold.append(_first_feedback(run, place, "cold desk", own) / one_start)
        warm.append(_first_feedback(run, place, "warm desk", own) / one_start)
    first = "`kata start` and the first `kata grade` of a stub"
    yield f"{first}, right after the installation, against a bare start", statistics.median(cold), 100.0
    yield "the same, once more", statistics.median(warm), 60.0
    yield (
        "`pip install` of the wheel, its dependencies from an index, against a bare start",
        statistics.median(installed),
        1500.0,
    )


def _first_feedback(run: Run, place: Path, desk: str, env: dict[str, str]) -> float:
    """Seconds until a learner in a new folder has read what the stub does wrong."""
    kata = place / "venv/bin/kata"
    return run([kata, "start", desk], cwd=place, env=env) + run([kata, "grade", FIRST], cwd=place / desk, env=env)

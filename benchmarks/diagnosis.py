"""How often a diagnosis is right, wrong or not given, on work that the signatures were not recorded from.

Each catalogued mistake is written anew as another learner might have written it, under some other Python; besides there
are right answers, stubs, two mistakes in one, and programs that are broken at random. What is to be known of the
result beforehand is known: a mistake is to be recognised as itself, two in one as one of the two, right answers and
stubs not at all. Of the programs that are broken at random nobody knows which misconception they show: what they are
told is printed, to be read.
"""

from __future__ import annotations

import argparse
import itertools
import random
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import catalog
from grader.authoring.variants import Variant, variants_of
from grader.catalog import Exercise, Mistake
from grader.environment import interpreters
from grader.environment.interpreters import Interpreter
from grader.explaining import diagnosis
from grader.model import Attempt, Outcome
from grader.workers import pool

sys.path.insert(0, str(Path(__file__).parent))
from perturbing import PERTURBATIONS, learners_files, merged, mutants

SLIPS = Path(__file__).parent / "slips"
"""By exercise, a folder for each: `files` lie on the reference, and `slip.toml` says which mistake it is."""
COLUMNS = ("right", "wrong", "silent", "not it any more")


@dataclass(frozen=True)
class Case:
    """One project whose diagnosis is looked at."""

    row: str
    exercise: Exercise
    interpreter: Interpreter
    folder: Path
    truth: tuple[Mistake, ...] = ()
    """What may be said of it."""
    known: bool = True
    """Whether it is known beforehand what may be said."""

    def verdict(self, attempt: Attempt) -> str:
        """What the diagnosis is worth."""
        lost = {check.id for check in attempt.checks if check.outcome in diagnosis.LOST}
        said = attempt.diagnosis
        if not self.known:
            return "silent" if said is None else "named"
        if len(self.truth) == 1 and not self._as_listed(lost, attempt):
            return "not it any more" if said is None else "wrong"
        if said is None:
            return "silent"
        return "right" if said.says in {each.says for each in self.truth} else "wrong"

    def _as_listed(self, lost: set[str], attempt: Attempt) -> bool:
        skipped = {check.id for check in attempt.checks if check.outcome is Outcome.SKIPPED}
        listed = set(self.truth[0].loses) - skipped
        return lost >= listed if self.truth[0].at_least else lost == listed


class Workload:
    """Makes the projects.

    Args:
        exercises: whose mistakes.
        pythons: the interpreters, which take turns.
        seed: of what is drawn.
        every: whether each mistake is written in each way, and not only in one.
        folder: an empty one for the projects.
    """

    def __init__(
        self, exercises: Sequence[Exercise], pythons: Sequence[Interpreter], seed: int, every: bool, folder: Path
    ) -> None:
        self._exercises = exercises
        self._pythons = itertools.cycle(pythons)
        self._random = random.Random(seed)
        self._seed = seed
        self._every = every
        self._folder = folder
        self._numbers = itertools.count()

    def cases(self) -> Iterator[Case]:
        """All projects."""
        ways = itertools.cycle(PERTURBATIONS)
        for exercise in self._exercises:
            for variant in variants_of(exercise, [next(self._pythons)]):
                for way in PERTURBATIONS if self._every else [next(ways)]:
                    yield self._perturbed(variant, way)
            yield from self._slips(exercise)
            yield from self._in_others(exercise, 40 if self._every else 4)
            yield from self._pairs(exercise, 40 if self._every else 4)
            yield from self._mutants(exercise, 40 if self._every else 6)

    def _new_folder(self, source: Path) -> Path:
        return shutil.copytree(source, self._folder / str(next(self._numbers)))

    def _perturbed(self, variant: Variant, way: str) -> Case:
        python = next(self._pythons)
        variant = Variant(variant.label, variant.exercise, python, variant.mistake, variant.source)
        folder = variant.lay_out(self._folder / str(next(self._numbers)))
        if variant.source is not None:
            folder = self._new_folder(folder)
        PERTURBATIONS[way](variant.exercise, folder, self._seed)
        if variant.mistake is None:
            row = "stub" if variant.label == "stub" else "right answer"
            return Case(row, variant.exercise, python, folder)
        if not variant.is_wrong_here():
            return Case("right answer", variant.exercise, python, folder)
        return Case(f"mistake, other {way}", variant.exercise, python, folder, (variant.mistake,))

    def _in_others(self, exercise: Exercise, most: int) -> Iterator[Case]:
        """Mistakes in another solution than the reference, of which something of its own stays."""
        candidates = [
            (solution, mistake)
            for solution in exercise.alternatives
            for mistake in exercise.mistakes
            if mistake.base == "reference" and not mistake.removes and _own_files(exercise, solution, mistake)
        ]
        for solution, mistake in self._random.sample(candidates, min(most, len(candidates))):
            folder = self._new_folder(solution)
            shutil.copytree(exercise.folder / "mistakes" / mistake.name, folder, dirs_exist_ok=True)
            python = next(self._pythons)
            if diagnosis.is_wrong_under(mistake, python.version):
                yield Case("mistake, other solution", exercise, python, folder, (mistake,))

    def _slips(self, exercise: Exercise) -> Iterator[Case]:
        """Mistakes that somebody else made, at another place, in another file or in other words; see `slips/`."""
        mistakes = {mistake.name: mistake for mistake in exercise.mistakes}
        for slip in sorted((SLIPS / exercise.name).glob("*/")):
            about = tomllib.loads((slip / "slip.toml").read_text(encoding="utf-8"))
            python = next(self._pythons)
            truth = mistakes[about["mistake"]]
            if not diagnosis.is_wrong_under(truth, python.version):
                continue
            folder = self._new_folder(exercise.reference)
            for name in about.get("removes", ()):
                (folder / name).unlink()
            shutil.copytree(slip / "files", folder, dirs_exist_ok=True)
            yield Case("mistake, another's", exercise, python, folder, (truth,))

    def _pairs(self, exercise: Exercise, most: int) -> Iterator[Case]:
        """Two mistakes in one project, where they don't touch the same lines."""
        candidates = [each for each in exercise.mistakes if each.base == "reference" and not each.removes]
        pairs = list(itertools.combinations(candidates, 2))
        self._random.shuffle(pairs)
        for pair in pairs:
            files = _both(exercise, *pair)
            if files is None or most == 0:
                continue
            most -= 1
            folder = self._new_folder(exercise.reference)
            for name, content in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
            yield Case("two mistakes", exercise, next(self._pythons), folder, pair)

    def _mutants(self, exercise: Exercise, most: int) -> Iterator[Case]:
        sources = [path for path in learners_files(exercise, exercise.reference) if path.suffix == ".py"]
        broken = [(path, text) for path in sources for text in mutants(path.read_text(encoding="utf-8"))]
        for path, text in self._random.sample(broken, min(most, len(broken))):
            folder = self._new_folder(exercise.reference)
            (folder / path.relative_to(exercise.reference)).write_text(text, encoding="utf-8")
            yield Case("broken at random", exercise, next(self._pythons), folder, known=False)


def _own_files(exercise: Exercise, solution: Path, mistake: Mistake) -> bool:
    """Whether a solution has a file that is neither that of the reference nor one of a mistake's."""
    overlay = exercise.folder / "mistakes" / mistake.name
    names = {path.relative_to(solution) for path in solution.rglob("*") if path.is_file()}
    kept = (name for name in names if not (overlay / name).exists())
    return any(_content(solution / name) != _content(exercise.reference / name) for name in kept)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _both(exercise: Exercise, one: Mistake, other: Mistake) -> dict[Path, bytes] | None:
    """The files of two overlays, merged."""
    overlays = [exercise.folder / "mistakes" / each.name for each in (one, other)]
    files: dict[Path, bytes] = {}
    for overlay in overlays:
        for path in overlay.rglob("*"):
            name = path.relative_to(overlay)
            if not path.is_file():
                continue
            content = path.read_bytes()
            if name in files:
                base = exercise.reference / name
                before = base.read_bytes().splitlines(keepends=True) if base.is_file() else []
                lines = merged(before, files[name].splitlines(keepends=True), content.splitlines(keepends=True))
                if lines is None:
                    return None
                content = b"".join(lines)
            files[name] = content
    return files


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("exercises", nargs="*", help="names or numbers; none: all")
    parser.add_argument("--catalog", type=Path, help="the catalogue to take")
    parser.add_argument("--python", action="append", help="an interpreter; repeatable; none: all of this machine")
    parser.add_argument("--every", action="store_true", help="write each mistake in each way; takes half an hour")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn")
    parser.add_argument("--show", action="store_true", help="say what was named wrongly, and what is not recognised")
    options = parser.parse_args()
    loaded = catalog.load(options.catalog)
    exercises = loaded.find(options.exercises)
    without = [each.name for each in exercises if not diagnosis.signatures_path(each).is_file()]
    if without:
        sys.exit(f"{', '.join(without)}: no signatures; run `kata verify --record`.")
    pythons = tuple(interpreters.find(each) for each in options.python or ()) or interpreters.find_all()
    with tempfile.TemporaryDirectory(prefix="kata-") as temporary:
        cases = list(Workload(exercises, pythons, options.seed, options.every, Path(temporary)).cases())
        print(f"{len(cases)} projects under Python {', '.join(python.version for python in pythons)}")
        began = time.monotonic()
        requests = [pool.Request(case.folder, case.exercise, case.interpreter) for case in cases]
        hidden = (loaded.folder / "exercises", loaded.folder / "solutions", Path(catalog.__file__).parents[1])
        attempts = pool.grade_all(requests, tier="auto", hidden=hidden, jobs=2)
        _table(cases, attempts)
        print(f"{time.monotonic() - began:.0f} s")
        if options.show:
            _details(cases, attempts)


def _table(cases: Sequence[Case], attempts: Sequence[Attempt]) -> None:
    counts: dict[str, Counter[str]] = {}
    for case, attempt in zip(cases, attempts, strict=True):
        if case.known or attempt.verdict != "passed":
            counts.setdefault(case.row, Counter())[case.verdict(attempt)] += 1
    mistakes = Counter[str]()
    for row, count in counts.items():
        mistakes.update(count if row.startswith("mistake") else {})
    counts["all mistakes"] = mistakes
    columns = [*COLUMNS, "named"]
    print(f"{'':<24}" + "".join(f"{column:>17}" for column in ("projects", *columns)))
    for row in sorted(counts):
        total = sum(counts[row].values())
        print(f"{row:<24}{total:>17}" + "".join(f"{counts[row][column] or '':>17}" for column in columns))


def _details(cases: Sequence[Case], attempts: Sequence[Attempt]) -> None:
    for case, attempt in zip(cases, attempts, strict=True):
        verdict = case.verdict(attempt)
        names = " + ".join(each.name for each in case.truth) or "-"
        if verdict in ("wrong", "named", "not it any more") or (verdict == "silent" and len(case.truth) == 1):
            said = f"{attempt.diagnosis.mistake}: {attempt.diagnosis.says}" if attempt.diagnosis else "-"
            print(f"{verdict}: {case.exercise.name}: {case.row}: {names} ({case.interpreter.version}): {said}")


if __name__ == "__main__":
    main()

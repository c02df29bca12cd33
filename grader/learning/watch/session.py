"""One session of a learner at the watch: the exercise that is open, and what can be asked for beside grading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import progress
from grader.catalog import Catalog, Exercise
from grader.errors import UsageError
from grader.grading import Conditions
from grader.learning.guidance import hints, paths, solutions
from grader.learning.watch.engine import Engine, Event
from grader.learning.watch.state import WatchState
from grader.learning.workspace import updates, workspaces
from grader.progress import Entry

_PASSED, _PASSED_EARLIER, _TRIED, _UNTRIED = "✓", "↻", "·", " "


@dataclass(frozen=True, slots=True)
class Row:
    """How one exercise stands."""

    exercise: Exercise
    mark: str
    """One character."""
    words: str
    """The same for who can't see it."""


class Session:
    """Holds the engine; the view passes the engine's events to `apply`, in one thread.

    Args:
        catalog: the exercises.
        workspace: holds the projects and the learner's history.
        first: the exercise to begin with.
        exercises: those to be listed, in the order in which they follow each other; by default all.
    """

    def __init__(
        self, catalog: Catalog, workspace: Path, first: Exercise, exercises: tuple[Exercise, ...] | None = None
    ) -> None:
        self._catalog = catalog
        self._exercises = catalog.exercises if exercises is None else exercises
        self._workspace = workspace
        self._engine: Engine | None = None
        self.state = WatchState(first, workspace / first.name)
        self._solved = False

    def begin(self, conditions: Conditions, tell: Callable[[Exercise, Event], None], *, poll: bool) -> None:
        """Make the engine, which begins when an exercise is opened."""
        self._engine = Engine(self._workspace, conditions, tell, poll=poll)

    def close(self) -> None:
        """End the engine and all its processes."""
        if self._engine is not None:
            self._engine.close()

    def open(self, exercise: Exercise) -> None:
        """Turn to an exercise and have it graded; where it has no project yet, it gets one.

        Raises:
            UsageError: that project can't be made.
        """
        workspaces.lay_missing((exercise,), self._workspace)
        self.state = WatchState(exercise, self._workspace / exercise.name)
        self._solved = solutions.may_be_shown(exercise, self._workspace)
        self.again()

    def again(self) -> None:
        """Have the open exercise graded as it is."""
        if self._engine is not None:
            self._engine.open(self.state.exercise)

    def apply(self, exercise: Exercise, event: Event) -> bool:
        """Note what the engine told; whether it is about the exercise that is open."""
        if exercise is not self.state.exercise:
            return False
        self.state.apply(event)
        self._solved = self._solved or self.state.passed
        return True

    def listing(self) -> list[Row]:
        """How the exercises stand."""
        known = progress.load(self._workspace)
        return [_row(exercise, known.entry(exercise.slug)) for exercise in self._exercises]

    def exercise(self, name: str) -> Exercise:
        """The exercise of that name or number.

        Raises:
            UsageError: there is none.
        """
        return self._catalog.find([name])[0]

    def next_exercise(self) -> Exercise | None:
        """The next exercise that isn't passed, or else the first; None if there is none but the open one."""
        others = self._exercises
        if self.state.exercise in others:
            here = others.index(self.state.exercise)
            others = (*others[here + 1 :], *others[:here])
        return paths.next_exercise(others, progress.load(self._workspace))

    def instructions(self) -> str:
        """The text of the open exercise, as Markdown."""
        return (self.state.exercise.folder / "README.md").read_text(encoding="utf-8")

    def hint(self) -> str:
        """The next hint for what failed last, as Markdown; it counts as read from now on.

        Raises:
            UsageError: that can't be written down.
        """
        hint = hints.give(self.state.exercise, self._workspace)
        return "There is no further hint for this." if hint is None else hint.text.strip()

    def xray(self) -> None:
        """Have an x-ray made of the project; the engine tells of it."""
        if self._engine is not None:
            self._engine.request_xray()

    def reset_question(self) -> str:
        """What to ask before a reset."""
        return f"Make {self.state.project.name} what it was at the beginning? A copy of what is there now is kept."

    def reset(self) -> str:
        """Lay the stub anew; says in a sentence what became of the files that were there.

        Raises:
            UsageError: it can't be done.
        """
        exercise = self.state.exercise
        done = updates.reset(exercise, self._workspace)
        self.again()
        kept = f" What was there is kept; `kata restore {exercise.slug}` brings it back."
        return f"{exercise.name} is what it was at the beginning.{kept if done.backup is not None else ''}"

    def may_see_solution(self) -> bool:
        """Whether the open exercise was passed, or given up."""
        return self._solved

    def solution(self) -> str:
        """What our own solution has that the learner's hasn't.

        Raises:
            UsageError: the exercise isn't passed yet.
        """
        exercise = self.state.exercise
        if not self.may_see_solution():
            raise UsageError("You can see the solution after you have passed the exercise.")
        compared = solutions.diff_project(exercise, self.state.project)
        others = [name for name in solutions.answers(exercise) if name != solutions.REFERENCE]
        rest = [f"There is more than one way: {', '.join(others)}. `kata solution` shows them."] if others else []
        if not compared:
            return "\n".join(["Your files are those of our solution.", *rest])
        return "\n\n".join(["\n".join(each.lines) for each in compared] + rest)


def first_unpassed(exercises: Sequence[Exercise], workspace: Path) -> Exercise:
    """The first exercise that isn't passed; the very first if all are."""
    return paths.next_exercise(exercises, progress.load(workspace)) or exercises[0]


def _row(exercise: Exercise, entry: Entry) -> Row:
    version = exercise.about.version
    mark = _UNTRIED if entry.best is None else _TRIED
    if entry.passed_version is not None:
        mark = _PASSED if entry.passed(version) else _PASSED_EARLIER
    return Row(exercise, mark, paths.progress_text(exercise, entry) or "not tried yet")

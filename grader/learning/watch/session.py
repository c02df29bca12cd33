"""One session of a learner at the watch: the exercise that is open, and what can be asked for beside grading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import progress
from grader.catalog import Catalog, Exercise
from grader.catalog.exercise_files import Hint
from grader.errors import UsageError
from grader.grading import Conditions
from grader.learning.guidance import hints, paths, solutions
from grader.learning.watch.engine import Engine, Event
from grader.learning.watch.state import WatchState
from grader.learning.workspace import updates, workspaces
from grader.model import Outcome
from grader.progress import Entry

_NO_FURTHER_HINT = "There is no further hint for this."
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
        self._unwritten_hints: dict[str, Mapping[str, int]] = {}
        """The levels of hints that were read, by check, by exercise, where the history can't be written."""

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

    def hint_page(self, *, further: bool) -> str:
        """The hints on the open exercise that were read, as Markdown, the latest last.

        Args:
            further: whether to add the next one. It is added anyway where none is about what the last attempt lost.
        """
        read, said = self.read_hints(), ""
        if further or not self._reads_on():
            given = self.next_hint()
            said = given.trouble
            if given.hint is None:
                said = _NO_FURTHER_HINT
            else:
                read = (*(each for each in read if each is not given.hint), given.hint)
        page = [f"**{hints.heading(each)}**\n\n{each.text.strip()}" for each in read]
        return "\n\n".join([*page, *filter(None, [said])])

    def read_hints(self) -> tuple[Hint, ...]:
        """The hints on the open exercise that were read already."""
        return hints.read_hints(self.state.exercise, self._levels_read())

    def hint(self) -> str:
        """The next hint alone, under its heading."""
        given = self.next_hint()
        if given.hint is None:
            return _NO_FURTHER_HINT
        return "\n".join([f"{hints.heading(given.hint)}:", given.hint.text.strip(), *filter(None, [given.trouble])])

    def _reads_on(self) -> bool:
        """Whether a hint was read that is about what the last attempt lost."""
        slug = self.state.exercise.slug
        lost = self._lost() if slug in self._unwritten_hints else progress.load(self._workspace).entry(slug).lost
        levels = self._levels_read()
        return any(levels.get(check) for check in lost or (hints.NO_CHECK,))

    def next_hint(self) -> hints.Given:
        """The next hint for what failed last; it counts as read from now on, if only as long as this session."""
        exercise, unwritten = self.state.exercise, self._unwritten_hints.get(self.state.exercise.slug, {})
        given = hints.give(exercise, self._workspace, unwritten=unwritten, lost=self._lost())
        if given.trouble:
            self._unwritten_hints[exercise.slug] = given.shown
        return given

    def _levels_read(self) -> dict[str, int]:
        slug = self.state.exercise.slug
        return hints.merged(progress.load(self._workspace).entry(slug).hints, self._unwritten_hints.get(slug, {}))

    def _lost(self) -> list[str]:
        checks = self.state.attempt.checks if self.state.attempt is not None else ()
        return [check.id for check in checks if check.outcome in (Outcome.FAILED, Outcome.TIMEOUT)]

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

"""Grade what the ledger lacks, and grade again what was graded under other checks."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from grader import __version__, sandbox
from grader.catalog import Exercise
from grader.classroom.records.course import Course
from grader.classroom.records.ledger import Grading, Ledger
from grader.classroom.records.store import Store
from grader.environment.interpreters import Interpreter
from grader.errors import InfrastructureError, UsageError
from grader.grading import Conditions, ungraded
from grader.model import Attempt, Verdict
from grader.reports import json_report
from grader.workers import pool

MAX_ATTEMPTS = 2
"""How often what ends ungraded is tried in one run."""


@dataclass(frozen=True, slots=True)
class Task:
    """A content to grade."""

    exercise: Exercise
    digest: str


Graders = Callable[[Sequence[Task], Store, Conditions], Generator[tuple[Task, Attempt]]]
"""Where grading is done: by processes of this machine, or by machines."""


def strict_tier(tier: str, *, here: bool = True) -> str:
    """The sandbox for a class: `auto` means the best there is, and no weaker one.

    Args:
        tier: what was asked for.
        here: whether learner code will run on this machine, so that it has to work.

    Raises:
        SandboxError: it does not work here; `process` has to be asked for by name.
    """
    strict = "bubblewrap" if tier == "auto" else tier
    return sandbox.resolve_tier(strict) if here else strict


def ungraded_tasks(course: Course, ledger: Ledger) -> tuple[Task, ...]:
    """What was handed in and has no grade that counts, each content once, in the order in which it came."""
    return _excluding(submitted_tasks(course, ledger), ledger.graded_contents())


def _excluding(tasks: Iterable[Task], contents: Container[tuple[str, str]]) -> tuple[Task, ...]:
    return tuple(task for task in tasks if (task.exercise.slug, task.digest) not in contents)


def outdated_tasks(course: Course, ledger: Ledger, conditions: Conditions) -> tuple[Task, ...]:
    """What was graded, but last not by these checks, this tool and this interpreter."""
    now = (__version__, conditions.interpreter.version)
    latest = ledger.latest()

    def is_old(task: Task) -> bool:
        last = latest.get((task.exercise.slug, task.digest))
        return last is not None and (last.catalogue, last.tool, last.python) != (task.exercise.digest, *now)

    return tuple(filter(is_old, submitted_tasks(course, ledger)))


def submitted_tasks(course: Course, ledger: Ledger) -> Iterator[Task]:
    """Each content that was handed in for an exercise of the course."""
    contents = dict.fromkeys((each.exercise, each.digest) for each in ledger.received())
    for slug, digest in contents:
        exercise = course.by_slug.get(slug)
        if exercise is not None:
            yield Task(exercise, digest)


def grade(
    tasks: Iterable[Task],
    ledger: Ledger,
    store: Store,
    conditions: Conditions,
    *,
    graders: Graders,
    why: str | None,
    done: Callable[[Attempt], None] = lambda _: None,
) -> tuple[Task, ...]:
    """Grade contents, each on disk in the ledger before the next is waited for; gives what stayed ungraded.

    Args:
        tasks: what to grade.
        ledger: where it is noted.
        store: where the contents lie.
        conditions: under which.
        graders: who grades.
        why: why the grades count from now on; None: they don't, unless somebody accepts them.
        done: told of each attempt as it ends.

    Raises:
        InfrastructureError: somebody else grades this class now, or the ledger can't be written.
    """
    with ledger.grading_lock():
        # Another process that held the lock until now may have graded some of these.
        left = tuple(tasks) if why is None else _excluding(tasks, ledger.graded_contents())
        for _ in range(MAX_ATTEMPTS):
            if left:
                with closing(graders(left, store, conditions)) as ended:
                    left = tuple(_recorded(ended, ledger, conditions, why, done))
    return left


def _recorded(
    ended: Iterable[tuple[Task, Attempt]],
    ledger: Ledger,
    conditions: Conditions,
    why: str | None,
    done: Callable[[Attempt], None],
) -> Iterator[Task]:
    """Note each attempt as it ends; gives what is ungraded."""
    for task, attempt in ended:
        is_ungraded = attempt.verdict is Verdict.UNGRADED
        ledger.record(_to_grading(task, attempt, conditions), why=None if is_ungraded else why)
        if is_ungraded:
            yield task
        else:
            done(attempt)


def local_graders(jobs: int) -> Graders:
    """Graders that are processes of this machine."""

    def graders(tasks: Sequence[Task], store: Store, conditions: Conditions) -> Generator[tuple[Task, Attempt]]:
        sound = []
        for task in tasks:
            try:
                store.archive(task.digest)
            except InfrastructureError as error:  # what one of them lacks must not stop the others
                yield task, ungraded(task.exercise, str(error))
            else:
                sound.append(task)
        if not sound:
            return
        requests = [pool.Request(store.path(task.digest), task.exercise, conditions.interpreter) for task in sound]
        with closing(
            pool.grade_as_completed(requests, tier=conditions.tier, hidden=conditions.hidden, jobs=jobs)
        ) as ended:
            for index, attempt in ended:
                yield sound[index], attempt

    return graders


def check_interpreter(course: Course, interpreter: Interpreter) -> None:
    """Say at once when the course is graded under another version than it says.

    Raises:
        UsageError: it is.
    """
    wanted = course.about.python
    if wanted and interpreter.version != wanted and not interpreter.version.startswith(f"{wanted}."):
        raise UsageError(f"The course is graded under Python {wanted}, not {interpreter.version}; see course.toml.")


def _to_grading(task: Task, attempt: Attempt, conditions: Conditions) -> Grading:
    return Grading(
        exercise=task.exercise.slug,
        digest=task.digest,
        catalogue=task.exercise.digest,
        tool=__version__,
        python=conditions.interpreter.version,
        sandbox=conditions.tier,
        graded_at=datetime.datetime.now(datetime.UTC),
        verdict=attempt.verdict.value,
        score=attempt.score,
        max_score=attempt.max_score,
        report=json_report.render_attempt(attempt),
        seconds=attempt.seconds,
    )

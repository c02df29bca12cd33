"""The instructor's page: how the class did, what each check tells, who failed alike and what to say to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from grader.classroom import pages
from grader.classroom.insight import comments as said
from grader.classroom.insight.clusters import Cluster, Key
from grader.classroom.insight.dashboard.common_mistakes import CommonMistake, find_common_mistakes
from grader.classroom.insight.dashboard.item_analysis import Item, analyse_items
from grader.classroom.insight.dashboard.plots import Plots
from grader.classroom.insight.dashboard.times import Times, measure_times
from grader.classroom.insight.statistics import MIN_PEOPLE, Distribution, distribution, histogram
from grader.classroom.records import standings
from grader.classroom.records.course import Course
from grader.classroom.records.ledger import Grading
from grader.classroom.records.standings import Standing

BINS = 10


@dataclass(frozen=True, slots=True)
class ExercisePanel:
    """One exercise of the class."""

    anchor: str
    number: int
    title: str
    handed_in: int
    """People."""
    ungraded: int
    late: int
    """People whose attempt that counts came late."""
    scores: Distribution | None
    """Points that the attempts earned that count, before lateness takes anything off."""
    most: int
    """Full marks."""
    bars: tuple[tuple[str, int], ...]
    """Parts of the scale, and how many people are there."""
    items: tuple[Item, ...]
    mistakes: tuple[CommonMistake, ...]
    times: Times


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster as it is shown."""

    cluster: Cluster
    line: str
    """What to write into the file of comments."""
    comment: str
    people: tuple[str, ...]
    """Names, with ids."""


@dataclass(frozen=True, slots=True)
class ClassRecords:
    """All that the ledger knows of a class at one moment."""

    course: Course
    people: Mapping[str, str]
    """Names by id, in the order of the roster."""
    found: tuple[Standing, ...]
    """In the order of the people."""
    gradings: Mapping[tuple[str, str], Grading]
    """The grading that counts of each content."""


def page(seen: ClassRecords, found: Sequence[Cluster], comments: Mapping[Key, str], plots: Plots) -> bytes:
    """The page: one file, with plots that are pictures and tables that say the same."""
    panels = tuple(_panels(seen))
    groups = [_group(each, seen, comments) for each in found]
    totals = tuple(_totals(seen))
    bars = _bars(totals, 100)
    values = {
        "course": seen.course.about.title,
        "people": len(seen.people),
        "totals": distribution(totals),
        "total_bars": bars,
        "plot": plots.histogram("Total of each person, per cent", bars),
        "panels": [(panel, *_plots(panel, plots)) for panel in panels],
        "groups": [each for each in groups if len(each.people) > 1],
        "alone": [each for each in groups if len(each.people) == 1],
        "comments": said.FILE,
        "least": MIN_PEOPLE,
        "ungraded": sum(panel.ungraded for panel in panels),
    }
    return pages.render("dashboard", **values)


def _panels(seen: ClassRecords) -> Iterator[ExercisePanel]:
    for exercise in seen.course.exercises:
        theirs = tuple(each for each in seen.found if each.exercise == exercise.slug)
        counting = [each for each in theirs if each.grading is not None]
        most = max((each.grading.max_score for each in counting if each.grading), default=100)
        scores = [each.grading.score or 0 for each in counting if each.grading]
        yield ExercisePanel(
            exercise.slug,
            exercise.number,
            exercise.about.title,
            sum(bool(each.attempts) for each in theirs),
            sum(each.is_ungraded for each in theirs),
            sum(each.counted is not None and each.counted.days_late > 0 for each in theirs),
            distribution(scores),
            most,
            _bars(scores, most),
            analyse_items([each.grading for each in counting if each.grading]),
            find_common_mistakes(theirs, seen.gradings),
            measure_times(theirs, seen.gradings),
        )


def _totals(seen: ClassRecords) -> Iterator[float]:
    """Per cent of each person who handed anything in."""
    for _, those in groupby(seen.found, key=lambda each: each.student):
        own = tuple(those)
        if any(each.attempts for each in own):
            yield float(standings.total(seen.course, own))


def _bars(scores: Sequence[float], most: int) -> tuple[tuple[str, int], ...]:
    step = most / BINS
    names = [f"{index * step:g}–{(index + 1) * step:g}" for index in range(BINS)]
    return tuple(zip(names, histogram(scores, most, BINS), strict=True))


def _plots(panel: ExercisePanel, plots: Plots) -> tuple[object, object]:
    if panel.scores is None:
        return None, None
    return (
        plots.histogram("Points earned", panel.bars),
        plots.shares("Share that passes, per cent", [(str(item.number), item.difficulty) for item in panel.items]),
    )


def _group(cluster: Cluster, seen: ClassRecords, comments: Mapping[Key, str]) -> Group:
    people = tuple(f"{seen.people[each]} ({each})" if seen.people[each] else each for each in cluster.students)
    return Group(cluster, said.comment_line(cluster.key), comments.get(cluster.key, ""), people)

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import catalog
from grader.classroom.batch.grading import Task
from grader.classroom.batch.scheduling import MAX_DEATHS, PREFETCH, Schedule

EXERCISE = catalog.load().find(["path_appending"])[0]


def tasks(count):
    """As many contents."""
    return [Task(EXERCISE, f"d{number}") for number in range(count)]


def taken(schedule, worker, threads=1):
    """All that a worker is given now."""
    return list(iter(lambda: schedule.next_for(worker, threads), None))


@pytest.mark.parametrize("threads", [1, 4])
def test_bounded(threads):
    """A worker holds no more than it works on and a little ahead, whatever waits, and gets one for each that ends."""
    schedule = Schedule()
    schedule.add(tasks(100))
    held = taken(schedule, "a", threads)
    assert len(held) == threads + PREFETCH
    schedule.done("a", held[0])
    assert len(taken(schedule, "a", threads)) == 1


def test_returned():
    """What comes back by no fault of its own is given to somebody, and with company."""
    schedule = Schedule()
    schedule.add(tasks(2))
    for task in taken(schedule, "a"):
        schedule.returned("a", task)
    assert schedule.is_open
    assert {task.digest for task in taken(schedule, "b")} == {"d0", "d1"}


def test_suspects_are_alone():
    """What a worker died of, perhaps, comes after all others, and then alone on its worker."""
    schedule = Schedule()
    schedule.add(tasks(4))
    for task in taken(schedule, "a"):
        assert schedule.died("a", task)
    others = taken(schedule, "b", 8)
    assert {task.digest for task in others} == {"d2", "d3"}
    assert schedule.next_for("c", 8).digest in {"d0", "d1"}
    assert schedule.next_for("c", 8) is None
    for task in others:
        schedule.done("b", task)
    schedule.add(tasks(9)[8:])
    assert taken(schedule, "c", 8) == []


def test_again_in_the_next_round():
    """What was given up is tried once more, alone, when it is asked for again."""
    schedule, (killer,) = Schedule(), tasks(1)
    schedule.add([killer])
    for _ in range(MAX_DEATHS - 1):
        assert schedule.died("a", schedule.next_for("a", 1))
    assert not schedule.died("a", schedule.next_for("a", 1))
    assert not schedule.is_open
    schedule.add([killer])
    assert not schedule.died("b", schedule.next_for("b", 1))


@given(
    count=st.integers(1, 12),
    threads=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    killers=st.sets(st.integers(0, 11), max_size=4),
    data=st.data(),
)
def test_every_one_ends_once(count, threads, killers, data):
    """Whatever kills workers is given up after as many deaths; every other content is graded, and just once."""
    schedule, ended, generation = Schedule(), Counter(), Counter()
    schedule.add(tasks(count))
    deadly = {f"d{number}" for number in killers}
    steps = 0
    held = {number: [] for number in range(len(threads))}
    while schedule.is_open:
        steps += 1
        assert steps < 1000
        number = data.draw(st.sampled_from(range(len(threads))))
        worker = f"{number}-{generation[number]}"
        held[number] += taken(schedule, worker, threads[number])
        # A worker is at the first ones that it got.
        at_work = held[number][: threads[number]]
        if any(task.digest in deadly for task in at_work):
            for task in held[number]:
                if not schedule.died(worker, task):
                    ended[task.digest] += 1
                    assert task.digest in deadly, "an innocent neighbour was given up"
            generation[number] += 1
            held[number] = []
        elif at_work:
            task = held[number].pop(0)
            schedule.done(worker, task)
            ended[task.digest] += 1
    assert ended == {task.digest: 1 for task in tasks(count)}

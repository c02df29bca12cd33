from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import catalog
from grader.classroom.batch.assignment import AHEAD, DEATHS, Allotment
from grader.classroom.batch.grading import Work

EXERCISE = catalog.load().find(["path_appending"])[0]


def works(count):
    """As many contents."""
    return [Work(EXERCISE, f"d{number}") for number in range(count)]


def taken(allotment, worker, threads=1):
    """All that a worker is given now."""
    return list(iter(lambda: allotment.next_for(worker, threads), None))


@pytest.mark.parametrize("threads", [1, 4])
def test_bounded(threads):
    """A worker holds no more than it works on and a little ahead, whatever waits, and gets one for each that ends."""
    allotment = Allotment()
    allotment.add(works(100))
    held = taken(allotment, "a", threads)
    assert len(held) == threads + AHEAD
    allotment.done("a", held[0])
    assert len(taken(allotment, "a", threads)) == 1


def test_returned():
    """What comes back by no fault of its own is given to somebody, and with company."""
    allotment = Allotment()
    allotment.add(works(2))
    for work in taken(allotment, "a"):
        allotment.returned("a", work)
    assert allotment.is_open
    assert {work.digest for work in taken(allotment, "b")} == {"d0", "d1"}


def test_suspects_are_alone():
    """What a worker died of, perhaps, comes after all others, and then alone on its worker."""
    allotment = Allotment()
    allotment.add(works(4))
    for work in taken(allotment, "a"):
        assert allotment.died("a", work)
    others = taken(allotment, "b", 8)
    assert {work.digest for work in others} == {"d2", "d3"}
    assert allotment.next_for("c", 8).digest in {"d0", "d1"}
    assert allotment.next_for("c", 8) is None
    for work in others:
        allotment.done("b", work)
    allotment.add(works(9)[8:])
    assert taken(allotment, "c", 8) == []


def test_again_in_the_next_round():
    """What was given up is tried once more, alone, when it is asked for again."""
    allotment, (killer,) = Allotment(), works(1)
    allotment.add([killer])
    for _ in range(DEATHS - 1):
        assert allotment.died("a", allotment.next_for("a", 1))
    assert not allotment.died("a", allotment.next_for("a", 1))
    assert not allotment.is_open
    allotment.add([killer])
    assert not allotment.died("b", allotment.next_for("b", 1))


@given(
    count=st.integers(1, 12),
    threads=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    killers=st.sets(st.integers(0, 11), max_size=4),
    data=st.data(),
)
def test_every_one_ends_once(count, threads, killers, data):
    """Whatever kills workers is given up after as many deaths; every other content is graded, and just once."""
    allotment, ended, generation = Allotment(), Counter(), Counter()
    allotment.add(works(count))
    deadly = {f"d{number}" for number in killers}
    steps = 0
    held = {number: [] for number in range(len(threads))}
    while allotment.is_open:
        steps += 1
        assert steps < 1000
        number = data.draw(st.sampled_from(range(len(threads))))
        worker = f"{number}-{generation[number]}"
        held[number] += taken(allotment, worker, threads[number])
        # A worker is at the first ones that it got.
        at_work = held[number][: threads[number]]
        if any(work.digest in deadly for work in at_work):
            for work in held[number]:
                if not allotment.died(worker, work):
                    ended[work.digest] += 1
                    assert work.digest in deadly, "an innocent neighbour was given up"
            generation[number] += 1
            held[number] = []
        elif at_work:
            work = held[number].pop(0)
            allotment.done(worker, work)
            ended[work.digest] += 1
    assert ended == {work.digest: 1 for work in works(count)}

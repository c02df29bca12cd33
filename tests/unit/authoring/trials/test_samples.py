from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.trials.samples import sampled


@given(st.sets(st.text()), st.integers(0, 9), st.randoms())
def test_the_same_ones(names, most, random):
    """Whatever the order, the same ones are taken, and among more of them still these."""
    everything = sorted(names)
    few = sampled(everything, most, str)
    random.shuffle(everything)
    assert sampled(everything, most, str) == few
    assert sampled(everything, most + 1, str)[:most] == few
    assert len(few) == min(most, len(names))
    assert sampled(everything, None, str) == everything

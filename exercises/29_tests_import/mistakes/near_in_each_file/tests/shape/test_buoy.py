"""Tests of the shape."""

from buoys import shape


def near(a, b):
    return abs(a - b) < 1e-9


def test_height():
    assert near(shape.height(1.2), 3)

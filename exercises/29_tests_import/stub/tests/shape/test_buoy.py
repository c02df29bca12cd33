"""Tests of the shape."""

from helpers import near

from buoys import shape


def test_height():
    assert near(shape.height(1.2), 3)

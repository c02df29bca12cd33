"""Tests of the shape."""

from buoys import shape

from ..helpers import near


def test_height():
    assert near(shape.height(1.2), 3)

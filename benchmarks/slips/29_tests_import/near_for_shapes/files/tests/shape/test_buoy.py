"""Shapes."""

import math

from buoys import shape


def near(one, other):
    return math.isclose(one, other, abs_tol=1e-9)


def test_height():
    assert near(shape.height(1.2), 3)

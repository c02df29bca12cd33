"""Tests of the light."""

from buoys import light


def near(a, b):
    return abs(a - b) < 1e-9


def test_flashes():
    assert near(light.flashes(3), 24)


def test_dark():
    assert near(light.dark(), 7)
